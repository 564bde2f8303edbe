"""From accounts to a run: severity, waivers, what is told once, the tally and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from docsworn.check.loader import load_checks, select_checks
from docsworn.check.state import context_at
from docsworn.check.subject import Account, Check, Subject
from docsworn.model import Failure, FailureReason, Kind, Learned, Purpose, Severity, Verdict

WAIVER = {"kind": "enum", "pointer": "/state", "reason": "known since May", "until": "2026-06-01"}


def _broken(thing: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    return {**thing, **fields}


def test_what_is_inferred_warns_until_it_is_corroborated(bench: Any, thing: Mapping[str, Any]) -> None:
    """The same breach is an error once live responses kept the promise steadily."""
    exchange = bench.exchange(_broken(thing, size="3", state="open"))
    before = bench.hold(exchange).run
    after = bench.hold(exchange, learned=Learned(frozenset({"get_thing.200:/size#type"}))).run
    assert [finding.severity for finding in before.findings] == [Severity.WARNING]
    assert [finding.severity for finding in after.findings] == [Severity.ERROR]
    assert (before.verdict, after.verdict) == (Verdict.KEPT, Verdict.BROKEN)


def test_the_same_finding_is_told_once(bench: Any, thing: Mapping[str, Any]) -> None:
    """With the case that showed it first."""
    exchanges = [bench.exchange(_broken(thing, state="lost"), case=f"good/{number}") for number in (1, 2, 3)]
    run = bench.hold(*exchanges).run
    (finding,) = (finding for finding in run.findings if finding.kind is Kind.ENUM)
    assert finding.case == "get_thing/good/1"
    assert run.exchanges == tuple(exchanges)


def test_the_worst_severity_of_the_same_finding_stays(bench: Any) -> None:
    """A warning in one case and an error in another are one error."""
    refused = bench.exchange(status=403, purpose=Purpose.NO_KEY, case="no-key", expect=("401",))
    accepted = bench.exchange({}, purpose=Purpose.NO_KEY, case="no-key", expect=("401",))
    for order in ((refused, accepted), (accepted, refused)):
        run = bench.hold(*order, checks=select_checks(["error_contract"])).run
        assert [finding.severity for finding in run.findings] == [Severity.ERROR]


def test_a_finding_says_what_was_documented_and_where(bench: Any, thing: Mapping[str, Any]) -> None:
    """Place, promise, source line, shape."""
    (finding,) = bench.hold(bench.exchange(_broken(thing, state="lost"))).run.findings
    assert (finding.provider, finding.operation, finding.revision) == ("acme", "get_thing", "v1")
    assert finding.promise == "get_thing.200:/state#enum"
    assert finding.documented == "one of: open, done"
    assert finding.observed == 'string "lost"'
    assert str(finding.source) == "acme.md:21"


@pytest.mark.parametrize(
    ("waiver", "waived"),
    [
        (WAIVER, True),
        ({"promise": "get_thing.200:/state#enum", "reason": "known", "until": "2026-06-01"}, True),
        ({**WAIVER, "pointer": "/*"}, True),
        ({**WAIVER, "pointer": "/size"}, False),
        ({**WAIVER, "kind": "type"}, False),
        ({**WAIVER, "until": "2026-05-31"}, False),
        ({**WAIVER, "promise": "get_thing.200:/size#type"}, False),
    ],
)
def test_waivers(bench_with: Any, thing: Mapping[str, Any], waiver: dict[str, Any], waived: bool) -> None:
    """A waiver that fits lowers a finding to info until its end date, and is named in it."""
    bench = bench_with(waivers=[waiver])
    run = bench.hold(bench.exchange(_broken(thing, state="lost"))).run
    (finding,) = run.findings
    assert finding.waived == (waiver["reason"] if waived else None)
    assert finding.severity is (Severity.INFO if waived else Severity.ERROR)
    assert run.verdict is (Verdict.KEPT if waived else Verdict.BROKEN)
    assert run.promises.broken == 1


def test_an_ended_waiver_is_noted(bench_with: Any, thing: Mapping[str, Any]) -> None:
    """It does nothing any more; somebody should take it out."""
    bench = bench_with(waivers=[{**WAIVER, "until": "2026-05-31"}])
    run = bench.hold(bench.exchange(thing), notes=("said before",)).run
    assert run.notes == ("said before", "the waiver of enum at /state ended on 2026-05-31")


def test_every_promise_is_counted_once(bench: Any, thing: Mapping[str, Any]) -> None:
    """Broken in one exchange and kept in another is broken."""
    held = bench.hold(bench.exchange(thing), bench.exchange(_broken(thing, state="lost")))
    tally = held.run.promises
    promises = bench.contract.operation("get_thing").promises
    assert tally.broken == 1
    assert sum((tally.kept, tally.broken, tally.unseen, tally.not_evaluable)) == len(promises)
    assert tally.kept > 10


def test_nothing_sent_is_unseen(bench: Any) -> None:
    """Neither kept nor broken."""
    run = bench.hold().run
    assert run.verdict is Verdict.UNSEEN
    assert run.promises.unseen == len(bench.contract.operation("get_thing").promises)


def test_a_spent_budget_is_a_note_and_no_finding(bench: Any) -> None:
    """The API cannot help it."""
    failure = Failure(FailureReason.BUDGET, "the budget of 3 requests a day is spent")
    run = bench.hold(bench.exchange(status=None, failure=failure)).run
    assert (run.findings, run.verdict) == ((), Verdict.UNSEEN)
    assert run.notes == ("1 of 1 requests were not sent: the budget of 3 requests a day is spent",)


def test_a_crashing_check_does_not_hide_the_others(bench: Any, thing: Mapping[str, Any]) -> None:
    """It is told by name and exception type, once, and without its message."""

    def crash(_subject: Subject) -> Account:
        raise LookupError("secret")

    checks = [Check("crashing", "crashes", (), crash), *load_checks()]
    exchange = bench.exchange(_broken(thing, state="lost"))
    held = bench.hold(exchange, exchange, checks=checks)
    assert held.crashes == ("the check crashing failed with LookupError",)
    assert [finding.kind for finding in held.run.findings] == [Kind.ENUM]


@pytest.mark.parametrize(
    ("body", "context"),
    [
        ({"state": "done", "more": {"kind": "x"}}, ("done", "x")),
        ({"state": "a long secret sentence, and more of it", "more": {"kind": None}}, ("?", "?")),
        ({"state": "done", "more": {}}, None),
        ({"state": "done", "more": "x"}, None),
        ([], None),
    ],
)
def test_context(body: Any, context: tuple[str, ...] | None) -> None:
    """Short tokens only; None where a place is missing."""
    assert context_at(body, ("/state", "/more/kind")) == context


def test_today_is_a_date_given(bench_with: Any, thing: Mapping[str, Any]) -> None:
    """The clock is passed in."""
    bench = bench_with(waivers=[WAIVER])
    run = bench.hold(bench.exchange(_broken(thing, state="lost")), today=date(2027, 1, 1)).run
    assert run.verdict is Verdict.BROKEN
