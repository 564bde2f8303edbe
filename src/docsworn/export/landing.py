"""The landing page of the watch: every target with its state, for a person who comes by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from docsworn import __version__
from docsworn.model import Severity
from docsworn.observe.outcome import contract_findings, judge
from docsworn.watch.desk import Desk
from docsworn.watch.outcome import Outcome
from docsworn.watch.watched import Watched

TEMPLATES = Path(__file__).parent / "templates"
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One target as the page has it; ``mark`` is a sign for those who do not see colours."""

    name: str
    contract: str
    mark: str
    state: str
    conforms: str
    last: str
    budget: str


def landing(desk: Desk | None, *, reloads: bool, clock: float) -> str:
    """The page; at most 200 targets are listed."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    rows = [] if desk is None else list(_rows(desk, clock))
    return environment.get_template("landing.html").render(
        version=__version__, rows=rows[:MOST_ROWS], more=max(0, len(rows) - MOST_ROWS), reloads=reloads
    )


def _rows(desk: Desk, clock: float) -> Iterator[Row]:
    for name, prober in sorted(desk.probers.items()):
        watched, outcome = prober.watched, desk.last(name)
        contract = watched.contract.contract
        mark, state = ("·", "not probed yet") if outcome is None else _state(watched, outcome, clock)
        yield Row(
            name=name,
            contract=f"{contract.provider}@{contract.revision}",
            mark=mark,
            state=state,
            conforms="" if outcome is None else _conforms(watched, outcome),
            last="" if outcome is None else _moment(outcome.ended),
            budget="" if outcome is None else f"{outcome.remaining.minute} / {outcome.remaining.day}",
        )


def _state(watched: Watched, outcome: Outcome, clock: float) -> tuple[str, str]:
    """A sign and a few words; the first that fits."""
    if outcome.hold_until > clock:
        return "‖", f"asked to pause until {_moment(outcome.hold_until)}"
    if outcome.offline:
        return "?", "our own network is gone"
    judged = [judge(run, watched.contract.operation(run.operation)) for run in outcome.runs]
    reasons = [one.reason for one in judged if one.reason]
    if reasons:
        return "✗", f"failing: {reasons[0]}"
    if any(one.success for one in judged):
        return "✓", "up"
    return "?", "nothing learned in the last round"


def _conforms(watched: Watched, outcome: Outcome) -> str:
    runs = [run for run in outcome.runs if run.reached]
    if not runs:
        return ""
    about = [
        finding
        for run in runs
        for finding in contract_findings(run, watched.contract.operation(run.operation))
    ]
    errors = len({one.fingerprint for one in about if one.severity is Severity.ERROR})
    others = len({one.fingerprint for one in about if one.severity is not Severity.ERROR})
    return f"broken: {errors} errors, {others} others" if errors else f"kept; {others} others"


def _moment(unix: float) -> str:
    return datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
