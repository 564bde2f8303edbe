"""A whole report of three providers with a history, made by hand: what every golden file shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from docsworn.export.background import Background, key_of
from docsworn.export.report import ReportInfo
from docsworn.model import (
    Case,
    Confidence,
    Credential,
    Exchange,
    Failure,
    FailureReason,
    Finding,
    Kind,
    Promise,
    Purpose,
    Run,
    Severity,
    Source,
    Tally,
    Timings,
    Verdict,
)
from docsworn.observe.findings import Known, State
from docsworn.observe.runs import PastRun
from docsworn.observe.scope import Scope
from docsworn.observe.trend import Bucket

DAY = 86_400.0
NOW = datetime(2026, 3, 31, 6, 0, tzinfo=UTC).timestamp()
OPERATION = "get_call"
SECRET = "planted-secret-0123456789-0123456789"
HOSTILE = '</script><img src=x onerror="alert(1)"> {{ 7 * 7 }} [bold]x[/] | `a` %0A::error::x'


def exchange(number: int, status: int | None = 200, failure: FailureReason | None = None) -> Exchange:
    """An exchange that carries the secret wherever one may stand."""
    return Exchange(
        case=Case(
            id=f"{OPERATION}/good/{number}",
            operation=OPERATION,
            purpose=Purpose.GOOD,
            credential=Credential.KEY,
            path=f"/calls/{SECRET}",
            subject_id=SECRET,
        ),
        started=NOW - 5,
        timings=Timings(total=0.21, dns=0.01, connect=0.02, tls=0.03, send=0.001, wait=0.12, receive=0.02),
        status=status,
        headers=(("x-api-key", SECRET),),
        body=SECRET.encode(),
        failure=Failure(failure, SECRET) if failure else None,
    )


def finding(provider: str, kind: Kind, pointer: str, severity: Severity, **more: str) -> Finding:
    """A finding by provider, kind, place and severity."""
    told = {"documented": "one of: queued, done", "observed": 'string "escalated"', **more}
    return Finding(
        provider=provider,
        operation=OPERATION,
        revision="v2",
        promise=f"{OPERATION}.200:{pointer}#{kind.value}",
        kind=kind,
        severity=severity,
        pointer=pointer,
        source=Source(f"{provider}.page.md", 51),
        case=f"{OPERATION}/good/1",
        **told,
    )


NEW = finding("acme", Kind.ENUM, "/status", Severity.ERROR)
OPEN = finding(
    "acme", Kind.MISSING, "/steps/*/name", Severity.ERROR, documented="always there", observed="absent"
)
ODD = finding(
    "acme", Kind.UNDOCUMENTED, "/odd", Severity.WARNING, documented="listed fields", observed=HOSTILE
)
WAIVED = finding("acme", Kind.LATENCY, "", Severity.INFO, documented="5 s", observed="an answer after 7.1 s",
                 waived="slow by contract")  # fmt: skip
FIXED = finding("birch", Kind.TYPE, "/cost", Severity.ERROR, documented="number", observed="string")


def run(provider: str, *found: Finding, **more: object) -> Run:
    """A run of one provider with what it found."""
    given = Run(
        provider=provider,
        operation=OPERATION,
        revision="v2",
        verdict=Verdict.BROKEN if found else Verdict.KEPT,
        exchanges=(exchange(1), exchange(2)),
        promises=Tally(kept=40, broken=len(found), unseen=12, not_evaluable=1),
        findings=found,
        kinds=frozenset({Kind.ENUM, Kind.TYPE, Kind.STATUS}),
    )
    return replace(given, **more)  # type: ignore[arg-type]


RUNS = (
    run(
        "acme",
        NEW,
        OPEN,
        ODD,
        WAIVED,
        fits=(("v2", 0.98), ("v1", 0.9)),
        not_evaluable=(f"{OPERATION}.200:/steps/*/at#format",),
        crashes=("the check presence failed with KeyError",),
        notes=("2 of 9 requests were not sent",),
    ),
    run("birch", fits=(("v2", 1.0),)),
    run(
        "cedar",
        verdict=Verdict.UNSEEN,
        exchanges=(exchange(1, None, FailureReason.TIMEOUT),),
        promises=Tally(unseen=53),
    ),
)


def known(number: int, found: Finding, state: State, first: float, since: float, count: int) -> Known:
    """A finding with its life; times are in days before now."""
    scope = Scope("api.example", found.provider, OPERATION, "v2")
    last = NOW if state is not State.FIXED else NOW - DAY
    return Known(number, scope, found, NOW - first * DAY, last, NOW - since * DAY, count, state)


def trend() -> tuple[Bucket, ...]:
    """Thirty days, one of them without a check and two with an outage."""
    return tuple(
        Bucket(
            *(NOW - (29 - day) * DAY, int(DAY), 24, 24, 12 if day in (8, 9) else 24, int(day > 20)),
            mean=0.2 + 0.01 * (day % 7),
            slowest=0.9,
            phases=(0.01, 0.02, 0.03, 0.001, 0.12 + 0.01 * (day % 7), 0.019),
        )
        for day in range(30)
        if day != 15
    )


def promises() -> tuple[tuple[Promise, str], ...]:
    """A small contract in which each state stands."""
    rows = (
        (f"{OPERATION}#reachable", "", Kind.UNREACHABLE, "kept"),
        (f"{OPERATION}.200:#type", "", Kind.TYPE, "kept"),
        (f"{OPERATION}.200:/status#enum", "/status", Kind.ENUM, "broken"),
        (f"{OPERATION}.200:/steps#type", "/steps", Kind.TYPE, "kept"),
        (f"{OPERATION}.200:/steps/*/name#missing", "/steps/*/name", Kind.MISSING, "broken"),
        (f"{OPERATION}.200:/steps/*/at#format", "/steps/*/at", Kind.FORMAT, "not_evaluable"),
        (f"{OPERATION}.401:/message#presence", "/message", Kind.VANISHED, "unseen"),
    )
    return tuple(
        (
            Promise(
                id=name,
                pointer=pointer,
                keyword=name.rpartition("#")[2],
                kind=kind,
                severity=Severity.ERROR,
                confidence=Confidence.DOCUMENTED,
                source=Source("acme.page.md", 40 + line),
                documented=f"what line {40 + line} says",
            ),
            state,
        )
        for line, (name, pointer, kind, state) in enumerate(rows)
    )


def background(provider: str, *lives: Known, **more: object) -> Background:
    """The history of one provider."""
    scope = Scope("api.example", provider, OPERATION, "v2")
    before = PastRun(
        *(1, scope, NOW - DAY, Verdict.KEPT, True, None, Tally(41, 0, 12, 1)),
        *(frozenset({Kind.ENUM}), (("v1", 1.0),), ()),
    )
    given = Background(
        host="api.example",
        at=NOW,
        since=NOW - DAY,
        known={one.finding.fingerprint: one for one in lives},
        states={one.id: ((one.first_seen, State.NEW), (one.since, one.state)) for one in lives},
        previous=before,
        trend=trend(),
        promises=promises(),
        curl={f"{OPERATION}/good/1": 'curl -H "x-api-key: $ACME_API_KEY" https://api.example/calls/1'},
        packs="",
    )
    return replace(given, **more)  # type: ignore[arg-type]


BACKGROUNDS = (
    background(
        "acme",
        known(1, NEW, State.NEW, 0, 0, 1),
        known(2, OPEN, State.OPEN, 12, 12, 288),
        known(3, ODD, State.REOPENED, 20, 0, 7),
        known(4, WAIVED, State.WAIVED, 2, 2, 3),
    ),
    background("birch", known(5, FIXED, State.FIXED, 9, 0, 30)),
    background("cedar", promises=(), trend=(), curl={}, packs=None),
)
INFO = ReportInfo(
    created=datetime(2026, 3, 31, 6, 0, 5, tzinfo=UTC),
    version="0.1.0",
    backgrounds={key_of(each): behind for each, behind in zip(RUNS, BACKGROUNDS, strict=True)},
)
