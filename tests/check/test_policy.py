"""A field that is gone is told once, by what is surest of it, under whichever of its names."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from tests.contract.sample import BODY, SETTINGS, contract
from tests.observe.rounds import exchange

from docsworn.check.evidence import GONE, bound
from docsworn.check.policy import judge
from docsworn.check.subject import Account
from docsworn.contract.breach import Breach
from docsworn.contract.compiled import compile_contract
from docsworn.model import Kind, Learned

COMPILED = compile_contract(contract(BODY), SETTINGS)
PROMISES = COMPILED.operation("get_call").promises
NOVEL = PROMISES["get_call#novel"]
LISTED = next(each for each in PROMISES.values() if each.keyword == "presence")


def told(*breaches: Breach) -> list[tuple[str, str]]:
    """Kind and place of what is told of these breaches of two answers."""
    accounts = [
        (exchange(number, {}), Account(breaches=(breach,)), None) for number, breach in enumerate(breaches)
    ]
    found, _ = judge(COMPILED, "get_call", accounts, learned=Learned(), today=date(2026, 1, 1))
    return sorted((str(each.kind), each.pointer) for each in found)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_surest_tells_a_drop(order: tuple[int, ...]) -> None:
    """Vanished by the page's list, by a profile, and novel: one drop, in whatever order it was seen."""
    breaches = (
        Breach(LISTED, Kind.VANISHED, "/note", f"{GONE}; present in each"),
        Breach(NOVEL, Kind.VANISHED, "/note", GONE),
        Breach(NOVEL, Kind.NOVEL, "/note", GONE),
    )
    assert told(*(breaches[at] for at in order)) == [("vanished", "/note")]


def test_a_field_that_the_page_does_not_name_is_one_under_all_its_names() -> None:
    """The contract says ``{extra_events}``, a profile what it was called."""
    listed = Breach(LISTED, Kind.VANISHED, "/{extra_events}", f"{GONE}; present in each")
    called = Breach(NOVEL, Kind.VANISHED, "/events", GONE)
    other = Breach(NOVEL, Kind.VANISHED, "/steps", GONE)
    assert told(listed, called, other) == [("vanished", "/steps"), ("vanished", "/{extra_events}")]


def test_what_is_there_and_new_is_told_beside_what_is_gone() -> None:
    """Gone from one answer, another type in the next: these are two things."""
    gone = Breach(LISTED, Kind.VANISHED, "/note", f"{GONE}; present in each")
    assert told(gone, Breach(NOVEL, Kind.NOVEL, "/note", "null")) == [
        ("novel", "/note"),
        ("vanished", "/note"),
    ]


@pytest.mark.parametrize(
    ("straight", "words"), [(1, "100.0 %"), (20, "15.0 %"), (212, "1.4 %"), (300, "1.0 %"), (6000, "0.05 %")]
)
def test_the_bound_is_three_by_the_number_of_responses(straight: int, words: str) -> None:
    """The rule of three, at 95 %."""
    assert bound(straight) == words
