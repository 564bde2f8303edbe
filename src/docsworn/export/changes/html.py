"""One self-contained HTML page of a comparison: no script, no network."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from docsworn.compat.changes import Verdict
from docsworn.compat.report import Report
from docsworn.export.change_report import ChangeFormat, headline, sections, summary, tally, view
from docsworn.export.text import printable

_COUNTED = "changes"
TEMPLATES = Path(__file__).parent.parent / "templates"


def render(report: Report, _failing: frozenset[Verdict]) -> str:
    """The comparison as a page."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    style = (TEMPLATES / "changes.css").read_text(encoding="utf-8")
    page = environment.get_template("changes.html").render(
        style=Markup(style),  # noqa: S704  our own file
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        headline=headline(report),
        verdict=report.verdict.value,
        summary=summary(report),
        tally=tally(report),
        sections=[(title or _COUNTED, [view(one) for one in found]) for title, found in sections(report)],
        notes=[printable(note) for note in report.notes],
    )
    return page + "\n"


FORMAT = ChangeFormat("html", "one self-contained page for a browser", render)
