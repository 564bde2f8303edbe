"""Shrinking, pacing and keeping failures, with a client that answers from a table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.check.loader import select_checks
from docsworn.contract.compiled import CompiledContract
from docsworn.contract.settings import BudgetSettings
from docsworn.errors import ConfigError, UnknownNameError
from docsworn.fuzz.campaign import Campaign
from docsworn.fuzz.judge import CHECKS, Judge
from docsworn.fuzz.request import Request, Subject, sort_of
from docsworn.fuzz.safety import may_be_sent
from docsworn.fuzz.send import CountedBudget, FuzzClient
from docsworn.fuzz.shrink import candidates, shrink
from docsworn.fuzz.store import Broken, Kept, default_store, load, replay_id, save
from docsworn.model import Case, Exchange, Kind, Timings
from docsworn.probe.budget import BudgetSpent
from tests.fuzz.pack import IDS
from tests.fuzz.test_requests import SUBJECT


class _Table:
    """A client that counts in the budget and answers by a function."""

    def __init__(self, budget: CountedBudget, status: Callable[[Case], int]) -> None:
        self.budget, self.status = budget, status

    def send(self, case: Case) -> Exchange:
        self.budget.spend()
        status = self.status(case)
        body = b'{"id": "a"}' if status == 200 else b'{"error": "not found"}'
        headers = (("content-type", "application/json"),)
        return Exchange(case, 0.0, Timings(0.0), status=status, headers=headers, body=body)


def _campaign(
    contract: CompiledContract,
    subject: Subject,
    status: Callable[[Case], int],
    *,
    limit: int = 200,
    per_minute: int = 1000,
    times: list[float] | None = None,
) -> Campaign:
    now = [0.0]

    def pause(seconds: float) -> None:
        now[0] += seconds
        if times is not None:
            times.append(seconds)

    settings = BudgetSettings(per_minute=per_minute, per_day=100_000)
    budget = CountedBudget(settings, lambda: now[0], limit=limit)
    client = cast(FuzzClient, _Table(budget, status))
    judge = Judge(contract, subject, select_checks(CHECKS), date(2026, 1, 1))
    return Campaign(subject, IDS, client, budget, judge, pause)


def test_waits_where_the_budget_of_a_minute_is_spent(contract: CompiledContract, subject: Subject) -> None:
    """30 requests at 10 a minute wait twice, and all are sent."""
    pauses: list[float] = []
    campaign = _campaign(contract, subject, lambda _: 404, per_minute=10, times=pauses)
    report = campaign.run([Request(text=f"call_{number:08x}") for number in range(30)])
    assert (report.sent, report.failed) == (30, ())
    assert pauses == [60.0, 60.0]


def test_shrinking_spends_from_the_same_budget(contract: CompiledContract, subject: Subject) -> None:
    """Whatever is tried to make a failure small, no more than the limit is sent."""
    long = "%C3%A4" * 9  # fails only as long as it is, so that much is tried
    campaign = _campaign(contract, subject, lambda case: 500 if long in case.path else 404, limit=9)
    report = campaign.run([Request(text="ä" * 9), Request(text="b")])
    assert report.sent == 9
    (failed,) = report.failed
    assert failed.finding.observed == "status 500"


def test_a_failure_with_several_findings_is_told_whole(contract: CompiledContract, subject: Subject) -> None:
    """Each finding of one answer is kept, each with a request that shows it."""

    def status(case: Case) -> int:
        return 200 if case.path.endswith(IDS[0]) else 599 if "%" in case.path else 404

    campaign = _campaign(contract, subject, status)
    report = campaign.run([Request(known=1), Request(text="é!"), Request(text="call_00000001")])
    assert {failed.finding.observed for failed in report.failed} == {"status 599"}
    assert report.sent == sum(report.sorts.values())


@given(
    st.builds(
        Request,
        text=st.text(max_size=12),
        query=st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=3).map(tuple),
    ),
    st.text(min_size=1, max_size=1),
)
def test_shrinking_keeps_the_failure_and_the_sort(request_: Request, needle: str) -> None:
    """What comes out still fails, is of the same sort, and is no longer than what went in."""
    if not may_be_sent(SUBJECT, request_):
        return

    def fails(simpler: Request) -> bool:
        assert may_be_sent(SUBJECT, simpler)
        return needle in simpler.text

    if not fails(request_):
        return
    smallest = shrink(SUBJECT, request_, fails)
    assert fails(smallest)
    assert sort_of(SUBJECT, smallest) is sort_of(SUBJECT, request_)
    assert len(smallest.text) <= max(len(request_.text), len("call_00000000"))
    assert smallest.query == ()
    assert not any(
        fails(simpler) and len(simpler.text) < len(smallest.text) for simpler in candidates(SUBJECT, smallest)
    )


def test_a_budget_ends_at_its_limit() -> None:
    """The limit holds in the transport's own count, retries included."""
    budget = CountedBudget(BudgetSettings(), lambda: 0.0, limit=2)
    budget.spend()
    budget.spend()
    assert budget.left == 0
    with pytest.raises(BudgetSpent):
        budget.spend()


KEPT = st.builds(
    Kept,
    provider=st.just("madeup"),
    revision=st.just("v1"),
    operation=st.text(st.characters(exclude_categories=["Cs"])),
    request=st.builds(
        Request,
        known=st.none() | st.integers(1, 9),
        text=st.text(),
        query=st.lists(st.tuples(st.text(), st.text()), max_size=3).map(tuple),
        headers=st.lists(st.tuples(st.text(), st.text()), max_size=3).map(tuple),
    ),
    broken=st.lists(
        st.builds(
            Broken,
            promise=st.text(),
            kind=st.sampled_from(Kind),
            pointer=st.text(),
            documented=st.text(),
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
)


@given(KEPT)
def test_what_is_kept_is_read_again(tmp_path_factory: pytest.TempPathFactory, kept: Kept) -> None:
    """A failure comes back from its file as it was, under the id that it is known by."""
    folder = tmp_path_factory.mktemp("store")
    name = save(folder, kept)
    assert name == replay_id(kept)
    assert load(folder, name) == kept
    assert [file.name for file in folder.iterdir()] == [f"{name}.json"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b"[1]", b"{}", b" " * 70_000, b'{"docsworn_fuzz": 2}']
)
def test_a_damaged_file_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    """A file that is none of ours is refused without its content."""
    (tmp_path / "0123456789ab.json").write_bytes(content)
    with pytest.raises(ConfigError, match="is no stored request of docsworn"):
        load(tmp_path, "0123456789ab")


def test_an_unknown_id_is_guessed_at(tmp_path: Path) -> None:
    """A replay id that is nearly one is named."""
    (tmp_path / "0123456789ab.json").touch()
    with pytest.raises(UnknownNameError, match="0123456789ab"):
        load(tmp_path, "0123456789ac")


def test_a_store_that_cannot_be_written(tmp_path: Path) -> None:
    """A folder that is a file is the user's mistake."""
    (tmp_path / "file").touch()
    kept = Kept("madeup", "v1", "get_call", Request(text="a"), (Broken("p", Kind.STATUS, "", "d"),))
    with pytest.raises(ConfigError, match="cannot be kept there"):
        save(tmp_path / "file", kept)


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"XDG_STATE_HOME": "/state", "HOME": "/home/a"}, "/state/docsworn/fuzz"),
        ({"XDG_STATE_HOME": "relative", "HOME": "/home/a"}, "/home/a/.local/state/docsworn/fuzz"),
        ({"HOME": "/home/a"}, "/home/a/.local/state/docsworn/fuzz"),
    ],
)
def test_default_store(environ: dict[str, str], folder: str) -> None:
    """The user's state folder, as the XDG base directories say."""
    assert default_store(environ) == Path(folder)
