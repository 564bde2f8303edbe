"""Keeps what the last round of a target came to, so that a restart does not forget it."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from docsworn.observe.journal import Journal
from docsworn.probe.budget import DAY
from docsworn.watch.outcome import Outcome
from docsworn.watch.watched import Watched

_OUTCOME = TypeAdapter(Outcome)
Gauges = tuple[tuple[tuple[str, ...], float], ...]  # name and labels, and value
_GAUGES = TypeAdapter(Gauges)


def keep(journal: Journal, watched: Watched, outcome: Outcome) -> None:
    """Keep an outcome in place of the one before; there is no value of an exchange in it."""
    text = _OUTCOME.dump_json(outcome).decode()
    journal.keep(watched.subject, _name(watched, outcome.module), outcome.ended, text)


def recall(journal: Journal, watched: Watched, module: str, now: float) -> Outcome | None:
    """The outcome that was kept, unless it is of another contract, older than a day or of the future."""
    text = journal.kept(watched.subject, _name(watched, module), since=now - DAY, until=now)
    try:
        outcome = None if text is None else _OUTCOME.validate_json(text)
    except ValidationError:  # of another version of docsworn
        return None
    known = watched.contract.operations
    if outcome is None or any(run.operation not in known for run in outcome.runs):
        return None
    return outcome


def keep_gauges(journal: Journal, watched: Watched, gauges: Gauges, at: float) -> None:
    """Keep what is scraped of a target: not each round says everything anew."""
    journal.keep(watched.subject, _name(watched, " gauges"), at, _GAUGES.dump_json(gauges).decode())


def recall_gauges(journal: Journal, watched: Watched, now: float) -> Gauges:
    """What was scraped of a target, on the same terms as ``recall``; nothing where it is not known."""
    text = journal.kept(watched.subject, _name(watched, " gauges"), since=now - DAY, until=now)
    try:
        return () if text is None else _GAUGES.validate_json(text)
    except ValidationError:
        return ()


def _name(watched: Watched, what: str) -> str:
    contract = watched.contract.contract
    return f"{what}/{contract.revision}/{contract.sha256}"
