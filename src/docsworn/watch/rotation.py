"""Which cases a round sends, where not all ids and scenarios are asked every time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from docsworn.contract.compiled import CompiledContract
from docsworn.model import Case, Purpose
from docsworn.probe.cases import plan


@dataclass(frozen=True, slots=True)
class Menu:
    """The cases of one operation: good ones to rotate through, and those of the error contract."""

    operation: str
    good: tuple[Case, ...]
    errors: tuple[Case, ...]


def menus(
    contract: CompiledContract, ids: tuple[str, ...], scenarios: tuple[Mapping[str, str], ...] | None
) -> tuple[Menu, ...]:
    """What each operation may be asked; ``scenarios`` take the place of the pack's variants."""
    found = []
    for name, settings in contract.settings.operations.items():
        wanted = settings if scenarios is None else settings.model_copy(update={"variants": scenarios})
        cases = plan(contract.operations[name].operation, wanted, ids)
        good = tuple(case for case in cases if case.purpose is Purpose.GOOD)
        errors = tuple(case for case in cases if case.purpose is not Purpose.GOOD)
        found.append(Menu(name, good, errors))
    return tuple(found)


def turn(good: tuple[Case, ...], number: int, at_once: int | None) -> tuple[Case, ...]:
    """The good cases of round ``number`` (from 0), ``at_once`` of them: every one has its turn."""
    if at_once is None or at_once >= len(good):
        return good
    first = number * at_once % len(good)
    return (good + good)[first : first + at_once]


def requests_per_round(menu: tuple[Menu, ...], at_once: int | None) -> int:
    """How many requests an ordinary round sends, without the error contract."""
    return sum(len(turn(one.good, 0, at_once)) for one in menu)
