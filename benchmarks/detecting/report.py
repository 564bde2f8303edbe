"""The tables, and which bars are missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields

from detecting.drifts import Row
from docsworn.model import Severity

DETECTED, PLACED = 0.99, 0.98  # shares of the drifts that anybody could know
WARNINGS = 1 / 1000  # of drift-free responses

_HEADS = ("drifts", "unknowable", "detected", "place", "kind", "no profile", "jsonschema", "schemathesis")


def total_of(rows: Mapping[str, Row]) -> Row:
    """All classes together."""
    total = Row()
    for row in rows.values():
        for each in fields(Row):
            setattr(total, each.name, getattr(total, each.name) + getattr(row, each.name))
    return total


def print_rows(name: str, rows: Mapping[str, Row], *, prism: bool) -> None:
    """The table of one provider, what was missed and why, and what nobody could know."""
    heads = (*_HEADS, *(["Prism"] if prism else []))
    print(f"\n{name:<18}" + "".join(f"{head:>13}" for head in heads))
    total = total_of(rows)
    for kind, row in (*sorted(rows.items()), ("all", total)):
        print(f"  {kind:<16}" + "".join(_cells(row, prism=prism)))
    for label, told in (("missed", total.missed), ("unknowable", total.hidden)):
        for drift, why in told:
            print(f"  {label}  {drift}: {why}")
    for drift in total.misplaced:
        print(f"  misplaced  {drift}")


def _cells(row: Row, *, prism: bool) -> Iterator[str]:
    yield f"{row.drifts:>13}{row.unknowable:>13}"
    for share in (row.detected, row.placed, row.kinds):
        yield f"{share / row.knowable:>13.1%}" if row.knowable else f"{'-':>13}"
    for share in (row.unlearned, row.plain, row.schemathesis, *([row.prism] if prism else [])):
        yield f"{share / row.drifts:>13.1%}"


def missed_bars(name: str, rows: Mapping[str, Row]) -> Iterator[str]:
    """The bars about drifts that are missed, a sentence each."""
    total = total_of(rows)
    for words, share, bar in (("detected", total.detected, DETECTED), ("placed", total.placed, PLACED)):
        if share < bar * total.knowable:
            yield f"{name}: {share / total.knowable:.2%} {words}, and at least {bar:.0%} are asked for"
    for kind, row in rows.items():
        if row.unlearned < row.schemathesis:
            seen = f"schemathesis sees {row.schemathesis}, we without a profile {row.unlearned}"
            yield f"{name}: {kind}: {seen}"


def missed_alarms(name: str, alarms: Counter[Severity], number: int) -> Iterator[str]:
    """The bars about drift-free responses that are missed."""
    if alarms[Severity.ERROR]:
        yield f"{name}: {alarms[Severity.ERROR]} false alarms at severity error"
    if alarms[Severity.WARNING] > WARNINGS * number:
        yield f"{name}: {alarms[Severity.WARNING]} warnings in {number} drift-free responses"
