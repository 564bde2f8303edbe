"""What every operation promises without a schema: to answer, as documented, in time, as itself."""

from __future__ import annotations

from collections.abc import Mapping

from docsworn.contract.settings import ErrorCase, OperationSettings, ProviderSettings
from docsworn.model import Confidence, Kind, Operation, Promise, Response, Severity, Source

# name, kind, severity, what is documented, who says so: a standard, the settings, or a part of the page
_ROWS: tuple[tuple[str, Kind, Severity, str, str], ...] = (
    ("reachable", Kind.UNREACHABLE, Severity.ERROR, "an answer", "RFC 9110"),
    ("server_error", Kind.STATUS, Severity.ERROR, "no server error", "RFC 9110"),
    ("authorised", Kind.STATUS, Severity.ERROR, "the key is accepted", "RFC 9110"),
    ("status", Kind.STATUS, Severity.ERROR, "{statuses}", "page: success"),
    ("content_type", Kind.CONTENT_TYPE, Severity.ERROR, "{media}", "page: success"),
    ("rate_limit", Kind.HEADER, Severity.WARNING, "rate-limit headers that can be read", "RFC 9110"),
    ("parses", Kind.UNPARSEABLE, Severity.ERROR, "strict JSON in UTF-8", "RFC 8259"),
    ("redirect", Kind.REDIRECT, Severity.ERROR, "an answer at this address", "RFC 9110"),
    ("undocumented", Kind.UNDOCUMENTED, Severity.WARNING, "only the fields that are listed", "page: success"),
    ("novel", Kind.NOVEL, Severity.WARNING, "what was always so", "profile"),
    ("identity", Kind.IDENTITY, Severity.ERROR, "the id asked for is the id answered", "page: id"),
    ("latency", Kind.LATENCY, Severity.WARNING, "an answer within {latency} s", "provider.yaml"),
    ("certificate", Kind.CERTIFICATE, Severity.WARNING, "a certificate that stays valid", "provider.yaml"),
)


def operational_promises(operation: Operation, settings: ProviderSettings) -> dict[str, Promise]:
    """The operational promises of one operation by their short name (``status``)."""
    own = settings.operations[operation.id]
    media = sorted({media for response in operation.responses.values() for media in response.media_types})
    words = {
        "statuses": f"status {', '.join(operation.responses)}",
        "media": ", ".join(media) or "application/json",
        "latency": f"{settings.objectives.latency_seconds:g}",
    }
    sources = _sources(operation, own, settings)
    promises: dict[str, Promise] = {}
    for name, kind, severity, documented, said_by in _ROWS:
        if name == "identity" and own.identity is None:
            continue
        source, confidence = sources.get(said_by) or (Source(said_by, 0), Confidence.DOCUMENTED)
        promises[name] = Promise(
            id=f"{operation.id}#{name}",
            pointer=(own.identity or "") if name == "identity" else "",
            keyword=name,
            kind=kind,
            severity=settings.undocumented.severity if name == "undocumented" else severity,
            confidence=confidence,
            source=source,
            documented=documented.format(**words),
        )
    promises.update({case.id: _error_promise(operation, settings, case) for case in own.error_cases})
    return promises


def _sources(
    operation: Operation, own: OperationSettings, settings: ProviderSettings
) -> Mapping[str, tuple[Source, Confidence]]:
    success = _first(operation, "2")
    asked = next((each for each in operation.parameters if each.name == own.id_parameter), None)
    said = (operation.source, Confidence.DOCUMENTED)
    return {
        "page: success": (success.source, success.confidence) if success else said,
        "page: id": (asked.source, Confidence.DOCUMENTED) if asked else said,
        "profile": (Source("profile", 0), Confidence.CORROBORATED),
        "provider.yaml": (_settings_source(settings), Confidence.CURATED),
    }


def _error_promise(operation: Operation, settings: ProviderSettings, case: ErrorCase) -> Promise:
    """That a bad request is refused; a status that the page does not have is a person's word."""
    wanted = next(
        (operation.responses[status] for status in case.expect if status in operation.responses), None
    )
    response = wanted if case.expect else _first(operation, "4")
    refusals = case.expect or [status for status in operation.responses if status.startswith("4")]
    return Promise(
        id=f"{operation.id}#error/{case.id}",
        pointer="",
        keyword="error_case",
        kind=Kind.STATUS,
        severity=Severity.WARNING,
        confidence=response.confidence if response else Confidence.CURATED,
        source=response.source if response else _settings_source(settings),
        documented=f"{case.id} is refused with status {' or '.join(refusals) or '4xx'}",
    )


def _first(operation: Operation, status_class: str) -> Response | None:
    found = (response for status, response in operation.responses.items() if status.startswith(status_class))
    return next(found, None)


def _settings_source(settings: ProviderSettings) -> Source:
    return Source(f"{settings.provider}/provider.yaml", 0)
