"""Whose fault a finding is, in a few words, as far as one run can tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from docsworn.contract.compiled import CompiledContract
from docsworn.export.view import fixed, observations
from docsworn.export.whose import whose
from docsworn.model import Confidence, Promise, Severity
from tests.export.whole import BACKGROUNDS, NEW, RUNS, promises

RUN = RUNS[0]
PROMISE: Promise = next(promise for promise, _ in promises() if promise.id == NEW.promise)
OPERATIONAL = (
    *("reachable", "server_error", "authorised", "rate_limit", "parses", "redirect", "undocumented"),
    *("novel", "latency", "certificate"),
)


@pytest.mark.parametrize(
    ("confidence", "own", "severity", "said"),
    [
        (Confidence.DOCUMENTED, Severity.ERROR, Severity.ERROR, "the page says so in so many words"),
        (Confidence.INFERRED, Severity.WARNING, Severity.WARNING, "the page only suggests it"),
        (Confidence.INFERRED, Severity.WARNING, Severity.ERROR, "it was kept steadily until now"),
        (Confidence.CURATED, Severity.ERROR, Severity.ERROR, "a person added it to the contract"),
    ],
)
def test_a_body_is_judged_by_how_sure_its_promise_is(
    confidence: Confidence, own: Severity, severity: Severity, said: str
) -> None:
    """What was only inferred may be our reading; what was kept steadily is the provider's change."""
    promise = replace(PROMISE, confidence=confidence, severity=own)
    assert said in whose(replace(RUN, fits=()), replace(NEW, severity=severity), promise)


def test_another_revision_that_fits_better_is_told_first() -> None:
    """Then the contract is the one of yesterday, whatever it promises."""
    run = replace(RUN, revision="v1", fits=(("v2", 0.99), ("v1", 0.7)))
    assert whose(run, NEW, PROMISE) == "ours, most likely: the responses are those of v2, not of v1"
    level = replace(run, fits=(("v2", 0.9), ("v1", 0.9)))
    assert "the provider's" in whose(level, NEW, PROMISE)


def test_every_operational_promise_has_words_of_its_own(contract: CompiledContract) -> None:
    """Keys and networks are ours, failures theirs; only the documented status is judged as a page is."""
    operational = contract.operation("get_conversation").operational
    assert set(operational) - set(OPERATIONAL) == {"status", "content_type"}
    told = {
        name: whose(RUN, replace(NEW, promise=operational[name].id), operational[name])
        for name in OPERATIONAL
    }
    assert len(set(told.values())) == len(OPERATIONAL)
    assert not [name for name, words in told.items() if "the page" in words]
    status = replace(NEW, promise=operational["status"].id, observed="status 404")
    assert "is the conversation still there?" in whose(RUN, status, operational["status"])


def test_nobody_guesses_without_a_contract_and_nothing_is_to_do_about_what_is_over() -> None:
    """No contract at hand, no words; what is waived or fixed has neither fault nor command."""
    assert whose(RUN, NEW, None) == ""
    over = [one for one in observations(RUN, BACKGROUNDS[0]) if one.waived]
    over += fixed(RUNS[1], BACKGROUNDS[1])
    assert len(over) == 2
    assert [(one.whose, one.waive) for one in over] == [("", "")] * 2
