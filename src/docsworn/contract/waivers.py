"""Waivers beside the packs: ``contracts/waivers.yaml`` has those of any provider, of the bundled ones too."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter

from docsworn.contract.modelfile import named, parse_model, read_text
from docsworn.contract.settings import Slug, Waiver
from docsworn.errors import ConfigError

WAIVERS_FILE = "waivers.yaml"
HEAD = "# Broken promises that are known, each with a reason and an end: docsworn waive --help\n"


class WaiverRow(Waiver):
    """A broken promise of a provider that is known, with a reason and an end date."""

    provider: Slug


_ROWS = TypeAdapter(tuple[WaiverRow, ...])
_NOTHING = re.compile(r"(?:\s|#.*)*")


def read_waivers(roots: Sequence[Path]) -> tuple[WaiverRow, ...]:
    """The waivers of these folders of packs; ConfigError with a line for every problem in them."""
    files = (root / WAIVERS_FILE for root in roots)
    return tuple(row for file in files if file.exists() for row in parse_waivers(read_text(file), file))


def parse_waivers(text: str, file: Path) -> tuple[WaiverRow, ...]:
    """The waivers in the text of a file, none where it has only comments."""
    return () if _NOTHING.fullmatch(text) else parse_model(text, named(file), _ROWS.validate_python)[0]


def with_waiver(text: str, row: WaiverRow, file: Path) -> str:
    """The text with one more waiver; one of the same promise and place is replaced, all else stays.

    ConfigError where the text is laid out so that a line cannot be put in.
    """
    before = parse_waivers(text, file)
    same = next((at for at, known in enumerate(before) if _subject(known) == _subject(row)), len(before))
    written = _put(text, same, line_of_waiver(row), file)
    try:
        right = parse_waivers(written, file) == (*before[:same], row, *before[same + 1 :])
    except ConfigError:
        right = False
    if not right:
        raise ConfigError(f"{file}: its layout is not known here: write it by hand: {line_of_waiver(row)}")
    return written


def line_of_waiver(row: WaiverRow) -> str:
    """A list item in YAML's flow style, which takes JSON's strings."""
    named = {"provider": row.provider, "promise": row.promise, "pointer": row.pointer, "reason": row.reason}
    told = ", ".join(f"{key}: {json.dumps(text, ensure_ascii=False)}" for key, text in named.items() if text)
    return f"- {{{told}, until: {row.until}}}"


def _subject(row: WaiverRow) -> tuple[object, ...]:
    return (row.provider, row.promise, row.kind, row.pointer)


def _put(text: str, at: int, line: str, file: Path) -> str:
    """The text with the item of this number replaced, or with one more at its end."""
    if _NOTHING.fullmatch(text):
        return f"{text.rstrip() or HEAD.rstrip()}\n{line}\n"
    lines = text.splitlines()
    rows, places = parse_model(text, named(file), _ROWS.validate_python)
    starts = [places[f"/{number}"] - 1 for number in range(len(rows))]
    start, end = [*starts, len(lines)][at], [*starts, len(lines), len(lines)][at + 1]
    while end > start + 1 and _NOTHING.fullmatch(lines[end - 1]):
        end -= 1  # what stands between two items is not of the first
    return "\n".join([*lines[:start], line, *lines[end:], ""])
