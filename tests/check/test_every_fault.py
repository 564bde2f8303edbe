"""A whole round against each fault of the emulator, alone and with another: found, bounded, over."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.faults import DEADLINE, pairs, run_rows, singles, table

from docsworn.emulate.faults import CERTIFICATES, FAULTS, LATENCIES

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"
MOST_MEGABYTES = 64
ROW = re.compile(r"^\| `([a-z0-9-]+)` \| `([a-z_]+)` \| (error|warning) \| ", re.MULTILINE)
PAIRS = 10
# A fault after which no whole answer comes, so that nobody can say that it was late.
NO_ANSWER = frozenset({
    "refused", "reset-before-body", "reset-inside-body", "truncated-body", "slow-drip", "never-answers",
    "bad-chunk", "huge-body", "gzip-bomb",
})  # fmt: skip


def documented() -> dict[str, tuple[str, str]]:
    """Kind and severity by fault, as the page has them."""
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    return {name: (kind, severity) for name, kind, severity in rows}


def test_the_page_has_every_fault() -> None:
    """One row each, in the order of the emulator."""
    assert list(documented()) == list(FAULTS)


def test_every_fault_is_found_and_does_no_harm() -> None:
    """Alone and with another: what the page says and nothing else, in bounded time and memory.

    It prints the page's table as it came out here (``pytest -rP``).
    """
    seen = {row.steps: row for row in run_rows([*singles(), *pairs(PAIRS, seed=5)])}
    printed = table([seen[((name,),)] for name in FAULTS])
    print(printed)
    assert {name: (kind, severity) for name, kind, severity in ROW.findall(printed)} == documented()
    assert len(seen) == len(FAULTS) + PAIRS
    assert {steps: row.crashed for steps, row in seen.items() if row.crashed} == {}
    for name in FAULTS:
        ((kind, severity, _, words),) = seen[((name,),)].found[0]  # one clear finding
        assert (name, kind, severity) == (name, *documented()[name])
        assert words
    for steps, row in seen.items():
        for step, findings in zip(steps, row.found, strict=True):
            assert {finding[0] for finding in findings} == expected(step), steps
        # Rounds wait for deadlines, so this is about what hangs, not about what is slow.
        assert all(took <= DEADLINE + 1 for took in row.seconds), steps
        assert row.megabytes <= MOST_MEGABYTES, steps
        # No word of the key, nobody else asked, and the next round is unharmed.
        assert (row.leaked, row.elsewhere, row.after) == (False, (), "kept"), steps
        assert row.requests <= len(steps) + 1, steps


def expected(step: tuple[str, ...]) -> set[str]:
    """The kinds that faults in one answer come to: a refused certificate hides the rest."""
    wrong = [name for name in step if name in CERTIFICATES]
    late = [name for name in step if name in LATENCIES and not NO_ANSWER.intersection(step)]
    if len(late) > 1:
        return {"timeout"}  # delays add up, here beyond the deadline
    other = [name for name in step if name not in LATENCIES]
    return {documented()[name][0] for name in wrong or (*late, *other)}
