"""What is worth a line of the log: each change of a state once, however many rounds it lasts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from docsworn.model import FailureReason, Run, Severity
from docsworn.observe.outcome import REASONS, contract_findings, fixtures, judge, teaches
from docsworn.watch.outcome import Outcome
from docsworn.watch.watched import Watched

NETWORK = " own network"  # no target has a blank in its name
# What is said when a state is bad, and when it is good again; docs/runbooks.md has the same table.
LINES = {
    "availability": ("down: {0}: {1}", "up again: {0}"),
    "pause": ("paused: the provider asks for no request until {1}", "the pause is over"),
    "budget": ("the budget of requests is spent: rounds are left out", "there is budget again"),
    "fixture": ("a conversation is gone: {0}", "a conversation is there again: {0}"),
    "contract": ("the contract is broken: {0}: {1}", "the contract is kept again: {0}"),
    "round": ("the round failed, by docsworn's own fault: {1}", "rounds are held again"),
    "documentation": (
        "the documentation says other facts than the contract",
        "the documentation says the facts of the contract again",
    ),
    "network": (
        "our own network is gone: no host can be connected to",
        "our own network is back",
    ),
}


@dataclass(frozen=True, slots=True)
class State:
    """One aspect of a target, or of a part of it; ``trouble`` is empty where it is good.

    ``told`` is said beside it and may change without being news.
    """

    aspect: str
    part: str = ""
    trouble: str = ""
    told: str = ""


class News:
    """Knows the states of all targets; what is not known yet counts as good."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str], str] = {}

    def of(self, name: str, states: Iterator[State]) -> Iterator[str]:
        """A line for each state that has changed, without a value of any exchange."""
        for state in states:
            key = (name, state.aspect, state.part)
            before = self._known.get(key, "")
            if state.trouble == before:
                continue
            self._known[key] = state.trouble
            line = LINES[state.aspect][0 if state.trouble else 1].format(
                state.part, state.told or state.trouble
            )
            yield line if name == NETWORK else f"{name}: {line}"

    def forget(self, name: str) -> None:
        """Know nothing of a target from now on."""
        for key in [key for key in self._known if key[0] == name]:
            del self._known[key]


def states(watched: Watched, outcome: Outcome) -> Iterator[State]:
    """What an outcome says of a target; of what it does not show it says nothing."""
    held = outcome.hold_until > outcome.ended
    yield State("pause", trouble="held" if held else "", told=_moment(outcome.hold_until))
    failures = {
        one.failure.reason for run in outcome.runs for one in run.exchanges if one.failure is not None
    }
    if outcome.runs:
        yield State("budget", trouble="spent" if FailureReason.BUDGET in failures else "")
    for run in outcome.runs:
        yield from _of_run(watched, run, outcome)


def _of_run(watched: Watched, run: Run, outcome: Outcome) -> Iterator[State]:
    operation = watched.contract.operation(run.operation)
    judged = judge(run, operation)
    if judged.success is not None and not outcome.offline:
        reason = judged.reason or ""
        told = f"{reason} ({REASONS[reason]})" if reason else ""
        yield State("availability", run.operation, reason, told)
    present, gone = fixtures(run, operation)
    yield from (State("fixture", name, "gone") for name in sorted(gone))
    yield from (State("fixture", name) for name in sorted(present))
    if teaches(run, operation):
        broken = {one.kind for one in contract_findings(run, operation) if one.severity is Severity.ERROR}
        yield State("contract", run.operation, "broken" if broken else "", ", ".join(sorted(broken)))


def _moment(unix: float) -> str:
    return datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
