"""One self-contained HTML page: no script, no network, readable in light, in dark and by a screen reader."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from docsworn.export.report import Format, ReportInfo
from docsworn.export.text import printable
from docsworn.export.view import Observation, by_provider, count, observations
from docsworn.model import Exchange, Run, Severity, Tally, Timings, Verdict

TEMPLATES = Path(__file__).parent.parent / "templates"
PHASES = ("dns", "connect", "tls", "send", "wait", "receive")
MARKS = {Verdict.KEPT: "✓", Verdict.BROKEN: "✗", Verdict.UNSEEN: "?"}


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar; ``start`` and ``width`` are in percent of the whole bar."""

    name: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Row:
    """One exchange in the table of latencies."""

    case: str
    outcome: str
    seconds: float
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One operation of the page."""

    run: Run
    mark: str
    bar: tuple[Segment, ...]
    open: tuple[Observation, ...]
    waived: tuple[Observation, ...]
    rows: tuple[Row, ...]


def render(runs: Sequence[Run], info: ReportInfo) -> str:
    """The page; everything that a provider may have named is escaped, also where it looks harmless."""
    style = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    sections = [_section(run) for run in runs]
    page = environment.get_template("report.html").render(
        info=info,
        style=Markup(style),  # noqa: S704  our own file
        # The hash lets in this style and no other, so that not even an escaped mistake could restyle.
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        providers={
            name: [section for section in sections if section.run.provider == name]
            for name in by_provider(runs)
        },
        verdicts={verdict: sum(run.verdict is verdict for run in runs) for verdict in Verdict},
        marks=MARKS,
        found=_found(sections),
        phases=PHASES,
    )
    return page + "\n"


def _finalize(value: object) -> object:
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _section(run: Run) -> Section:
    seen = observations(run)
    longest = max((exchange.timings.total for exchange in run.exchanges), default=0.0)
    return Section(
        run=run,
        mark=MARKS[run.verdict],
        bar=_tally_bar(run.promises),
        open=tuple(one for one in seen if not one.waived),
        waived=tuple(one for one in seen if one.waived),
        rows=tuple(_row(exchange, longest) for exchange in run.exchanges),
    )


def _found(sections: Sequence[Section]) -> str:
    severities = [one.severity for section in sections for one in section.open]
    named = ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "remark"))
    counts = [count(severities.count(severity), name) for severity, name in named if severity in severities]
    return ", ".join(counts) or "no findings"


def _tally_bar(tally: Tally) -> tuple[Segment, ...]:
    parts = {
        "kept": tally.kept,
        "broken": tally.broken,
        "not-evaluable": tally.not_evaluable,
        "unseen": tally.unseen,
    }
    return _segments(parts, sum(parts.values()))


def _row(exchange: Exchange, longest: float) -> Row:
    failure = exchange.failure
    outcome = failure.reason.value if failure else str(exchange.status or "nothing came")
    return Row(
        case=exchange.case.id,
        outcome=outcome,
        seconds=exchange.timings.total,
        segments=_segments(_phases(exchange.timings), longest),
    )


def _phases(timings: Timings) -> dict[str, float]:
    parts = {name: getattr(timings, name) or 0.0 for name in PHASES}
    return {**parts, "other": max(0.0, timings.total - sum(parts.values()))}


def _segments(parts: dict[str, float] | dict[str, int], whole: float) -> tuple[Segment, ...]:
    segments, start = [], 0.0
    for name, size in parts.items():
        width = 100.0 * size / whole if whole else 0.0
        if width > 0:
            segments.append(Segment(name, round(start, 2), round(width, 2)))
        start += width
    return tuple(segments)


FORMAT = Format("html", "one self-contained page for a browser", render)
