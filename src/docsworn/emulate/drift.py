"""A drift: a small value that says how a provider's answers leave its contract."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from docsworn.contract.pointer import split
from docsworn.emulate.changes import CHANGES, problem_details
from docsworn.emulate.edits import alter, drop, put, rename
from docsworn.errors import ConfigError
from docsworn.model import Purpose

DriftKind = Literal[
    "drop", "rename", "retype", "null", "enum", "format", "number-to-string", "list-to-object", "new-field",
    "envelope", "status", "error-body", "ms-to-s", "s-to-ms", "zone", "invariant", "set",
]  # fmt: skip
KINDS: tuple[DriftKind, ...] = get_args(DriftKind)

_WORDS: Mapping[DriftKind, str] = {
    "drop": "the field is gone",
    "rename": "the field is called {value}",
    "retype": "the value becomes {value}",
    "null": "the value is null",
    "enum": "a value that nobody has heard of",
    "format": "the text has another format",
    "number-to-string": "the number comes as a string",
    "list-to-object": "the list comes inside of an object",
    "new-field": "the object has a new field",
    "envelope": "the body comes inside of an object",
    "status": "the status is {status}",
    "error-body": "the error comes as problem details (RFC 9457)",
    "ms-to-s": "milliseconds come as seconds",
    "s-to-ms": "seconds come as milliseconds",
    "zone": "the time has no time zone",
    "invariant": "{value} does not hold",
    "set": "the value is another one",
}
_WITHOUT_PLACE = ("status", "envelope", "error-body")
_WITH_VALUE = ("rename", "retype", "invariant")
_RETYPED = ("string", "integer", "number", "boolean", "array", "object")


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a breach: ``value`` at a place, or the place ``gone``."""

    pointer: str
    value: Any = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """Where a drift shows: a conversation, the name of its scenario, and the query to ask with."""

    conversation: str
    scenario: str
    query: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Drift:
    """One change of a provider's answers: the kind is its class, ``pointer`` its place (a pattern).

    It changes the good answers of all operations and conversations, unless ``operation``, the id of a
    ``conversation``, or a ``purpose`` of the error contract narrows it. ``value`` is the new name, type
    or value, or the id of the invariant that ``edits`` break. Raises ConfigError where parts do not fit.
    """

    kind: DriftKind
    pointer: str = ""
    value: Any = None
    status: int = 0
    conversation: str | None = None
    operation: str | None = None
    purpose: Purpose = Purpose.GOOD
    edits: tuple[Edit, ...] = ()
    shown: Shown | None = None

    def __post_init__(self) -> None:
        problem = _problem(self)
        if problem:
            raise ConfigError(problem)

    @property
    def id(self) -> str:
        """What it is replayed by, as ``get_conversation:/transcript/*/role:enum``."""
        place = self.pointer if self.purpose is Purpose.GOOD else f"@{self.purpose}"
        detail = f"={self.value}" if self.kind == "invariant" else ""
        return f"{self.operation or '*'}:{place}:{self.kind}{detail}"

    @property
    def words(self) -> str:
        """What it does, for people."""
        told = _WORDS[self.kind].format(value=self.value, status=self.status)
        return told if self.purpose is Purpose.GOOD else f"{told} ({self.purpose.replace('_', ' ')})"

    def hits(self, operation: str, conversation: str) -> bool:
        """Whether it changes the good answers of a conversation."""
        return (
            self.purpose is Purpose.GOOD
            and self.operation in (None, operation)
            and self.conversation in (None, conversation)
        )


def apply(drift: Drift, status: int, body: Any) -> tuple[int, Any]:
    """The status and body of an answer as they are under a drift; the arguments stay as they are."""
    if drift.kind == "status":
        return drift.status, body
    if drift.kind == "error-body":
        return status, problem_details(status)
    changed = copy.deepcopy(body)
    for edit in drift.edits:
        if edit.gone:
            drop(changed, edit.pointer)
        else:
            put(changed, edit.pointer, copy.deepcopy(edit.value))
    if drift.kind == "drop":
        drop(changed, drift.pointer)
    elif drift.kind == "set":
        put(changed, drift.pointer, drift.value)
    elif drift.kind == "rename":
        rename(changed, drift.pointer, str(drift.value))
    elif drift.kind != "invariant":
        change = CHANGES[drift.kind]
        changed = alter(changed, drift.pointer, lambda value: change(value, drift.value))
    return status, changed


def describe(drift: Drift) -> Mapping[str, Any]:
    """A drift as JSON data, with only what it uses."""
    told: dict[str, Any] = {"id": drift.id, "kind": drift.kind}
    if drift.kind not in _WITHOUT_PLACE:
        told["pointer"] = drift.pointer
    if drift.kind == "status":
        told["status"] = drift.status
    if drift.kind == "set" or drift.value is not None:
        told["value"] = drift.value
    for name in ("operation", "conversation"):
        if getattr(drift, name) is not None:
            told[name] = getattr(drift, name)
    if drift.purpose is not Purpose.GOOD:
        told["purpose"] = drift.purpose
    return told


def _problem(drift: Drift) -> str | None:
    """What does not fit together, in a sentence."""
    kind = drift.kind
    if kind not in KINDS:
        return f"a drift is one of {', '.join(KINDS)}"
    if (kind == "status") != bool(drift.status):
        return "a status drift needs a status from 200 to 599" if kind == "status" else _no_status(kind)
    if kind == "status" and not 200 <= drift.status <= 599:
        return "a status drift needs a status from 200 to 599"
    if kind in _WITHOUT_PLACE:
        return f"a drift of {kind} has no place" if drift.pointer else None
    if not drift.pointer.startswith("/") and kind not in ("new-field", "invariant"):
        return f"a {kind} drift needs a JSON pointer that begins with /"
    if drift.purpose is not Purpose.GOOD:
        return f"a {kind} drift changes good answers"
    if kind in _WITH_VALUE and not isinstance(drift.value, str):
        return f"a {kind} drift needs a value that is a string"
    if kind == "retype" and drift.value not in _RETYPED:
        return f"a retype drift needs one of {', '.join(_RETYPED)}"
    if kind == "invariant" and not drift.edits:
        return "a breach of an invariant is asked for by its id; GET …/drifts/PROVIDER/list has them"
    split(drift.pointer)
    return None


def _no_status(kind: str) -> str:
    return f"a {kind} drift has no status"
