"""Workflow commands of GitHub Actions: an error for what breaks, a warning for what is unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from docsworn.compat.changes import Verdict
from docsworn.compat.report import Report
from docsworn.export.change_report import ChangeFormat, headline, summary, view

_MOST = 10  # of each kind: a step shows no more
_COMMANDS = {Verdict.BREAKING: "error", Verdict.UNKNOWN: "warning"}


def render(report: Report, failing: frozenset[Verdict]) -> str:
    """The comparison as lines that annotate a workflow's run."""
    return "".join(f"{line}\n" for line in _lines(report, failing))


def _lines(report: Report, failing: frozenset[Verdict]) -> Iterator[str]:
    yield f"::notice title=docsworn compat::{_data('; '.join((headline(report), *summary(report))))}"
    shown: Counter[str] = Counter()
    for one in report.counted:
        command = "error" if one.verdict in failing else _COMMANDS.get(one.verdict)
        if command is not None:
            shown[command] += 1
            if shown[command] > _MOST:
                continue
            seen = view(one)
            rows = [f"{name}: {text}" for name, text in seen.rows]
            text = "\n".join([f"{seen.where}: {seen.message}", *rows])
            yield f"::{command} title={_title(f'{seen.verdict}: {seen.rule}')}::{_data(text)}"
    left = sum(max(0, number - _MOST) for number in shown.values())
    if left:
        yield f"::notice title=docsworn compat::and {left} more: --format json tells all"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _title(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMAT = ChangeFormat("github", "annotations of a GitHub workflow", render)
