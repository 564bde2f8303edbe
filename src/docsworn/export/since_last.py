"""What changed since the run before, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from docsworn.export.background import Background
from docsworn.export.text import printable
from docsworn.export.view import WHOLE, count, moment
from docsworn.model import Run
from docsworn.observe.findings import Known, State

_MOST = 5
_WORDS = {State.NEW: "came", State.REOPENED: "came back", State.FIXED: "went"}


def changes(run: Run, background: Background) -> tuple[str, ...]:
    """A sentence for each change; one that says so where nothing changed, none without a history."""
    if not background.at:
        return ()
    if background.previous is None:
        return ("This is the first run that is remembered.",)
    told = tuple(_changes(run, background))
    since = moment(background.previous.at)
    return told or (f"Nothing changed since {since}.",)


def _changes(run: Run, background: Background) -> Iterator[str]:
    before = background.previous
    assert before is not None  # noqa: S101 - the caller looked
    if before.verdict is not run.verdict:
        yield f"The verdict was {before.verdict} and is {run.verdict}."
    served = [fits[0][0] if fits else "" for fits in (before.fits, run.fits)]
    if all(served) and served[0] != served[1]:
        yield f"Revision {printable(served[0])} fitted best, now {printable(served[1])} does."
    for state, word in _WORDS.items():
        moved = [
            one for one in background.known.values() if one.state is state and one.since >= background.at
        ]
        if moved:
            yield f"{count(len(moved), 'finding')} {word}: {_places(moved)}."
    seen = [tally.kept + tally.broken for tally in (before.promises, run.promises)]
    if seen[0] != seen[1]:
        more = "more" if seen[1] > seen[0] else "fewer"
        yield f"{count(abs(seen[1] - seen[0]), f'{more} promise')} put to the test."


def _places(moved: list[Known]) -> str:
    said = [f"{one.finding.kind} {printable(one.finding.pointer) or WHOLE}" for one in moved[:_MOST]]
    more = [f"{len(moved) - _MOST} more"] if len(moved) > _MOST else []
    return ", ".join([*said, *more])
