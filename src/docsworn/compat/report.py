"""What a comparison of two documents says: findings at the nodes where they happened, and a verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from docsworn.compat.changes import Change, Direction, Verdict
from docsworn.model import Confidence, Source

_WEIGHT = (Verdict.SAFE, Verdict.UNKNOWN, Verdict.BREAKING)


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a changed node is reached: the operation, the part of it, the place in its body."""

    operation: str
    part: str
    place: str

    def __str__(self) -> str:
        return " ".join(text for text in (self.operation, self.part, self.place) if text)


@dataclass(frozen=True, slots=True)
class Found:
    """One change and what it does to the reader.

    ``evidence`` are sentences (why a field is taken for renamed), ``unsettled`` says what a live response
    would settle, ``settled`` what responses have shown. ``witness`` is the JSON of a generated body.
    ``ignored`` is the reason that the user gave; ``used`` whether the consumer reads what has changed.
    ``more`` is how many further operations of a large document reach it than ``reached`` lists.
    """

    change: Change
    direction: Direction
    verdict: Verdict
    reached: tuple[Reach, ...]
    confidence: Confidence | None = None
    old_source: Source | None = None
    new_source: Source | None = None
    evidence: tuple[str, ...] = ()
    unsettled: str = ""
    settled: str = ""
    reason: str = ""
    witness: str | None = field(default=None, repr=False)
    ignored: str | None = None
    used: bool = True
    more: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """Two documents compared for one reader; ``outside`` are changes that the consumer does not use.

    ``served`` says which revision responses have shown to be served: each side with how many of the
    responses were valid under it, of how many.
    """

    old: str
    new: str
    reader: str
    found: tuple[Found, ...]
    outside: tuple[Found, ...] = ()
    notes: tuple[str, ...] = ()
    operations: int = 0
    uses: int | None = None
    served: tuple[tuple[str, int, int], ...] = ()

    @property
    def counted(self) -> tuple[Found, ...]:
        """The findings that decide: those that are used and not ignored."""
        return tuple(one for one in self.found if one.ignored is None)

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of the findings that count."""
        return worst(one.verdict for one in self.counted)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of some verdicts; of none *safe*."""
    return max(verdicts, key=_WEIGHT.index, default=Verdict.SAFE)


def ranked(found: Iterable[Found]) -> tuple[Found, ...]:
    """Findings in a fixed order, worst first."""
    return tuple(sorted(found, key=_order))


def _order(one: Found) -> tuple[int, str, str, str, str]:
    at = one.change.new_pointer or one.change.old_pointer or ""
    return (
        -_WEIGHT.index(one.verdict),
        one.direction.value,
        one.reached[0].operation if one.reached else "",
        at,
        f"{one.change.rule} {one.change.message}",
    )
