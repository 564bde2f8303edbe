"""Availability and latency over time, gathered into buckets that a picture can show."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from docsworn.observe.scope import Scope
from docsworn.observe.unusable import reads_rows

MOST_BUCKETS = 100
PHASES = ("dns", "connect", "tls", "send", "wait", "receive")
_WIDTHS = (60, 300, 900, 3600, 6 * 3600, 86_400, 7 * 86_400, 28 * 86_400)  # seconds

_SCOPE = "(host, provider, operation, revision) = (?, ?, ?, ?)"
_SPAN = f"SELECT min(at), max(at) FROM run WHERE {_SCOPE} AND at >= ?"  # noqa: S608
_RUNS = f"""
SELECT CAST(at / ? AS INTEGER) AS bucket, count(*), count(available), total(available),
  total(verdict = 'broken')
FROM run WHERE {_SCOPE} AND at >= ? GROUP BY bucket ORDER BY bucket
"""  # noqa: S608
# A connection that was used again took no time to make, so what is NULL counts as 0.
_LATENCIES = f"""
SELECT CAST(at / ? AS INTEGER) AS bucket, avg(total), max(total),
  {", ".join(f"avg(coalesce({phase}, 0.0))" for phase in PHASES)}
FROM run JOIN exchange ON exchange.run = run.id
WHERE {_SCOPE} AND at >= ? AND purpose = 'good' AND status IS NOT NULL GROUP BY bucket
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Bucket:
    """A stretch of time from ``start`` (Unix seconds), ``seconds`` long, with what it saw.

    ``available`` of ``judged`` rounds were; ``broken`` of ``runs`` were. ``mean`` and ``slowest`` are
    seconds of good answers (None where there was none), and ``phases`` the means in the order of PHASES.
    """

    start: float
    seconds: int
    runs: int
    judged: int
    available: int
    broken: int
    mean: float | None = None
    slowest: float | None = None
    phases: tuple[float, ...] = ()


@reads_rows
def read_trend(database: sqlite3.Connection, scope: Scope, since: float) -> tuple[Bucket, ...]:
    """At most a hundred buckets from ``since`` on, oldest first; those without a run are left out."""
    first, last = database.execute(_SPAN, (*scope.key, since)).fetchone()
    if first is None:
        return ()
    width = next((one for one in _WIDTHS if (last - first) / one < MOST_BUCKETS - 1), _WIDTHS[-1])
    given = (width, *scope.key, since)
    times = {bucket: told for bucket, *told in database.execute(_LATENCIES, given)}
    buckets = []
    for bucket, runs, judged, available, broken in database.execute(_RUNS, given):
        mean, slowest, *phases = times.get(bucket, (None, None))
        buckets.append(
            Bucket(
                *(float(bucket * width), width, runs, judged, int(available), int(broken)),
                *(mean, slowest, tuple(phases)),
            )
        )
    return tuple(buckets)
