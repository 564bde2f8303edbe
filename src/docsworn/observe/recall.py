"""A run of the past as a Run again, so that a report of it needs no format of its own."""

from __future__ import annotations

from collections.abc import Sequence

from docsworn.model import Run
from docsworn.observe.history import History
from docsworn.observe.scope import Scope


def recall(history: History, scope: Scope) -> Run | None:
    """The last run of a scope; None where there is none. Its exchanges have no paths and no bodies."""
    for past in history.runs(scope, last=1):
        findings = [one.finding for one in history.findings(scope) if one.last_seen == past.at]
        return Run(
            provider=scope.provider,
            operation=scope.operation,
            revision=scope.revision,
            verdict=past.verdict,
            exchanges=history.exchanges(past),
            promises=past.promises,
            findings=tuple(findings),
            notes=past.notes,
            fits=past.fits,
            kinds=past.kinds,
            not_evaluable=past.not_evaluable,
            crashes=past.crashes,
        )
    return None


def last_scopes(
    history: History, providers: Sequence[str] = (), host: str | None = None
) -> tuple[Scope, ...]:
    """The scope of the newest run of each provider's operation, by provider; of one host where named."""
    newest: dict[tuple[str, str], Scope] = {}
    for scope in history.scopes():
        if (not providers or scope.provider in providers) and host in (None, scope.host):
            newest.setdefault((scope.provider, scope.operation), scope)
    return tuple(newest[key] for key in sorted(newest))
