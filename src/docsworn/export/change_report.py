"""What a format of comparisons is, where they are found, and what all of them say of a finding."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from docsworn.compat.changes import Verdict
from docsworn.compat.report import Found, Report, worst
from docsworn.errors import UnknownNameError
from docsworn.export import changes
from docsworn.export.text import printable
from docsworn.export.view import count

_MOST_PLACES = 3
_FEW = 12  # findings that need no sum of them
ORDER = (Verdict.BREAKING, Verdict.UNKNOWN, Verdict.SAFE)


@dataclass(frozen=True, slots=True)
class ChangeFormat:
    """A way to write a comparison down; ``render`` gets it with the verdicts that fail the run."""

    name: str
    summary: str
    render: Callable[[Report, frozenset[Verdict]], str]


@dataclass(frozen=True, slots=True)
class View:
    """A finding as printable text; ``rows`` are named details, ``places`` those listed that it reaches.

    ``more`` is how many it reaches beside them.
    """

    verdict: Verdict
    rule: str
    where: str
    message: str
    places: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]
    more: int = 0

    @property
    def is_shared(self) -> bool:
        """Whether more than one place reaches the change."""
        return len(self.places) + self.more > 1


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
        more=one.more,
    )


def places_line(places: Sequence[str], unlisted: int = 0) -> str:
    """The places that a change reaches; where they are many the first, and how many more there are."""
    several = len(places) + unlisted > _MOST_PLACES
    shown = places[:1] if several else places
    more = unlisted + len(places) - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more > 0 else "")


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


def tally(report: Report) -> tuple[tuple[Verdict, str, int], ...]:
    """How often each rule was found with each verdict, the worst and most frequent first; of few nothing."""
    if len(report.counted) <= _FEW:
        return ()
    counted = Counter((one.verdict, one.change.rule) for one in report.counted)
    ranked = sorted(counted.items(), key=lambda row: (ORDER.index(row[0][0]), -row[1], row[0][1]))
    return tuple((verdict, rule, number) for (verdict, rule), number in ranked)


def sections(report: Report) -> tuple[tuple[str, tuple[Found, ...]], ...]:
    """The findings under headings: those that count, the ignored ones, those outside the uses."""
    ignored = tuple(one for one in report.found if one.ignored is not None)
    parts = (("", report.counted), ("ignored", ignored), ("outside what is used", report.outside))
    return tuple((title, found) for title, found in parts if found)


def _node(one: Found) -> str:
    old, new = one.change.old_pointer, one.change.new_pointer
    shown = [f"#{pointer}" if pointer is not None else "none" for pointer in (old, new)]
    return shown[0] if shown[0] == shown[1] else " → ".join(shown)
