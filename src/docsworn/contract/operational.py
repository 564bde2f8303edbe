"""What every operation promises without a schema: to answer, as documented, in time, as itself."""

from __future__ import annotations

from docsworn.contract.settings import ProviderSettings
from docsworn.model import Confidence, Kind, Operation, Promise, Severity, Source

_HTTP = "RFC 9110"

# name, kind, severity, pointer, what is documented, who says so (None: the operation on the page)
_ROWS: tuple[tuple[str, Kind, Severity, str, str | None], ...] = (
    ("reachable", Kind.UNREACHABLE, Severity.ERROR, "an answer", _HTTP),
    ("server_error", Kind.STATUS, Severity.ERROR, "no server error", _HTTP),
    ("authorised", Kind.STATUS, Severity.ERROR, "the key is accepted", _HTTP),
    ("status", Kind.STATUS, Severity.ERROR, "{statuses}", None),
    ("content_type", Kind.CONTENT_TYPE, Severity.ERROR, "{media}", None),
    ("parses", Kind.UNPARSEABLE, Severity.ERROR, "strict JSON in UTF-8", "RFC 8259"),
    ("redirect", Kind.REDIRECT, Severity.ERROR, "an answer at this address", None),
    ("undocumented", Kind.UNDOCUMENTED, Severity.WARNING, "only the fields that are listed", None),
    ("identity", Kind.IDENTITY, Severity.ERROR, "the id asked for is the id answered", None),
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
    promises: dict[str, Promise] = {}
    for name, kind, severity, documented, document in _ROWS:
        if name == "identity" and own.identity is None:
            continue
        source = operation.source if document is None else Source(document, 0)
        promises[name] = Promise(
            id=f"{operation.id}#{name}",
            pointer=(own.identity or "") if name == "identity" else "",
            keyword=name,
            kind=kind,
            severity=settings.undocumented.severity if name == "undocumented" else severity,
            confidence=Confidence.DOCUMENTED,
            source=source,
            documented=documented.format(**words),
        )
    for case in own.error_cases:
        promises[case.id] = Promise(
            id=f"{operation.id}#error/{case.id}",
            pointer="",
            keyword="error_case",
            kind=Kind.STATUS,
            severity=Severity.WARNING,
            confidence=Confidence.CURATED if case.reason else Confidence.DOCUMENTED,
            source=operation.source,
            documented=f"status {', '.join(case.expect)}" if case.expect else "a documented refusal",
        )
    return promises
