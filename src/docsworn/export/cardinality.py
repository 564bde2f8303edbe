"""How many series a target can cost Prometheus, from the catalogue's closed sets of labels."""

from __future__ import annotations

from docsworn.contract.compiled import CompiledContract
from docsworn.export.catalogue import (
    BUCKETS,
    CODES,
    COMMON,
    METRICS,
    NOBODY,
    PHASES,
    PROVIDER,
    STATES,
    WINDOWS,
    Metric,
    Type,
)
from docsworn.model import Kind, Severity
from docsworn.observe.outcome import REASONS

_SIZES = {
    "kind": len(Kind),
    "severity": len(Severity),
    "reason": len(REASONS),
    "phase": len(PHASES),
    "code": len(CODES),
    "state": len(STATES),
    "window": len(WINDOWS),
}


def most_series(contract: CompiledContract, revisions: int, *, objectives: int = 1) -> int:
    """The most series that one target with this contract can have.

    ``objectives`` is how many buckets the objectives of all targets may add to those of the table.
    """
    per_scope = {COMMON: len(contract.operations), PROVIDER: 1, NOBODY: 0}
    return sum(per_scope[row.scope] * _series(row, revisions, objectives) for row in METRICS)


def _series(row: Metric, revisions: int, objectives: int) -> int:
    """How many series one row has within its scope."""
    if row.type is Type.INFO:
        return 1
    if row.type is Type.HISTOGRAM:
        return len(BUCKETS) + objectives + 3  # +Inf, _count and _sum
    product = 1
    for label in row.labels:
        product *= revisions if label == "revision" else _SIZES[label]
    return product
