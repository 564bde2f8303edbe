"""What a format of comparisons is, where they are found, and what all of them say of a finding."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from docsworn.compat.changes import Verdict
from docsworn.compat.report import Found, Report, worst
from docsworn.errors import UnknownNameError
from docsworn.export import changes
from docsworn.export.text import printable
from docsworn.export.view import count

_MOST_PLACES = 3
ORDER = (Verdict.BREAKING, Verdict.UNKNOWN, Verdict.SAFE)


@dataclass(frozen=True, slots=True)
class ChangeFormat:
    """A way to write a comparison down; ``render`` gets it with the verdicts that fail the run."""

    name: str
    summary: str
    render: Callable[[Report, frozenset[Verdict]], str]


@dataclass(frozen=True, slots=True)
class View:
    """A finding as printable text; ``rows`` are named details, ``places`` all it reaches."""

    verdict: Verdict
    rule: str
    where: str
    message: str
    places: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]


def change_formats() -> tuple[str, ...]:
    """The names of all formats, sorted; nothing is imported."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(changes.__path__)))


def load_change_format(name: str) -> ChangeFormat:
    """One format, importing only what it needs; UnknownNameError for a name that is none."""
    if name not in change_formats():
        raise UnknownNameError("format", name, change_formats())
    found = importlib.import_module(f"{changes.__name__}.{name}").FORMAT
    if not isinstance(found, ChangeFormat):
        raise TypeError(f"changes/{name}.py: FORMAT is not a ChangeFormat")
    return found


def view(one: Found) -> View:
    """A finding as text that is safe to show."""
    places = tuple(printable(str(reach)) for reach in one.reached)
    rows = {
        "node": _node(one),
        "source": " → ".join(
            str(source) for source in (one.old_source, one.new_source) if source is not None
        ),
        "confidence": one.confidence.value if one.confidence is not None else "",
        "evidence": "; ".join(one.evidence),
        "reason": one.reason,
        "witness": one.witness or "",
        "unsettled": "" if one.settled else one.unsettled,
        "responses": one.settled,
        "ignored": one.ignored or "",
    }
    return View(
        verdict=one.verdict,
        rule=one.change.rule,
        where=places_line(places, one.more),
        message=printable(one.change.message),
        places=places,
        rows=tuple((name, printable(text)) for name, text in rows.items() if text),
    )


def places_line(places: Sequence[str], unlisted: int = 0) -> str:
    """The first places that a change reaches, and how many more there are, those not listed among them."""
    more = unlisted + max(0, len(places) - _MOST_PLACES)
    return "; ".join(places[:_MOST_PLACES]) + (f"; and {more} more" if more > 0 else "")


def headline(report: Report) -> str:
    """Both names and the verdict for the reader."""
    whom = f"the {report.reader} reader" + ("" if report.uses is None else ", for what it uses")
    return printable(f"{report.old} → {report.new}: {report.verdict} for {whom}")


def summary(report: Report) -> tuple[str, ...]:
    """What was compared and found, in sentences."""
    counts = [
        f"{sum(one.verdict is verdict for one in report.counted)} {verdict}"
        for verdict in ORDER
        if any(one.verdict is verdict for one in report.counted)
    ]
    told = ", ".join(counts) or "no change"
    compared = f"{count(report.operations, 'operation')} compared: " if report.operations else ""
    lines = [f"{compared}{told}"]
    ignored = len(report.found) - len(report.counted)
    if ignored:
        lines.append(f"{count(ignored, 'finding')} ignored")
    if report.outside:
        verdict = worst(one.verdict for one in report.outside)
        lines.append(f"{count(len(report.outside), 'change')} outside what is used, at worst {verdict}")
    if report.served:
        told = ", ".join(f"{kept} valid under {printable(name)}" for name, kept, _of in report.served)
        lines.append(f"{count(report.served[0][2], 'response')} seen: {told}")
    return tuple(lines)


def sections(report: Report) -> tuple[tuple[str, tuple[Found, ...]], ...]:
    """The findings under headings: those that count, the ignored ones, those outside the uses."""
    ignored = tuple(one for one in report.found if one.ignored is not None)
    parts = (("", report.counted), ("ignored", ignored), ("outside what is used", report.outside))
    return tuple((title, found) for title, found in parts if found)


def _node(one: Found) -> str:
    old, new = one.change.old_pointer, one.change.new_pointer
    shown = [f"#{pointer}" if pointer is not None else "none" for pointer in (old, new)]
    return shown[0] if shown[0] == shown[1] else " → ".join(shown)
