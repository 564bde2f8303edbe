"""One self-contained HTML page: no network, readable in light, in dark, on paper and by a screen reader.

Its one script only hides what the filters leave out; without it everything is shown.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from docsworn.export.background import Background
from docsworn.export.charts import Trend, draw
from docsworn.export.report import Format, ReportInfo
from docsworn.export.since_last import changes
from docsworn.export.text import printable
from docsworn.export.tree import Node, tree_of
from docsworn.export.view import (
    HEADINGS,
    Group,
    Observation,
    ages,
    by_provider,
    count,
    fixed,
    moment,
    observations,
)
from docsworn.model import Exchange, Run, Severity, Tally, Timings, Verdict
from docsworn.observe.trend import PHASES

TEMPLATES = Path(__file__).parent.parent / "templates"
_MOST_STATES = 8  # of a finding that comes and goes, the last
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
class Told:
    """One finding of the page, with its history in words; ``history`` has a moment and a state each."""

    run: Run
    one: Observation
    history: tuple[tuple[str, str], ...]
    runs: str
    last: str


@dataclass(frozen=True, slots=True)
class Section:
    """One operation of the page."""

    run: Run
    mark: str
    host: str
    served: str
    bar: tuple[Segment, ...]
    told: tuple[Told, ...]
    counts: Mapping[str, int]
    changes: tuple[str, ...]
    trend: Trend | None
    tree: tuple[Node, ...]
    rows: tuple[Row, ...]


def render(runs: Sequence[Run], info: ReportInfo) -> str:
    """The page; everything that a provider may have named is escaped, also where it looks harmless."""
    style, script = (_own(name) for name in ("report.css", "report.js"))
    sections = [_section(run, info.background(run)) for run in runs]
    page = _template().render(
        info=info,
        style=style,
        script=script,
        # The hashes let in these two and no others: not even an escaped mistake could restyle or run.
        style_hash=_digest(style),
        script_hash=_digest(script),
        providers={
            name: [section for section in sections if section.run.provider == name]
            for name in by_provider(runs)
        },
        changed=[section for section in sections if section.changes],
        findings=_by_group(sections),
        groups=tuple(Group),
        severities=tuple(Severity),
        verdicts={verdict: sum(run.verdict is verdict for run in runs) for verdict in Verdict},
        found=_found(sections),
        phases=(*PHASES, "other"),
    )
    return page + "\n"


@cache
def _template() -> Template:
    """The page's template, compiled once a process."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    return environment.get_template("report.html")


def _own(name: str) -> Markup:
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704  our own file


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _finalize(value: object) -> object:
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _section(run: Run, background: Background) -> Section:
    seen = (*observations(run, background), *fixed(run, background))
    longest = max((exchange.timings.total for exchange in run.exchanges), default=0.0)
    return Section(
        run=run,
        mark=MARKS[run.verdict],
        host=background.host,
        served=_served(run),
        bar=_tally_bar(run.promises),
        told=tuple(_told(run, one, background) for one in seen),
        counts=Counter(one.group.value for one in seen),
        changes=changes(run, background),
        trend=draw(background.trend),
        tree=tree_of(background.promises),
        rows=tuple(_row(exchange, longest) for exchange in run.exchanges),
    )


def _served(run: Run) -> str:
    """The revision that fits best, where that is another one than was checked."""
    shares = dict(run.fits)
    best = run.fits[0][0] if run.fits else ""
    return best if best and shares[best] > shares.get(run.revision, 0.0) else ""


def _told(run: Run, one: Observation, background: Background) -> Told:
    life = one.life
    if life is None:
        return Told(run, one, (), "", "")
    states = background.states.get(life.id, ())[-_MOST_STATES:]
    history = tuple((moment(at), state.value) for at, state in states)
    return Told(run, one, history, count(life.count, "run"), moment(life.last_seen))


def _by_group(sections: Sequence[Section]) -> Mapping[str, Sequence[Told]]:
    """The findings of all sections under the headings that have any."""
    told = [each for section in sections for each in section.told]
    groups = {group: [each for each in told if each.one.group is group] for group in Group}
    return {HEADINGS[group]: found for group, found in groups.items() if found}


def _found(sections: Sequence[Section]) -> str:
    quiet = (Group.WAIVED, Group.FIXED)
    seen = [each.one for section in sections for each in section.told]
    severities = [one.severity for one in seen if one.group not in quiet]
    named = ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "remark"))
    counts = [count(severities.count(severity), name) for severity, name in named if severity in severities]
    return (", ".join(counts) or "no findings") + ages(seen)


def _tally_bar(tally: Tally) -> tuple[Segment, ...]:
    parts = {
        "kept": tally.kept,
        "broken": tally.broken,
        "not-evaluable": tally.not_evaluable,
        "unseen": tally.unseen,
    }
    least = sum(parts.values()) / 100  # one promise of a thousand must be seen too
    return _segments({name: max(size, least) if size else 0 for name, size in parts.items()})


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


def _segments(parts: Mapping[str, float], whole: float = 0.0) -> tuple[Segment, ...]:
    """The parts one after the other; ``whole`` is what fills the bar, their sum where it is not said."""
    segments, start = [], 0.0
    whole = whole or sum(parts.values())
    for name, size in parts.items():
        width = 100.0 * size / whole if whole else 0.0
        if width > 0:
            segments.append(Segment(name, round(start, 2), round(width, 2)))
        start += width
    return tuple(segments)


FORMAT = Format("html", "one self-contained page for a browser", render)
