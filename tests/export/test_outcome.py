"""What counts as available, what as a broken contract, and what as neither."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsworn.contract.compiled import CompiledContract, CompiledOperation
from docsworn.model import Exchange, FailureReason, Finding, Kind, Purpose, Run, Severity
from docsworn.observe.outcome import REASONS, contract_findings, judge

REFUSED = {Purpose.NO_KEY: 401, Purpose.WRONG_KEY: 401, Purpose.UNKNOWN_ID: 404, Purpose.MALFORMED_ID: 422}


@pytest.fixture(scope="session")
def operation(contract: CompiledContract) -> CompiledOperation:
    """The one operation of the contract; it documents 200, 401 and 404."""
    return contract.operation("get_conversation")


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (200, None),
        (203, "undocumented"),
        (302, "redirect"),
        (401, "auth"),
        (403, "auth"),
        (404, "fixture_gone"),
        (410, "fixture_gone"),
        (418, "client_error"),
        (500, "server_error"),
        (599, "server_error"),
        (199, "protocol"),
        (999, "server_error"),
    ],
)
def test_a_good_request_wants_a_documented_success(
    make_run: Callable[..., Run],
    make_exchange: Callable[..., Exchange],
    operation: CompiledOperation,
    status: int,
    reason: str | None,
) -> None:
    """Every status but a documented success has its reason; a documented 401 is no success either."""
    judgement = judge(make_run(exchanges=(make_exchange(status),)), operation)
    assert (judgement.success, judgement.reason) == (reason is None, reason)


def test_a_case_may_expect_another_status(
    make_run: Callable[..., Run], make_exchange: Callable[..., Exchange], operation: CompiledOperation
) -> None:
    """Where a case names its statuses, those and no others are right."""
    for status, success in ((404, True), (200, False)):
        exchange = make_exchange(status, expect=("404",))
        assert judge(make_run(exchanges=(exchange,)), operation).success is success


def test_the_error_contract_is_no_outage(
    make_run: Callable[..., Run], make_exchange: Callable[..., Exchange], operation: CompiledOperation
) -> None:
    """Requests that are meant to be refused do not count, even when they get no answer at all."""
    refused = [make_exchange(status, purpose=purpose) for purpose, status in REFUSED.items()]
    silent = make_exchange(purpose=Purpose.NO_KEY, failure=FailureReason.RESET)
    judgement = judge(make_run(exchanges=(make_exchange(), *refused, silent)), operation)
    assert judgement.success is True
    assert len(judgement.judged) == 1


@pytest.mark.parametrize(("status", "reason"), [(401, None), (200, None), (418, None), (503, "server_error")])
def test_without_ids_any_answer_shows_that_it_is_up(
    make_run: Callable[..., Run],
    make_exchange: Callable[..., Exchange],
    operation: CompiledOperation,
    status: int,
    reason: str | None,
) -> None:
    """With only the error contract to go by, an answer below 500 is availability."""
    exchange = make_exchange(status, purpose=Purpose.NO_KEY)
    assert judge(make_run(exchanges=(exchange,)), operation).reason == reason


def test_a_rate_limit_or_our_budget_decides_nothing(
    make_run: Callable[..., Run], make_exchange: Callable[..., Exchange], operation: CompiledOperation
) -> None:
    """429 and a spent budget are neither success nor failure, and hide no failure of another request."""
    put_off = (make_exchange(429), make_exchange(failure=FailureReason.BUDGET))
    assert judge(make_run(exchanges=put_off), operation).success is None
    assert judge(make_run(exchanges=()), operation).success is None
    assert judge(make_run(exchanges=(*put_off, make_exchange())), operation).success is True
    assert judge(make_run(exchanges=(*put_off, make_exchange(500))), operation).success is False


@settings(deadline=None)
@given(data=st.data())
def test_every_round_has_at_most_one_reason_of_the_closed_set(
    data: st.DataObject,
    make_run: Callable[..., Run],
    make_exchange: Callable[..., Exchange],
    operation: CompiledOperation,
) -> None:
    """Whatever comes back, a round that fails has a reason of the table, and no other has one."""
    answered = st.builds(make_exchange, st.integers(100, 599), purpose=st.sampled_from(Purpose))
    silent = st.builds(
        make_exchange, failure=st.sampled_from(FailureReason), purpose=st.sampled_from(Purpose)
    )
    exchanges = data.draw(st.lists(answered | silent, max_size=5).map(tuple))
    judgement = judge(make_run(exchanges=exchanges), operation)
    assert (judgement.reason in REASONS) is (judgement.success is False)


@pytest.mark.parametrize(
    ("status", "about_the_contract"), [(200, 1), (418, 1), (302, 1), (502, 0), (401, 0), (404, 0), (429, 0)]
)
def test_an_outage_is_not_a_broken_contract(
    make_run: Callable[..., Run],
    make_exchange: Callable[..., Exchange],
    make_finding: Callable[..., Finding],
    operation: CompiledOperation,
    status: int,
    about_the_contract: int,
) -> None:
    """The HTML page of a gateway breaks promises too, but what it tells is an outage; 418 is drift."""
    run = make_run(make_finding(Kind.STATUS), exchanges=(make_exchange(status),))
    assert len(contract_findings(run, operation)) == about_the_contract


def test_latency_certificate_and_waived_are_not_the_contract(
    make_run: Callable[..., Run], make_finding: Callable[..., Finding], operation: CompiledOperation
) -> None:
    """What has a metric of its own, or is known and waived, leaves the contract whole."""
    run = make_run(
        make_finding(Kind.LATENCY),
        make_finding(Kind.CERTIFICATE, Severity.WARNING),
        make_finding(waived="known, until 2030-01-01"),
    )
    assert contract_findings(run, operation) == ()
