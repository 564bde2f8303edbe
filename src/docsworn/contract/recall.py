"""Answers that hold on: a quick test of a body that comes again says whether its answer is the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, TypeVar

_Answer = TypeVar("_Answer")
Test = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class _Last(Generic[_Answer]):
    answer: _Answer
    still: Test | None = None
    is_tried: bool = False


class Recall(Generic[_Answer]):
    """The last answer of each who asked, at most so many of them; safe to share between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._last: dict[Hashable, _Last[_Answer]] = {}
        self._keeping = Lock()

    def find(self, who: Hashable, body: Any) -> _Answer | None:
        """The last answer, where a test says that it is that of this body too."""
        last = self._last.get(who)
        return last.answer if last is not None and last.still is not None and last.still(body) else None

    def keep(self, who: Hashable, answer: _Answer, test: Callable[[], Test | None]) -> _Answer:
        """Keep an answer, and give it.

        To make a test costs milliseconds: only where the same answer came twice, and for what changes with
        every body half as often. None is no test, and is not asked for again while the answer stays.
        """
        last = self._last.get(who)
        if last is None or last.answer is not answer:
            last = _Last(answer)
        elif not last.is_tried:
            last = _Last(answer, test(), is_tried=True)
        elif last.still is not None:
            last = _Last(answer)
        with self._keeping:
            self._last.pop(who, None)
            if len(self._last) >= self._most:
                del self._last[next(iter(self._last))]
            self._last[who] = last
        return answer
