"""How evidence becomes a situation: what earlier rounds, earlier revisions and confidence tell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from docsworn.compat.triage import ADVICE, Evidence, Situation, Sureness, triage
from docsworn.derive.compare import Change, Difference
from docsworn.model import Confidence, Finding, Kind, Severity, Source
from docsworn.observe.ledger import Entry

PROMISE = "get_kite.200:/size#type"
FINDING = Finding(
    "kites", "get_kite", "v1", PROMISE, Kind.TYPE, Severity.ERROR, "/size", "number", "string",
    Source("kites.md", 20), "get_kite/good/1",
)  # fmt: skip
MOVED = Difference(changed=(Change("200", "/size", "types", ("number",), ("string",), 20),))


def situation(**evidence: Any) -> tuple[Situation, Sureness]:
    """The situation of a broken type, with this evidence beside it."""
    plain = Evidence(Difference(), contract=(FINDING,), page=(FINDING,), ledger={})
    found = triage(replace(plain, **evidence))
    return found.situation, found.sureness


@pytest.mark.parametrize(
    ("kept", "broken", "expected"),
    [
        (5, 0, (Situation.SILENT_CHANGE, Sureness.HIGH)),
        (5, 2, (Situation.SILENT_CHANGE, Sureness.MEDIUM)),
        (0, 2, (Situation.DOCUMENTATION_WRONG, Sureness.HIGH)),
        (0, 0, (Situation.SILENT_CHANGE, Sureness.LOW)),
    ],
)
def test_what_earlier_rounds_tell(kept: int, broken: int, expected: tuple[Situation, Sureness]) -> None:
    """A promise that was kept before has changed; one that never was is wrongly documented."""
    assert (
        situation(ledger={PROMISE: Entry(kept, broken, 0, 0.0, "broken" if broken else "kept")}) == expected
    )


def test_what_nobody_said_may_be_wrong() -> None:
    """Without history, an inferred or curated promise is doubted before the API is."""
    for confidence in (Confidence.INFERRED, Confidence.CURATED):
        expected = (Situation.DOCUMENTATION_WRONG, Sureness.LOW)
        assert situation(confidences={PROMISE: confidence}) == expected


def test_live_may_be_behind() -> None:
    """Live that keeps the revision before has not moved yet; what that one forbids too is no such thing."""
    assert situation(older=()) == (Situation.ANNOUNCED, Sureness.MEDIUM)
    assert situation(older=(FINDING,)) == (Situation.SILENT_CHANGE, Sureness.LOW)


@pytest.mark.parametrize(
    ("contract", "page", "expected"),
    [
        ((FINDING,), (), (Situation.DOCUMENTED_CHANGE, Sureness.HIGH)),
        ((), (FINDING,), (Situation.ANNOUNCED, Sureness.HIGH)),
        ((), (), (Situation.ANNOUNCED, Sureness.MEDIUM)),
        ((FINDING,), (FINDING,), (Situation.CHANGED_APART, Sureness.LOW)),
    ],
)
def test_a_moved_page(contract: Any, page: Any, expected: tuple[Situation, Sureness]) -> None:
    """Which of contract and page live keeps tells whether it has moved along."""
    assert situation(difference=MOVED, contract=contract, page=page) == expected


@pytest.mark.parametrize(
    "other",
    [
        replace(FINDING, kind=Kind.LATENCY), replace(FINDING, kind=Kind.TIMEOUT),
        replace(FINDING, waived="known"), replace(FINDING, severity=Severity.INFO),
        replace(FINDING, kind=Kind.STATUS, reason="auth"),
    ],
)  # fmt: skip
def test_what_is_no_change_of_a_contract(other: Finding) -> None:
    """Slowness, waived and refused things leave all agreed."""
    assert situation(contract=(other,)) == (Situation.AGREE, Sureness.HIGH)


def test_the_worst_place_names_the_whole() -> None:
    """A silent change outweighs an announced one; both are listed, worst first."""
    other = replace(FINDING, promise="get_kite.200:/mood#type", pointer="/mood")
    evidence = Evidence(MOVED, contract=(other,), page=(), ledger={})
    found = triage(evidence)
    assert found.situation is Situation.SILENT_CHANGE
    assert [concern.pointer for concern in found.concerns] == ["/mood", "/size"]


def test_another_status_is_another_place() -> None:
    """A change of the 404's body is not what a 200 broke."""
    moved = Difference(changed=(replace(MOVED.changed[0], status="404"),))
    found = triage(Evidence(moved, contract=(FINDING,), page=(FINDING,), ledger={}))
    assert {concern.situation for concern in found.concerns} == {
        Situation.ANNOUNCED, Situation.SILENT_CHANGE,
    }  # fmt: skip


def test_every_situation_has_advice() -> None:
    """Six situations, each with a sentence."""
    assert set(ADVICE) == set(Situation)
    assert len(Situation) == 6
