"""Each fault with each other one: the kinds that docs/faults.md has of both, and no harm.

    python -m benchmarks.fault_pairs [--count N] [--seed S]      # all of them take 7 minutes, or so many

Prints what did not come out as it must, and how many pairs did; exit code 1 where one did not.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

from benchmarks.faults import DEADLINE, Seen, Steps, run_rows

from docsworn.emulate.faults import CERTIFICATES, FAULTS, LATENCIES

PAGE = Path(__file__).parents[1] / "docs" / "faults.md"
ROW = re.compile(r"^\| `([a-z0-9-]+)` \| `([a-z_]+)` \| (error|warning) \| ", re.MULTILINE)
MOST_MEGABYTES = 64
# A fault after which no whole answer comes, so that nobody can say that it was late.
NO_ANSWER = frozenset({
    "refused", "reset-before-body", "reset-inside-body", "truncated-body", "slow-drip", "never-answers",
    "bad-chunk", "huge-body", "gzip-bomb",
})  # fmt: skip

# Two faults that spoil the answer come one after the other on the same client; a delay or a wrong
# certificate comes together with the other one.
TOGETHER = LATENCIES | CERTIFICATES


def pairs(count: int | None = None, seed: int = 0) -> list[Steps]:
    """Pairs that make sense, all or a sample: together where both show in one answer, else in turn."""
    both = {(tuple(sorted((one, two))),) for one in TOGETHER for two in FAULTS if two not in TOGETHER} | {
        (tuple(sorted(pair)),) for pair in permutations(sorted(TOGETHER), 2)
    }
    turns = {((one,), (two,)) for one, two in permutations(FAULTS.keys() - TOGETHER, 2)}
    rows: list[Steps] = sorted([*both, *turns])
    return rows if count is None else random.Random(seed).sample(rows, count)


def documented() -> dict[str, tuple[str, str]]:
    """Kind and severity by fault, as the page has them."""
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    return {name: (kind, severity) for name, kind, severity in rows}


def expected(step: tuple[str, ...]) -> list[str]:
    """The kinds that faults in one answer come to, sorted: a refused certificate hides the rest."""
    wrong = [name for name in step if name in CERTIFICATES]
    late = [name for name in step if name in LATENCIES and not NO_ANSWER.intersection(step)]
    if len(late) > 1:
        return ["timeout"]  # delays add up, here beyond the deadline
    other = [name for name in step if name not in LATENCIES]
    kinds = documented()
    return sorted({kinds[name][0] for name in wrong or (*late, *other)})


def wrongs(row: Seen) -> Iterator[str]:
    """What is not as it must be, in words; nothing where all is right."""
    if row.crashed:
        yield row.crashed
        return
    for step, findings in zip(row.steps, row.found, strict=True):
        if (kinds := sorted(finding[0] for finding in findings)) != expected(step):  # one finding a kind
            yield f"{' + '.join(step)}: {kinds} and not {expected(step)}"
        if not all(said for _, _, _, said in findings):
            yield f"{' + '.join(step)}: a finding without words"
    # Rounds wait for deadlines, so this is about what hangs, not about what is slow.
    if max(row.seconds) > DEADLINE + 1:
        yield f"{max(row.seconds):.1f} s"
    if row.megabytes > MOST_MEGABYTES:
        yield f"{row.megabytes:.0f} MB"
    if row.leaked or row.elsewhere or row.after != "kept":
        yield f"leaked: {row.leaked}, asked elsewhere: {row.elsewhere}, the round after: {row.after}"
    # A connection that was kept and turns out closed is replaced once, within the budget.
    if row.requests > len(row.steps) + 1 + (("refused",) in row.steps[1:]):
        yield f"{row.requests} requests in {len(row.steps) + 1} rounds"


def main() -> int:
    """Run the pairs and print what is wrong; 1 where anything is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--count", type=int, help="so many of them")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rows = pairs(options.count, options.seed)
    right = 0
    for row in run_rows(rows):
        wrong = list(wrongs(row))
        right += not wrong
        for each in wrong:
            print(f"{', then '.join(' + '.join(step) for step in row.steps)}: {each}", flush=True)
    print(f"{right} of {len(rows)} pairs are right")
    return 0 if right == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
