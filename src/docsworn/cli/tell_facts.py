"""Facts and their differences as text for people; names come from pages, so they are made printable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from docsworn.derive.compare import Change, Difference
from docsworn.derive.facts import Fact

_HEADINGS = ("status", "place", "type", "null", "required", "enum", "format", "confidence", "line")
_SHOWN_VALUES = 4


def facts_table(facts: Sequence[Fact]) -> str:
    """One row a fact, in columns."""
    rows = [_HEADINGS, *(_row(fact) for fact in facts)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n"
        for row in rows
    )


def difference_lines(name: str, difference: Difference) -> Iterator[str]:
    """What has changed, a line a fact, after a line that sums it up."""
    counts = (len(difference.added), len(difference.gone), len(difference.changed))
    if difference.same:
        yield f"{name}: the documentation has not changed"
    else:
        yield "{}: the documentation has changed: {} added, {} gone, {} changed".format(name, *counts)
    yield from (f"  added    {fact_line(fact)}" for fact in difference.added)
    yield from (f"  gone     {fact_line(fact, where='contract line')}" for fact in difference.gone)
    yield from (f"  changed  {change_line(change)}" for change in difference.changed)
    if difference.untold:
        yield f"  {len(difference.untold)} facts of the contract are such as this page does not tell"


def fact_line(fact: Fact, where: str = "line") -> str:
    """A fact in one line: place, type, and the line that says it."""
    said = [f"{fact.status} {place(fact)}", "|".join(fact.types) or "any"]
    said += ["nullable"] * (fact.nullable == "yes") + ["required"] * (fact.required == "yes")
    said += [_values(fact.enum)] * bool(fact.enum)
    return ", ".join(said) + (f" ({where} {fact.line})" if fact.line else "")


def change_line(change: Change) -> str:
    """A change in one line: place, what is said, before and after."""
    before, after = _shown(change.contract), _shown(change.page)
    where = f" (line {change.line})" if change.line else ""
    at = "" if change.pointer is None else f" {printable(change.pointer) or '/'}"
    return f"{change.status}{at} {change.what}: {before} -> {after}{where}"


def place(fact: Fact) -> str:
    """A fact's place; the names that an unnamed field may have stand in braces."""
    if fact.pointer is None:
        return f"{{{'|'.join(printable(name) for name in fact.names) or 'unnamed'}}}"
    return printable(fact.pointer) or "/"


def printable(text: str) -> str:
    """The text without what a terminal would obey."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def _row(fact: Fact) -> tuple[str, ...]:
    return (
        fact.status,
        place(fact),
        "|".join(fact.types) or "-",
        fact.nullable,
        fact.required,
        _values(fact.enum) or "-",
        printable(fact.format or "-"),
        fact.confidence,
        str(fact.line or "-"),
    )


def _values(values: Sequence[Any]) -> str:
    shown = [printable(str(value)) for value in values[:_SHOWN_VALUES]]
    more = len(values) - len(shown)
    return ",".join(shown) + (f" and {more} more" if more else "")


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(printable(str(item)) for item in value) or "none"
    return printable(str(value)) if value is not None else "none"
