"""What is recalled is recalled on a test's word only, and tests are made seldom."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

from docsworn.contract.recall import Recall, Test


def test_a_test_is_made_where_an_answer_came_twice() -> None:
    """Once for what stays; half as often for what always changes; never again where there is none."""
    made: list[str] = []

    def test_of(body: str) -> Test:
        made.append(body)
        return lambda seen: bool(seen == body)

    recall: Recall[str] = Recall(8)
    for _ in range(4):
        if recall.find("a", "same") is None:
            recall.keep("a", "well", lambda: test_of("same"))
    assert made == ["same"]
    assert recall.find("a", "same") == "well"
    assert recall.find("a", "other") is None
    assert recall.find("b", "same") is None
    for at in range(8):
        grown = f"grown {at}"
        assert recall.find("a", grown) is None
        recall.keep("a", "well", lambda grown=grown: test_of(grown))  # type: ignore[misc]
    assert len(made) - 1 == 4


def test_what_cannot_be_tested_is_tried_once() -> None:
    """While its answer stays; another answer is another matter."""
    tried: list[str] = []
    recall: Recall[str] = Recall(8)
    for answer in ("well", "well", "well", "well", "ill", "ill", "ill"):
        assert recall.find("a", 1) is None
        recall.keep("a", answer, lambda answer=answer: tried.append(answer))  # type: ignore[misc]
    assert tried == ["well", "ill"]


def test_the_oldest_is_forgotten() -> None:
    """There are never more than were asked for."""
    recall: Recall[str] = Recall(2)
    for who in "aabbcc":
        recall.keep(who, "well", lambda: lambda _: True)
    assert [recall.find(who, 1) for who in "abc"] == [None, "well", "well"]


def test_threads_may_share_one() -> None:
    """Nobody stumbles over what another one keeps or forgets meanwhile."""
    recall: Recall[str] = Recall(2)

    def ask(at: int) -> None:
        for turn in range(20_000):
            who = (at * 7 + turn) % 50
            recall.find(who, 1)
            recall.keep(who, "well", lambda: lambda _: True)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(ask, range(4)))
    finally:
        sys.setswitchinterval(before)
