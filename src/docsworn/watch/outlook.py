"""What a target will cost, before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass

from docsworn.probe.budget import DAY, MINUTE
from docsworn.watch.budget import fits_budget, requests_in
from docsworn.watch.config import OWN_MODULE
from docsworn.watch.rotation import menus, requests_per_round
from docsworn.watch.watched import Watched


@dataclass(frozen=True, slots=True)
class Outlook:
    """Requests of one target: in an ordinary round, of the error contract, a minute and a day.

    Without a schedule the minute and the day are 0. ``problems`` say what does not fit the budget.
    """

    round: int
    errors: int
    minute: int
    day: int
    problems: tuple[str, ...]


def outlook(watched: Watched) -> Outlook:
    """The requests that a target's schedule will send, and whether its budget allows them."""
    manner, budget = watched.modules[OWN_MODULE], watched.target.budget
    menu = menus(watched.contract, watched.target.ids, manner.scenarios)
    usual = requests_per_round(menu, manner.at_once)
    errors = 0 if manner.error_seconds is None else sum(len(one.errors) for one in menu)
    if manner.error_seconds == 0.0:
        usual += errors
    interval = watched.interval_seconds
    if interval is None:
        return Outlook(usual, errors, 0, 0, ())
    problems = []
    sentence = fits_budget(interval, usual, budget, jitter=watched.jitter) if usual else None
    largest, allowed = max(usual, usual + errors if manner.error_seconds else usual), budget.per_minute
    if sentence:
        problems.append(sentence)
    elif largest > allowed:
        problems.append(
            f"a round with the error contract is {largest} requests, and the budget is {allowed} a minute"
        )
    windows = [requests_in(window, interval, usual) for window in (MINUTE, DAY)]
    return Outlook(usual, errors, windows[0], windows[1], tuple(problems))
