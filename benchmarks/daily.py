"""How many verdicts on one day's change of a large specification are right, wrong and unknown.

``python -m benchmarks.daily [--shape nested] [--pairs 100]`` makes up a specification, changes one thing
at a time, each kind in turn, and counts.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from typing import Any

from benchmarks.edits import EDITS, REQUEST_EDITS, direction_of, edited
from benchmarks.specifications import SHAPES, Schema

from docsworn.compat import compare_schemas
from docsworn.compat.assemble import Asked, compare_documents
from docsworn.compat.changes import Comparison, Direction
from docsworn.compat.document import Document
from docsworn.compat.reading import Raw


def verdict_of(old: Schema, new: Schema, direction: Direction = Direction.RESPONSE) -> str:
    """What ``docsworn`` says of two documents."""

    def compare(before: Any, after: Any, way: Direction) -> Comparison:
        return compare_schemas(before, after, direction=way)

    sides = [Document(Raw(name, data, "3.0")) for name, data in (("old", old), ("new", new))]
    return str(compare_documents(sides[0], sides[1], Asked("strict", (direction,)), compare).verdict)


def main() -> None:
    """Change one thing at a time, each kind in turn, and count."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--shape", choices=sorted(SHAPES), default="expandable")
    parser.add_argument("--pairs", type=int, default=96)
    parser.add_argument("--components", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rng = random.Random(asked.seed)
    document = SHAPES[asked.shape](rng, asked.components)
    counted: Counter[str] = Counter()
    kinds = [*EDITS, *REQUEST_EDITS]
    began = time.process_time()
    for number in range(asked.pairs):
        kind = kinds[number % len(kinds)]
        changed = edited(rng, document, kind)
        if changed is None:
            counted["without"] += 1
            continue
        verdict = verdict_of(document, changed[0], direction_of(kind))
        what = "right" if verdict == changed[1] else verdict if verdict == "unknown" else f"wrong {verdict}"
        counted[what] += 1
        if what != "right":
            print(f"{kind:26} expected {changed[1]:9} said {verdict}")
    print(asked.shape, dict(counted), f"{(time.process_time() - began) / asked.pairs:.2f} s CPU a pair")


if __name__ == "__main__":
    main()
