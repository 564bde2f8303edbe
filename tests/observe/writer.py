"""A program that records runs: ``python -m tests.observe.writer FILE HOST RUNS``."""

from __future__ import annotations

import sys
from pathlib import Path

from docsworn.observe.history import History
from docsworn.observe.scope import Scope
from tests.observe.rounds import GOOD, sample, see


def main(path: Path, host: str, runs: int) -> None:
    """Record so many runs of one host, and one run each of a host that others write too."""
    compiled = sample()
    with History(path) as history:
        for at in range(1, runs + 1):
            for name in (host, "shared"):
                scope = Scope(name, "acme", "get_call", "v1")
                see(compiled, history, {**GOOD, "type": "zzz"}, at=float(at), scope=scope)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
