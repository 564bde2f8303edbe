"""The rows of a comparison as findings: no worse than what is proven of the whole, and no better."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from docsworn.compat.call_changes import change
from docsworn.compat.changes import Change, Comparison, Direction, Verdict
from docsworn.compat.document import Node
from docsworn.compat.report import Found, Reach

_BODY = Node(None, "")  # the root of a body's own schema


def alone(one: Change, reader: str) -> Verdict:
    """The verdict of a change by itself; a team's own reader that it does not name is as strict as can be."""
    return one.verdicts.get(reader, one.verdicts["strict"])


def findings(comparison: Comparison, reader: str, direction: Direction, reach: Reach) -> Iterator[Found]:
    """The changes of a comparison, at least one of them as bad as the whole.

    Where by itself none is that bad for this reader, those are that the strict one fears; where there is
    none of them either, one finding stands for the whole.
    """
    changes = comparison.changes
    if comparison.verdict is not Verdict.SAFE and not any(_fears(one, reader) for one in changes):
        changes = tuple(
            replace(one, verdicts={**one.verdicts, reader: one.verdicts["strict"]}) for one in changes
        )
    told = False
    for one in changes:
        found = judged(one, comparison, reader, direction, reach)
        told = told or found.verdict is comparison.verdict
        yield found
    if comparison.verdict is not Verdict.SAFE and not told:
        yield judged(_summed(comparison, direction), comparison, reader, direction, reach)


def judged(one: Change, comparison: Comparison, reader: str, direction: Direction, reach: Reach) -> Found:
    """A change of a comparison as a finding: no worse than what is proven of the whole."""
    verdict = alone(one, reader)
    if comparison.verdict is Verdict.SAFE:
        verdict = Verdict.SAFE
    elif comparison.verdict is Verdict.UNKNOWN and verdict is Verdict.BREAKING:
        verdict = Verdict.UNKNOWN
    breaks = verdict is Verdict.BREAKING and comparison.witnessed
    return Found(
        change=one,
        direction=direction,
        verdict=verdict,
        reached=(replace(reach, place=one.place),),
        reason=comparison.reason if verdict is Verdict.UNKNOWN else "",
        witness=json.dumps(comparison.witness, ensure_ascii=False) if breaks else None,
    )


def _fears(one: Change, reader: str) -> bool:
    return alone(one, reader) is not Verdict.SAFE


def _summed(comparison: Comparison, direction: Direction) -> Change:
    """What stands for changes that the diff does not tell of."""
    broken = comparison.verdict is Verdict.BREAKING
    return change(f"{direction}-body-{'incompatible' if broken else 'undecided'}", _BODY, _BODY)
