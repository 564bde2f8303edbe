"""Writes ``docs/metrics.md``: ``python -m docsworn.export.metrics_doc > docs/metrics.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping

from docsworn.export.catalogue import CODES, METRICS, PHASES, STATES, WINDOWS, Metric, Type
from docsworn.model import Kind, Severity
from docsworn.observe.outcome import REASONS

HEAD = """\
# Metrics

`docsworn watch` serves these at `/metrics`, as Prometheus text or OpenMetrics, whichever is asked for.
This page is written by `python -m docsworn.export.metrics_doc`; change the table in `export/catalogue.py`.

A **round** is one pass over the requests of an operation: the good ones, and those of the error contract,
which are meant to be refused and so count neither as failures nor against availability.
No label holds an id, a URL, a place in a body or a message.
Beside these come `process_*` and `python_*`, which the Prometheus client has of the process and of Python.
"""

START = """\
Counters begin at 0 for every reason, every class of status and every kind at every severity, so that
`increase()` sees the first one. Gauges appear when there is something to say: before the first round a 0
would be a lie. With a history they are after a restart what they were before it.
"""


def document() -> str:
    """The whole page in Markdown."""
    parts = [
        HEAD,
        _table(("metric", "type", "labels", "meaning"), (_row(metric) for metric in METRICS)),
        START,
        "## Labels\n",
        _table(
            ("label", "values"),
            ((f"`{name}`", ", ".join(f"`{one}`" for one in values)) for name, values in _closed().items()),
        ),
        "`operation` and `revision` are names of the contract packs, and so is `provider` unless the"
        " configuration gives another name.\n",
        "## Reasons\n",
        "When several fit, the first of this list is the reason of the round.\n",
        _table(("`reason`", "meaning"), ((f"`{name}`", meaning) for name, meaning in REASONS.items())),
    ]
    return "\n".join(parts)


def _closed() -> Mapping[str, tuple[str, ...]]:
    return {
        "kind": tuple(kind.value for kind in Kind),
        "severity": tuple(severity.value for severity in Severity),
        "reason": tuple(REASONS),
        "phase": PHASES,
        "code": CODES,
        "state": STATES,
        "window": WINDOWS,
    }


def _row(metric: Metric) -> tuple[str, ...]:
    labels = metric.label_names + (metric.labels if metric.type is Type.INFO else ())
    named = ", ".join(f"`{name}`" for name in labels)
    return f"`{metric.exported}`", metric.type.value, named, metric.help


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
