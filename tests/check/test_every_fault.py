"""A whole round against each fault of the emulator, alone and with another: found, bounded, over."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from benchmarks.fault_pairs import ROW, documented, pairs, wrongs
from benchmarks.faults import Seen, run_rows, singles, table

from docsworn.emulate.faults import FAULTS

PAIRS = 10
# On a connection that was kept, and two delays: both came out otherwise than was expected once.
SPECIAL = [(("429",), ("refused",)), (("latency", "latency-long-tail"),)]


def test_the_page_has_every_fault() -> None:
    """One row each, in the order of the emulator."""
    assert list(documented()) == list(FAULTS)


def test_every_fault_is_found_and_does_no_harm() -> None:
    """Alone and with another: what the page says and nothing else, in bounded time and memory.

    It prints the page's table as it came out here (``pytest -rP``).
    """
    rows = [*singles(), *pairs(PAIRS, seed=5), *SPECIAL]
    seen = {row.steps: row for row in run_rows(rows)}
    printed = table([seen[((name,),)] for name in FAULTS])
    print(printed)
    assert {name: (kind, severity) for name, kind, severity in ROW.findall(printed)} == documented()
    assert list(seen) == rows
    assert {steps: told for steps, row in seen.items() if (told := list(wrongs(row)))} == {}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, ""),
        ({"found": ((("status", "error", None, "status 429"),), ())}, r"nan: \[\] and not \['unparseable'\]"),
        ({"seconds": (0.1, 3.1)}, "3.1 s"),
        ({"megabytes": 65.0}, "65 MB"),
        ({"leaked": True}, "leaked: True"),
        ({"elsewhere": ("192.0.2.1:80",)}, "asked elsewhere: .*192"),
        ({"after": "broken"}, "the round after: broken"),
        ({"requests": 4}, "4 requests in 3 rounds"),
        ({"crashed": "OSError: no"}, "OSError: no"),
    ],
)
def test_what_goes_wrong_in_a_row_is_told(change: dict[str, Any], told: str) -> None:
    """One by one; of a row where nothing is wrong, nothing."""
    found = ((("status", "error", None, "status 429"),), (("unparseable", "error", None, "NaN"),))
    row = Seen((("429",), ("nan",)), found, (0.1, 0.1), "kept", (), leaked=False, requests=3, megabytes=1.0)
    said = list(wrongs(replace(row, **change)))
    assert len(said) == bool(change)
    assert re.search(told, "".join(said))
