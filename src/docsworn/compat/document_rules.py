"""The rows of the rule table that are about operations and not about schemas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from docsworn.compat.changes import Area, Direction, Rule, Verdict
from docsworn.model import Severity

_SEVERITIES = {
    (Verdict.SAFE, Verdict.SAFE): Severity.INFO,
    (Verdict.UNKNOWN, Verdict.UNKNOWN): Severity.WARNING,
    (Verdict.BREAKING, Verdict.SAFE): Severity.WARNING,
    (Verdict.BREAKING, Verdict.BREAKING): Severity.ERROR,
}
_NO_BREAK = (Verdict.SAFE, Verdict.SAFE)
_STRICT_BREAK = (Verdict.BREAKING, Verdict.SAFE)
_BREAK = (Verdict.BREAKING, Verdict.BREAKING)
_OPEN = (Verdict.UNKNOWN, Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Row:
    """A rule's id, its verdicts for the strict and the tolerant reader, and its message."""

    id: str
    verdicts: tuple[Verdict, Verdict]
    message: str


def _pair(
    area: Area, direction: Direction, keyword: str, one: _Row, other: _Row
) -> Iterator[Rule]:  # two changes that are each other's opposite
    yield _rule(area, direction, keyword, one, mirror=other.id)
    yield _rule(area, direction, keyword, other, mirror=one.id)


def _rule(
    area: Area,
    direction: Direction,
    keyword: str,
    row: _Row,
    *,
    mirror: str | None = None,
    waiver: str | None = None,
) -> Rule:
    verdicts = dict(zip(("strict", "tolerant"), row.verdicts, strict=True))
    severity = _SEVERITIES[row.verdicts]
    return Rule(row.id, direction, area, keyword, verdicts, row.message, severity, mirror, waiver)


_OWN_OPPOSITE = "a change is its own opposite"

# A removed status or media type leaves a reader without the answer that it can read; one that is added
# comes only to who asks for it, or beside those that OpenAPI lets every API have unsaid.
DOCUMENT_RULES: tuple[Rule, ...] = (
    *_pair(
        Area.OPERATION, Direction.REQUEST, "paths",
        _Row("operation-removed", _BREAK, "the operation is gone"),
        _Row("operation-added", _NO_BREAK, "the operation is new"),
    ),
    *_pair(
        Area.OPERATION, Direction.REQUEST, "deprecated",
        _Row("operation-deprecated", _NO_BREAK, "the operation is deprecated now"),
        _Row("operation-not-deprecated", _NO_BREAK, "the operation is no longer deprecated"),
    ),
    *_pair(
        Area.STATUS, Direction.RESPONSE, "responses",
        _Row("response-success-status-removed", _BREAK, "status {name} is gone"),
        _Row("response-success-status-added", _NO_BREAK, "status {name} is new"),
    ),
    *_pair(
        Area.STATUS, Direction.RESPONSE, "responses",
        _Row("response-error-status-removed", _NO_BREAK, "status {name} is gone"),
        _Row("response-error-status-added", _NO_BREAK, "status {name} is new"),
    ),
    *_pair(
        Area.MEDIA_TYPE, Direction.RESPONSE, "content",
        _Row("response-media-type-removed", _BREAK, "{name} is gone"),
        _Row("response-media-type-added", _NO_BREAK, "{name} is new"),
    ),
    *_pair(
        Area.HEADER, Direction.RESPONSE, "headers",
        _Row("response-required-header-removed", _BREAK, "required header {name} is gone"),
        _Row("response-required-header-added", _NO_BREAK, "required header {name} is new"),
    ),
    *_pair(
        Area.HEADER, Direction.RESPONSE, "headers",
        _Row("response-optional-header-removed", _STRICT_BREAK, "header {name} is gone"),
        _Row("response-optional-header-added", _NO_BREAK, "header {name} is new"),
    ),
    *_pair(
        Area.HEADER, Direction.RESPONSE, "required",
        _Row("response-header-became-optional", _BREAK, "header {name} is no longer required"),
        _Row("response-header-became-required", _NO_BREAK, "header {name} is required now"),
    ),
    *_pair(
        Area.PROPERTY, Direction.RESPONSE, "x-unnamed",
        _Row("response-unnamed-property-removed", _OPEN, "a field without a name is gone{hint}"),
        _Row("response-unnamed-property-added", _NO_BREAK, "a field came whose name nothing says{hint}"),
    ),
    _rule(
        Area.PROPERTY, Direction.RESPONSE, "properties",
        _Row("response-property-renamed", _BREAK, "field {old} is called {new} now"), waiver=_OWN_OPPOSITE,
    ),
    _rule(
        Area.PROPERTY, Direction.REQUEST, "properties",
        _Row("request-property-renamed", _BREAK, "field {old} is called {new} now"), waiver=_OWN_OPPOSITE,
    ),
    *(
        _rule(
            Area.BODY, direction, "schema",
            _Row(f"{direction}-body-{what}", verdicts, message), waiver="it sums up changes of any kind",
        )
        for direction in Direction
        for what, verdicts, message in (
            ("incompatible", _BREAK, "the changes together break the reader"),
            ("undecided", _OPEN, "neither proven nor broken"),
        )
    ),
    *_pair(
        Area.PARAMETER, Direction.REQUEST, "parameters",
        _Row("request-required-parameter-added", _BREAK, "required {location} parameter {name} is new"),
        _Row("request-required-parameter-removed", _STRICT_BREAK, "{location} parameter {name} is gone"),
    ),
    *_pair(
        Area.PARAMETER, Direction.REQUEST, "parameters",
        _Row("request-optional-parameter-added", _NO_BREAK, "{location} parameter {name} is new"),
        _Row("request-optional-parameter-removed", _STRICT_BREAK, "{location} parameter {name} is gone"),
    ),
    *_pair(
        Area.PARAMETER, Direction.REQUEST, "required",
        _Row("request-parameter-became-required", _BREAK, "{location} parameter {name} is required now"),
        _Row("request-parameter-became-optional", _NO_BREAK, "{location} parameter {name} may be left out"),
    ),
    _rule(
        Area.PARAMETER, Direction.REQUEST, "in",
        _Row("request-parameter-moved", _BREAK, "parameter {name} moved from {old} to {new}"),
        waiver=_OWN_OPPOSITE,
    ),
    _rule(
        Area.PARAMETER, Direction.REQUEST, "style",
        _Row("request-parameter-style-changed", _BREAK, "{location} parameter {name} is written otherwise"),
        waiver=_OWN_OPPOSITE,
    ),
    *_pair(
        Area.PARAMETER, Direction.REQUEST, "default",
        _Row("request-parameter-default-added", _STRICT_BREAK,
             "a default of {location} parameter {name} came"),
        _Row("request-parameter-default-removed", _STRICT_BREAK,
             "the default of {location} parameter {name} went"),
    ),
    _rule(
        Area.PARAMETER, Direction.REQUEST, "default",
        _Row("request-parameter-default-changed", _STRICT_BREAK,
             "the default of {location} parameter {name} changed"),
        waiver=_OWN_OPPOSITE,
    ),
    *_pair(
        Area.BODY, Direction.REQUEST, "requestBody",
        _Row("request-required-body-added", _BREAK, "a body is required now"),
        _Row("request-required-body-removed", _STRICT_BREAK, "no body is sent any more"),
    ),
    *_pair(
        Area.BODY, Direction.REQUEST, "requestBody",
        _Row("request-optional-body-added", _NO_BREAK, "a body may be sent"),
        _Row("request-optional-body-removed", _STRICT_BREAK, "no body is sent any more"),
    ),
    *_pair(
        Area.BODY, Direction.REQUEST, "required",
        _Row("request-body-became-required", _BREAK, "the body is required now"),
        _Row("request-body-became-optional", _NO_BREAK, "the body may be left out"),
    ),
    *_pair(
        Area.MEDIA_TYPE, Direction.REQUEST, "content",
        _Row("request-media-type-removed", _BREAK, "{name} is no longer taken"),
        _Row("request-media-type-added", _NO_BREAK, "{name} is taken too"),
    ),
    *_pair(
        Area.SECURITY, Direction.REQUEST, "security",
        _Row("request-security-tightened", _BREAK, "who was let in with {old} now needs {new}"),
        _Row("request-security-relaxed", _NO_BREAK, "{new} is enough now, it was {old}"),
    ),
)  # fmt: skip
