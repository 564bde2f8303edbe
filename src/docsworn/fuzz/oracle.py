"""Two validators asked about the same body: jsonschema-rs, which the checks use, and jsonschema."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs
import referencing

from docsworn.contract.portable import jsonschema
from docsworn.fuzz.differences import Accepts, Difference, known

Leaf = tuple[str, str]  # keyword, and the format where it is "format"


@dataclass(frozen=True, slots=True)
class Answers:
    """What both validators say of a body.

    ``broken`` holds the keywords that the refusing one names, ``accepts`` who takes it where they differ;
    ``row`` is the known difference that it is, None where they agree or nobody knows of it.
    """

    valid: bool
    accepts: Accepts | None = None
    broken: tuple[Leaf, ...] = ()
    row: Difference | None = None

    @property
    def is_unknown(self) -> bool:
        """Whether the validators differ in a way that is not in the list."""
        return self.accepts is not None and self.row is None


class Oracle:
    """Holds bodies to one self-contained schema with both validators; nothing is fetched."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        draft = jsonschema.Draft202012Validator
        self._python = draft(schema, format_checker=draft.FORMAT_CHECKER, registry=referencing.Registry())
        self._rust = jsonschema_rs.Draft202012Validator(dict(schema), validate_formats=True, offline=True)

    def ask(self, body: Any) -> Answers:
        """What the two say of a body; where they differ, who accepts it and on what the other insists."""
        try:
            rust = self._rust.is_valid(body)
        except UnicodeEncodeError:
            return _undecided("")
        try:
            python = self._python.is_valid(body)
        except re.error:
            return _undecided("pattern", valid=rust)
        except ValueError:
            return _undecided("format", valid=rust)
        if rust == python:
            return Answers(rust)
        accepts = Accepts.RUST if rust else Accepts.PYTHON
        errors = self._python.iter_errors(body) if rust else self._rust.iter_errors(body)
        broken = tuple(dict.fromkeys(_python_leaves(errors) if rust else _rust_leaves(errors)))
        rows = (known(*leaf, accepts) for leaf in broken)
        return Answers(rust, accepts, broken, next((row for row in rows if row), None))


def _undecided(keyword: str, *, valid: bool = False) -> Answers:
    return Answers(valid, Accepts.UNDECIDED, ((keyword, ""),), known(keyword, "", Accepts.UNDECIDED))


def _python_leaves(errors: Iterable[Any]) -> Iterator[Leaf]:
    for error in errors:
        if error.context:
            yield from _python_leaves(error.context)
        else:
            value = error.validator_value
            yield _leaf(str(error.validator), value)


def _rust_leaves(errors: Iterable[Any]) -> Iterator[Leaf]:
    for error in errors:
        branches = getattr(error.kind, "context", None)
        if branches:
            for branch in branches:
                yield from _rust_leaves(branch)
        else:
            yield _leaf(str(error.schema_path[-1]), getattr(error.kind, "format", ""))


def _leaf(keyword: str, argument: Any) -> Leaf:
    return keyword, argument if keyword == "format" and isinstance(argument, str) else ""
