"""Every check on one exchange each: what it finds, where, how bad, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from docsworn.check.loader import select_checks
from docsworn.model import Failure, FailureReason, Kind, Learned, Purpose, Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING
DAY = 86_400
NOW = 1_800_000_000.0
OK = {"thing_id": "thing-7", "state": "open", "owner": "o"}
NO_KEY = {"purpose": Purpose.NO_KEY, "case": "no-key", "expect": ("401",)}
UNKNOWN = {"purpose": Purpose.UNKNOWN_ID, "case": "unknown-id", "subject_id": "nobody"}
REFUSED = {"error": "no"}


def _failed(reason: FailureReason, status: int | None = None, **more: Any) -> dict[str, Any]:
    return {"status": status, "failure": Failure(reason, f"because of {reason}"), **more}


# check, exchange, findings as (kind, severity, pointer, observed, reason)
ROWS: tuple[tuple[str, dict[str, Any], list[tuple[Any, ...]]], ...] = (
    ("reachable", {"body": OK}, []),
    (
        "reachable",
        _failed(FailureReason.DNS),
        [(Kind.UNREACHABLE, ERROR, "", "because of dns", "dns")],
    ),
    (
        "reachable",
        _failed(FailureReason.TIMEOUT),
        [(Kind.TIMEOUT, ERROR, "", "because of timeout", "timeout")],
    ),
    (
        "reachable",
        _failed(FailureReason.TIMEOUT, 200),
        [(Kind.TIMEOUT, ERROR, "", "because of timeout", "timeout")],
    ),
    ("reachable", _failed(FailureReason.TLS), []),
    ("reachable", _failed(FailureReason.BUDGET), []),
    ("reachable", _failed(FailureReason.TRUNCATED, 200), []),
    (
        "certificate",
        _failed(FailureReason.TLS),
        [(Kind.CERTIFICATE, ERROR, "", "because of tls", "tls")],
    ),
    ("certificate", {"body": OK, "expiry": NOW + 14 * DAY}, []),
    (
        "certificate",
        {"body": OK, "expiry": NOW + 13 * DAY},
        [(Kind.CERTIFICATE, WARNING, "", "the certificate ends in 13 days", "expires_soon")],
    ),
    ("certificate", {"body": OK}, []),
    ("server_error", {"status": 503}, [(Kind.STATUS, ERROR, "", "status 503", None)]),
    ("server_error", {"status": 500, **NO_KEY}, [(Kind.STATUS, ERROR, "", "status 500", None)]),
    ("server_error", {"status": 404}, []),
    ("redirect", {"status": 302}, [(Kind.REDIRECT, ERROR, "", "status 302, not followed", None)]),
    ("redirect", {"status": 200}, []),
    ("status", {"body": OK}, []),
    ("status", {"status": 418}, [(Kind.STATUS, ERROR, "", "status 418", None)]),
    ("status", {"status": 202}, [(Kind.STATUS, ERROR, "", "status 202", None)]),
    ("status", {"status": 429}, [(Kind.STATUS, ERROR, "", "status 429", "rate_limited")]),
    (
        "status",
        {"status": 401, "body": REFUSED},
        [(Kind.STATUS, ERROR, "", "401 on a good request: the key is not accepted", "auth")],
    ),
    (
        "status",
        {"status": 403},
        [(Kind.STATUS, ERROR, "", "403 on a good request: the key is not accepted", "auth")],
    ),
    (
        "status",
        {"status": 404},
        [(Kind.STATUS, ERROR, "", "404 on a good request: it is refused, or the id is gone", "refused")],
    ),
    ("status", {"status": 503}, []),
    ("status", {"status": 302}, []),
    ("error_contract", {"status": 401, **NO_KEY}, []),
    ("error_contract", {"status": 404, **NO_KEY}, [(Kind.STATUS, WARNING, "", "status 404", None)]),
    ("error_contract", {"status": 403, **NO_KEY}, [(Kind.STATUS, WARNING, "", "status 403", None)]),
    (
        "error_contract",
        {"status": 200, "body": OK, **NO_KEY},
        [(Kind.STATUS, ERROR, "", "status 200: accepted what it should reject", "accepted")],
    ),
    ("error_contract", {"status": 500, **NO_KEY}, []),
    ("error_contract", {"status": 404, **UNKNOWN}, []),
    (
        "error_contract",
        {"status": 401, **UNKNOWN},
        [(Kind.STATUS, ERROR, "", "401 with the key: it is not accepted", "auth")],
    ),
    ("error_contract", {"status": 401, "expect": ("401",), **UNKNOWN}, []),
    ("error_contract", {"status": 400, **UNKNOWN}, [(Kind.STATUS, WARNING, "", "status 400", None)]),
    ("error_contract", {"body": OK}, []),
    ("error_contract", {"status": 429, **NO_KEY}, []),
    ("error_contract", {"status": 429, **UNKNOWN}, []),
    ("error_contract", {"status": 404}, []),
    ("status", {"status": 200, "body": OK, **NO_KEY}, []),
    ("headers", {"body": OK}, []),
    ("headers", {"body": OK, "headers": (("X-Page", "3"), ("X-Mode", "fast"))}, []),
    (
        "headers",
        {"body": OK, "headers": (("X-Mode", "slow"),)},
        [(Kind.HEADER, WARNING, "", "a value that its schema does not allow", None)],
    ),
    (
        "headers",
        {"body": OK, "headers": (("x-page", "Zq7 secret"),)},
        [(Kind.HEADER, ERROR, "", "a value that its schema does not allow", None)],
    ),
    ("headers", {"status": 401, "body": REFUSED}, [(Kind.HEADER, ERROR, "", "no such header", None)]),
    ("rate_limit", {"body": OK}, []),
    ("rate_limit", {"status": 429, "headers": (("Retry-After", "30"),)}, []),
    (
        "rate_limit",
        {"status": 429, "headers": (("Retry-After", "Zq7 soon"), ("X-RateLimit-Reset", "Zq7"))},
        [
            (
                Kind.HEADER,
                WARNING,
                "",
                "Retry-After is neither whole seconds nor an HTTP date; x-ratelimit-reset is no time",
                None,
            )
        ],
    ),
    ("content_type", {"body": OK}, []),
    ("content_type", {"body": OK, "media": "Application/JSON; charset=utf-8"}, []),
    ("content_type", {"body": OK, "media": 'application/json;charset="UTF8"'}, []),
    ("content_type", {"body": OK, "media": "application/json; x=1; charset=us-ascii"}, []),
    (
        "content_type",
        {"body": OK, "media": "application/json; Charset = utf-16"},
        [(Kind.CONTENT_TYPE, ERROR, "", "JSON in a charset other than UTF-8", None)],
    ),
    ("content_type", {"body": OK, "media": None}, [(Kind.CONTENT_TYPE, ERROR, "", "no Content-Type", None)]),
    (
        "content_type",
        {"body": OK, "media": "text/html; charset=utf-8"},
        [(Kind.CONTENT_TYPE, ERROR, "", "text/html", None)],
    ),
    (
        "content_type",
        {"body": OK, "media": "text/secret"},
        [(Kind.CONTENT_TYPE, ERROR, "", "another media type", None)],
    ),
    ("content_type", {"status": 404, "raw": b"gone", "media": "text/plain"}, []),
    ("content_type", {"status": 418, "raw": b"tea", "media": "text/plain"}, []),
    ("parses", {"body": OK}, []),
    ("parses", {"raw": b"{"}, [(Kind.UNPARSEABLE, ERROR, "", "no JSON (at byte 1)", "syntax")]),
    (
        "parses",
        {"raw": b"{", "media": None},
        [(Kind.UNPARSEABLE, ERROR, "", "no JSON (at byte 1)", "syntax")],
    ),
    ("parses", {"raw": b"<html>", "media": "text/html"}, []),
    (
        "parses",
        {"raw": b"", "media": "text/html"},
        [(Kind.UNPARSEABLE, ERROR, "", "an empty body", "empty")],
    ),
    (
        "parses",
        {"raw": b'{"a":1,"a":1}'},
        [(Kind.UNPARSEABLE, ERROR, "", "an object with the same key twice", "duplicate_key")],
    ),
    (
        "parses",
        _failed(FailureReason.TRUNCATED, 200),
        [(Kind.UNPARSEABLE, ERROR, "", "because of truncated", "truncated")],
    ),
    ("parses", _failed(FailureReason.RESET), []),
    ("parses", _failed(FailureReason.TIMEOUT, 200), []),
    ("parses", {"status": 404, "raw": b"no json"}, []),
    ("body_schema", {"body": OK}, []),
    ("body_schema", {"body": {}}, [
        (Kind.MISSING, ERROR, "/thing_id", "no such field", None),
        (Kind.MISSING, ERROR, "/state", "no such field", None),
    ]),
    ("body_schema", {"body": {**OK, "state": "lost"}}, [(Kind.ENUM, ERROR, "/state", 'string "lost"', None)]),
    (
        "body_schema",
        {"body": {**OK, "state": "a long secret of some person"}},
        [(Kind.ENUM, ERROR, "/state", "string of 28 characters", None)],
    ),
    ("body_schema", {"body": {**OK, "size": "3"}}, [(Kind.TYPE, WARNING, "/size", "string", None)]),
    ("body_schema", {"body": {**OK, "size": -1}}, [(Kind.BOUND, WARNING, "/size", "integer", None)]),
    ("body_schema", {"body": {**OK, "size": 10**30}}, []),
    (
        "body_schema",
        {"body": {**OK, "notes": [{}, {"text": 1}]}},
        [(Kind.TYPE, ERROR, "/notes/*/text", "integer", None)],
    ),
    (
        "body_schema",
        {"body": {**OK, "tags": {"Ms Secret": 1}}},
        [(Kind.TYPE, ERROR, "/tags/*", "integer", None)],
    ),
    (
        "body_schema",
        {"status": 401, "body": {"error": 1}, **NO_KEY},
        [(Kind.TYPE, ERROR, "/error", "integer", None)],
    ),
    ("body_schema", {"raw": b"{"}, []),
    ("body_schema", {"status": 418, "body": 1}, []),
    ("presence", {"body": {"thing_id": "thing-7", "state": "open"}}, []),
    ("novel", {"body": {**OK, "mood": 1}}, []),
    ("undocumented", {"body": OK}, []),
    (
        "undocumented",
        {"body": {**OK, "mood": 1, "Ms Secret": 2}},
        [
            (Kind.UNDOCUMENTED, WARNING, "/mood", "undocumented field", None),
            (Kind.UNDOCUMENTED, WARNING, "/*", "undocumented field", None),
        ],
    ),
    ("undocumented", {"body": {**OK, "tags": {"any": "x"}}}, []),
    ("invariants", {"body": {**OK, "state": "done", "size": 1}}, []),
    (
        "invariants",
        {"body": {**OK, "state": "done", "size": 0}},
        [(Kind.INVARIANT, ERROR, "/size", "does not hold (integer)", None)],
    ),
    ("invariants", {"body": {**OK, "state": "done"}}, []),
    ("identity", {"body": OK}, []),
    (
        "identity",
        {"body": {**OK, "thing_id": "thing-8"}},
        [(Kind.IDENTITY, ERROR, "/thing_id", "another id", None)],
    ),
    (
        "identity",
        {"body": {**OK, "thing_id": None}},
        [(Kind.IDENTITY, ERROR, "/thing_id", "null", None)],
    ),
    ("identity", {"body": {"state": "open"}}, []),
    ("identity", {"body": None, "raw": b"null"}, [(Kind.IDENTITY, ERROR, "/thing_id", "null", None)]),
    ("identity", {"body": [OK]}, [(Kind.IDENTITY, ERROR, "/thing_id", "array of 1", None)]),
    ("identity", {"body": {**OK, "thing_id": "x"}, **UNKNOWN}, []),
    ("latency", {"body": OK, "seconds": 5.0}, []),
    (
        "latency",
        {"body": OK, "seconds": 6.25},
        [(Kind.LATENCY, WARNING, "", "an answer after 6.2 s", None)],
    ),
    ("latency", {"status": 404, "seconds": 9.0, **UNKNOWN}, []),
)  # fmt: skip


IDS = [f"{row[0]}-{at}" for at, row in enumerate(ROWS)]


@pytest.mark.parametrize(("name", "sent", "expected"), ROWS, ids=IDS)
def test_what_a_check_finds(
    bench: Any, name: str, sent: dict[str, Any], expected: list[tuple[Any, ...]]
) -> None:
    """A row of the table."""
    findings = bench.hold(bench.exchange(**sent), checks=select_checks([name])).run.findings
    assert [
        (finding.kind, finding.severity, finding.pointer, finding.observed, finding.reason)
        for finding in findings
    ] == expected


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_a_check_finds_only_its_kinds(bench: Any, row: tuple[str, dict[str, Any], Any]) -> None:
    """The kinds that ``--list`` shows are the ones that come."""
    (check,) = select_checks([row[0]])
    findings = bench.hold(bench.exchange(**row[1]), checks=[check]).run.findings
    assert {finding.kind for finding in findings} <= set(check.kinds)


def test_every_check_is_in_the_table() -> None:
    """A new check needs rows."""
    assert {check.name for check in select_checks([])} == {name for name, *_ in ROWS}


def test_everything_kept_is_told_as_kept(bench: Any, thing: Mapping[str, Any]) -> None:
    """Each check that applies says so, and none finds anything."""
    run = bench.hold(bench.exchange(thing, expiry=NOW + 90 * DAY)).run
    assert run.findings == ()
    (_, account, context) = bench.hold(bench.exchange(thing)).accounts[0]
    assert {
        "get_thing#reachable", "get_thing#server_error", "get_thing#status", "get_thing#authorised",
        "get_thing#content_type", "get_thing#parses", "get_thing#redirect", "get_thing#undocumented",
        "get_thing#identity", "get_thing#latency", "get_thing.200:/state#enum",
        "get_thing.200:/owner#presence", "get_thing.200:invariant/done-has-size",
    } <= account.kept  # fmt: skip
    assert context == ("done",)


@pytest.mark.parametrize(
    ("learned", "found"),
    [
        (Learned(), []),
        (Learned(steady={("done",): {"get_thing.200:/owner#presence": 212}}), ["/owner"]),
        (Learned(steady={("open",): {"get_thing.200:/owner#presence": 212}}), []),
    ],
)
def test_a_listed_field_is_missed_once_it_was_steady(
    bench: Any, thing: Mapping[str, Any], learned: Learned, found: list[str]
) -> None:
    """Only in the context in which it was always there; before, its absence is just noted."""
    body = {name: value for name, value in thing.items() if name != "owner"}
    held = bench.hold(bench.exchange(body), learned=learned)
    vanished = [finding for finding in held.run.findings if finding.kind is Kind.VANISHED]
    assert [finding.pointer for finding in vanished] == found
    assert all(finding.severity is ERROR for finding in vanished)
    (_, account, _) = held.accounts[0]
    presence = frozenset({"get_thing.200:/owner#presence"})
    assert account.absent & presence == (frozenset() if found else presence)
    assert not presence & account.kept


def test_an_invariant_without_its_field_is_not_evaluable(bench: Any) -> None:
    """Which is neither kept nor broken."""
    held = bench.hold(bench.exchange({**OK, "state": "done"}))
    (_, account, _) = held.accounts[0]
    assert account.not_evaluable == {"get_thing.200:invariant/done-has-size"}
    assert held.run.promises.not_evaluable == 1


@pytest.mark.parametrize(
    ("pattern", "found"),
    [("/mood", ["/tone"]), ("/*", []), ("/notes/*/x", ["/mood", "/tone"])],
)
def test_ignored_fields_are_not_undocumented(bench_with: Any, pattern: str, found: list[str]) -> None:
    """The provider's settings say which fields nobody needs to hear of."""
    bench = bench_with(undocumented={"severity": "error", "ignore": [pattern]})
    findings = bench.hold(bench.exchange({**OK, "mood": 1, "tone": 1})).run.findings
    assert [finding.pointer for finding in findings] == found
    assert all(finding.severity is ERROR for finding in findings)


def test_an_optional_field_that_vanishes_only_warns(bench: Any, thing: Mapping[str, Any]) -> None:
    """The page has kept its word, but a reader will want to know."""
    optional = "get_thing.200:/tags#optional"
    learned = Learned(steady={("done",): {optional: 20}})
    body = {name: value for name, value in thing.items() if name != "tags"}
    findings = bench.hold(bench.exchange(body), learned=learned).run.findings
    assert [(f.kind, f.severity, f.pointer) for f in findings] == [(Kind.VANISHED, WARNING, "/tags")]
