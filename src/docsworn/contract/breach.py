"""One promise seen broken, before policy decides how much that matters."""

from __future__ import annotations

from dataclasses import dataclass

from docsworn.model import Kind, Promise, Severity


@dataclass(frozen=True, slots=True)
class Breach:
    """A broken promise at a pointer pattern; ``observed`` says a shape, never a value.

    ``severity`` and ``documented`` override the promise's own where a check knows better.
    """

    promise: Promise
    kind: Kind
    pointer: str
    observed: str
    severity: Severity | None = None
    reason: str | None = None
    documented: str | None = None
