"""docs/emulator.md: each example works, and its tables are complete."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import httpx

from docsworn.emulate.drift import KINDS
from docsworn.emulate.faults import FAULTS
from docsworn.emulate.server import Emulator

PAGE = (Path(__file__).parents[2] / "docs" / "emulator.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^    (curl .*)$", PAGE, flags=re.MULTILINE)


def rows(heading: str) -> list[list[str]]:
    """The cells of the table of a section, without its head."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_example_works(emulator: Emulator) -> None:
    """In the order of the page, each request of curl is answered with 200."""
    assert len(EXAMPLES) > 12
    for example in EXAMPLES:
        words = shlex.split(example, comments=True)[1:]
        url = words.pop().replace("$URL", f"{emulator.base_url}/__docsworn")
        options = dict(zip(words[::2], words[1::2], strict=True))
        answer = httpx.request(options.get("-X", "GET"), url, content=options.get("-d"), timeout=60)
        assert answer.status_code == 200, (example, answer.text)


def test_the_table_of_faults_is_complete() -> None:
    """Names, words and settings with their defaults, as the catalogue has them."""
    told = {name.strip("`"): (words, settings) for name, words, settings in rows("Faults")}
    assert told == {
        name: (kind.words, ", ".join(f"`{key}` {each.default:g}" for key, each in kind.parameters.items()))
        for name, kind in FAULTS.items()
    }


def test_the_table_of_drifts_is_complete() -> None:
    """Every class has a line."""
    assert tuple(name.strip("`") for name, _ in rows("Drifts")) == KINDS
