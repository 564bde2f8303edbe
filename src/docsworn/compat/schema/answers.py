"""What the search for a value says: a value, that there is none, or that it could not be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from docsworn.compat.schema.frozen import Frozen


@dataclass(frozen=True, slots=True)
class Answer:
    """``value`` where one was found: for ``sure``, or only likely; else ``reason`` says why nothing is known,
    or is empty where it is proven that there is none."""

    value: Frozen | None = None
    sure: bool = True
    reason: str = ""

    @property
    def is_none(self) -> bool:
        """Whether it is proven that there is no value."""
        return self.value is None and not self.reason


NO_VALUE = Answer()


def found(value: Frozen, *, sure: bool = True, reason: str = "") -> Answer:
    """A value; one that is only likely says why."""
    return Answer(value, sure, "" if sure else reason)


def best(answers: Iterable[Answer]) -> Answer:
    """The first sure value, else the first likely one, else that it is not known, else that there is none."""
    likely: Answer | None = None
    lost: Answer | None = None
    for answer in answers:
        if answer.value is not None and answer.sure:
            return answer
        if answer.value is not None:
            likely = likely or answer
        elif answer.reason:
            lost = lost or answer
    return likely or lost or NO_VALUE
