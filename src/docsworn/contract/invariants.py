"""Promises that JSON Schema cannot say, in CEL (Common Expression Language).

An expression sees ``body``, ``request`` (``id``, ``query``) and ``named`` (fields that the page leaves
unnamed, by their id). What cannot be evaluated, because a field is missing or of another type, is
neither kept nor broken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from docsworn.contract.cel_core import cel
from docsworn.contract.modelfile import explain_problems
from docsworn.contract.promises import first_severity
from docsworn.contract.settings import NO_BOOLEAN
from docsworn.contract.yamlsafe import load_yaml
from docsworn.errors import ContractError
from docsworn.model import Confidence, Invariant, Kind, Promise, Severity, Source


class State(StrEnum):
    """What evaluating an invariant says."""

    KEPT = "kept"
    BROKEN = "broken"
    NOT_EVALUABLE = "not_evaluable"
    NOT_APPLICABLE = "not_applicable"


class InvariantRow(BaseModel):
    """One promise of ``invariants.yaml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9\-]*$")]
    operation: str = "get_conversation"
    status: str = "200"
    pointer: str
    hold: str
    when: str | None = None
    documented: str
    line: Annotated[int, Field(ge=1), NO_BOOLEAN]
    document: str | None = None
    confidence: Confidence = Confidence.DOCUMENTED
    severity: Severity | None = None


VARIABLES = frozenset({"body", "request", "named"})
_BOUND_NAME = re.compile(r"\.\s*(?:all|exists|exists_one|filter|map)\(\s*(\w+)\s*,")
_FUNCTIONS = frozenset({
    "bool", "bytes", "contains", "double", "duration", "endsWith", "getDate", "getDayOfMonth",
    "getDayOfWeek", "getDayOfYear", "getFullYear", "getHours", "getMilliseconds", "getMinutes",
    "getMonth", "getSeconds", "has", "int", "matches", "max", "min", "size", "startsWith", "string",
    "timestamp", "type", "uint",
})  # fmt: skip
# What the evaluator raises for a missing field, another type, or text that is no time.
_NOT_EVALUABLE = (LookupError, TypeError, ValueError, RuntimeError, OverflowError)

# As the parser has it: place, and the problem without the list of all that could stand there.
_SYNTAX_ERROR = re.compile(r"<input>:(\d+):(\d+): Syntax error: (.+?)(?: expecting \{.*)?$", re.MULTILINE)
_ROWS = TypeAdapter(tuple[InvariantRow, ...])


@dataclass(frozen=True, slots=True)
class CompiledInvariant:
    """An invariant ready to be evaluated."""

    invariant: Invariant
    when: cel.Program | None
    hold: cel.Program

    @property
    def promise(self) -> Promise:
        """What it promises."""
        return self.invariant.promise

    @property
    def variables(self) -> frozenset[str]:
        """The names that its expressions speak of."""
        programs = (self.hold,) if self.when is None else (self.when, self.hold)
        return frozenset(name for program in programs for name in program.variables())

    def evaluate(self, context: cel.Context) -> State:
        """Whether it is kept in this context (see ``context_of``)."""
        try:
            if self.when is not None and self.when.execute(context) is not True:
                return State.NOT_APPLICABLE
            kept = self.hold.execute(context)
        except _NOT_EVALUABLE:
            return State.NOT_EVALUABLE
        if not isinstance(kept, bool):
            return State.NOT_EVALUABLE
        return State.KEPT if kept else State.BROKEN


def context_of(body: Any, request: Mapping[str, Any], named: Mapping[str, Any]) -> cel.Context:
    """What expressions see of a whole body, which is copied: see ``Invariants.context``."""
    context = cel.Context()
    context.add_variable("body", body)
    context.add_variable("request", dict(request))
    context.add_variable("named", dict(named))
    return context


def load_invariants(path: Path, *, document: str) -> tuple[Invariant, ...]:
    """The invariants of a pack, none where there is no file; ContractError with the line of a mistake.

    ``document`` is the page whose lines the rows name, unless a row names another.
    """
    if not path.exists():
        return ()
    name = "/".join(path.parts[-3:])
    data, lines = load_yaml(path.read_text(encoding="utf-8"), name=name)
    try:
        rows = _ROWS.validate_python(data)
    except ValidationError as error:
        raise ContractError(name, "\n".join(explain_problems(error, lines, name))) from None
    ids = [row.id for row in rows]
    for at, row in enumerate(rows):
        if row.id in ids[:at]:
            raise ContractError(name, f'the invariant "{row.id}" stands twice', lines[f"/{at}"])
    return tuple(
        replace(
            _invariant(row, document),
            when_line=lines.get(f"/{at}/when", 0),
            hold_line=lines.get(f"/{at}/hold", 0),
        )
        for at, row in enumerate(rows)
    )


def compile_invariant(invariant: Invariant, *, file: str = "invariants.yaml") -> CompiledInvariant:
    """The invariant with its expressions compiled.

    ContractError where one is not CEL, names something that is not there, or is no condition: such a
    mistake would otherwise pass for a body that lacks a field, for ever.
    """
    name, when = invariant.promise.id, None
    if invariant.when is not None:
        when = _compile(invariant.when, name, file, invariant.when_line)
    return CompiledInvariant(invariant, when, _compile(invariant.hold, name, file, invariant.hold_line))


def _compile(expression: str, promise: str, file: str, line: int) -> cel.Program:
    def wrong(problem: str) -> ContractError:
        return ContractError(file, f"{promise}: {problem}", line or None)

    try:
        program = cel.compile(expression)
    except ValueError as error:
        raise wrong(f"is not CEL: {_syntax_error(str(error))}") from None
    bound = set(_BOUND_NAME.findall(expression))
    for name in sorted(set(program.variables()) - bound - VARIABLES):
        raise wrong(f'unknown name "{name}": an invariant sees {", ".join(sorted(VARIABLES))}')
    for name in sorted(program.functions()):
        if name.isidentifier() and name not in _FUNCTIONS:
            raise wrong(f'unknown function "{name}"')
    if not _may_be_condition(program):
        raise wrong("the expression is neither true nor false")
    return program


def _syntax_error(message: str) -> str:
    """What the parser said first, with the place in the expression; it says the rest over and over."""
    found = _SYNTAX_ERROR.search(message)
    if found is None:
        return message.splitlines()[0]
    row, column, problem = found.groups()
    return f"{problem} (line {row}, column {column} of the expression)"


def _may_be_condition(program: cel.Program) -> bool:
    """Whether it can be true or false: asked of an empty body, it must not be anything else."""
    try:
        return isinstance(program.execute(context_of({}, {"id": None, "query": {}}, {})), bool)
    except _NOT_EVALUABLE:
        return True


def _invariant(row: InvariantRow, document: str) -> Invariant:
    promise = Promise(
        id=f"{row.operation}.{row.status}:invariant/{row.id}",
        pointer=row.pointer,
        keyword="invariant",
        kind=Kind.INVARIANT,
        severity=row.severity or first_severity(row.confidence),
        confidence=row.confidence,
        source=Source(row.document or document, row.line),
        documented=row.documented,
    )
    return Invariant(promise, row.operation, row.status, row.when, row.hold)
