"""Runs for the tests of every format: made by hand, or any at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import strategies as st

from docsworn.contract.compiled import CompiledContract, compile_contract
from docsworn.contract.settings import ProviderSettings
from docsworn.export.report import ReportInfo
from docsworn.model import (
    Case,
    Confidence,
    Contract,
    Credential,
    Exchange,
    Failure,
    FailureReason,
    Finding,
    Kind,
    Operation,
    Purpose,
    Response,
    Run,
    Severity,
    Source,
    Tally,
    Timings,
    Verdict,
)

SECRET = "planted-secret-0123456789-0123456789"
OPERATION = "get_conversation"


def _exchange(
    status: int | None = 200,
    *,
    purpose: Purpose = Purpose.GOOD,
    total: float = 0.25,
    failure: FailureReason | None = None,
    expect: tuple[str, ...] = (),
    **more: Any,
) -> Exchange:
    case = Case(
        id=f"{OPERATION}/{purpose.value}/1",
        operation=OPERATION,
        purpose=purpose,
        credential=Credential.KEY,
        path=f"/v2/conversations/{SECRET}",
        expect=expect,
        subject_id=SECRET,
    )
    return Exchange(
        case=case,
        started=1_700_000_000.0,
        timings=more.pop("timings", Timings(total=total, dns=0.01, connect=0.02, wait=0.1)),
        status=None if failure else status,
        headers=(("x-api-key", SECRET), ("set-cookie", SECRET)),
        body=None if failure else f'{{"name": "{SECRET}"}}'.encode(),
        failure=Failure(failure, f"detail {SECRET}") if failure else None,
        **more,
    )


def _finding(kind: Kind = Kind.MISSING, severity: Severity = Severity.ERROR, **more: Any) -> Finding:
    pointer = more.pop("pointer", "/status")
    given: dict[str, Any] = {
        "provider": "acme",
        "operation": OPERATION,
        "revision": "v2",
        "promise": f"{OPERATION}.200:{pointer}#{kind.value}",
        "documented": "a field that is always there",
        "observed": "absent",
        "source": Source("acme.page.txt", 12),
        "case": f"{OPERATION}/good/1",
    }
    return Finding(kind=kind, severity=severity, pointer=pointer, **{**given, **more})


def _run(
    *findings: Finding,
    exchanges: tuple[Exchange, ...] | None = None,
    verdict: Verdict | None = None,
    **more: Any,
) -> Run:
    given: dict[str, Any] = {"provider": "acme", "operation": OPERATION, "revision": "v2"}
    return Run(
        verdict=verdict or (Verdict.BROKEN if findings else Verdict.KEPT),
        exchanges=(_exchange(),) if exchanges is None else exchanges,
        promises=more.pop("promises", Tally(kept=40, broken=len(findings), unseen=12, not_evaluable=1)),
        findings=findings,
        **{**given, **more},
    )


@pytest.fixture(scope="session")
def make_exchange() -> Callable[..., Exchange]:
    """An exchange by status, purpose, seconds or reason of failure; it carries the secret everywhere."""
    return _exchange


@pytest.fixture(scope="session")
def make_finding() -> Callable[..., Finding]:
    """A finding by kind and severity; any field may be given."""
    return _finding


@pytest.fixture(scope="session")
def make_run() -> Callable[..., Run]:
    """A run of some findings; any field may be given."""
    return _run


@pytest.fixture(scope="session")
def secret() -> str:
    """What stands in every body, header and id of the made-up exchanges."""
    return SECRET


@pytest.fixture(scope="session")
def info() -> ReportInfo:
    """A report of one fixed moment."""
    return ReportInfo(created=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), version="0.1.0")


@pytest.fixture(scope="session")
def contract() -> CompiledContract:
    """A made-up contract of one operation with 200, 401 and 404 documented and no body described."""
    source = Source("acme.page.txt", 1)
    responses = {
        status: Response(status, ("application/json",), None, source, Confidence.DOCUMENTED)
        for status in ("200", "401", "404")
    }
    operation = Operation(OPERATION, "get", "/v2/conversations/{id}", (), responses, source)
    contract = Contract("acme", "v2", "a" * 64, "https://api.acme.example", {}, {OPERATION: operation}, ())
    settings = ProviderSettings.model_validate(
        {
            "provider": "acme",
            "title": "Acme",
            "base_url": "https://api.acme.example",
            "revisions": ["v2"],
            "current": "v2",
            "auth": {"header": "x-api-key", "env": "ACME_KEY"},
            "operations": {OPERATION: {"id_parameter": "id", "ids_env": "ACME_IDS"}},
            "objectives": {"latency_seconds": 4.0},
        }
    )
    return compile_contract(contract, settings)


def _findings() -> st.SearchStrategy[Finding]:
    # A fingerprint is of UTF-8, so only what it leaves out may hold surrogates.
    text, wild = st.text(min_size=1), st.text(st.characters(), min_size=1)
    return st.builds(
        Finding,
        provider=text,
        operation=text,
        revision=text,
        promise=text,
        kind=st.sampled_from(Kind),
        severity=st.sampled_from(Severity),
        pointer=st.text(),
        documented=wild,
        observed=wild,
        source=st.builds(Source, wild, st.integers(0, 10_000)),
        case=wild,
        reason=st.none() | wild,
        waived=st.none() | wild,
    )


@pytest.fixture(scope="session")
def any_runs() -> st.SearchStrategy[list[Run]]:
    """Runs in which every text is any text at all, surrogates and markup included."""
    text = st.text(min_size=1) | st.sampled_from(
        ["</script><script>alert(1)</script>", "[bold red]x[/]", "]]>", "\x1b[31m", "\ud800", "{{ 7 * 7 }}"]
    )
    exchanges = st.builds(_exchange, st.sampled_from([200, 401, 404, 500]), total=st.floats(0, 100))
    runs = st.builds(
        Run,
        provider=text,
        operation=text,
        revision=text,
        verdict=st.sampled_from(Verdict),
        exchanges=st.lists(exchanges, max_size=3).map(tuple),
        promises=st.builds(Tally, *[st.integers(0, 1000)] * 4),
        findings=st.lists(_findings(), max_size=4).map(tuple),
        notes=st.lists(text, max_size=2).map(tuple),
    )
    return st.lists(runs, max_size=3)
