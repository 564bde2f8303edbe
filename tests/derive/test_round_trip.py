"""Round trip: a drawn contract is printed as a page, and deriving gives its facts back.

Where a format cannot carry a fact it must come back as unknown or not at all, never wrong, and no
format may invent a place. ``DOCSWORN_EXAMPLES`` sets how many contracts each format gets.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docsworn.derive import Fact, derive
from tests.derive.renderers import blocks, words
from tests.derive.renderers.drawn import ANY_FORMAT, ANY_KITE, PLAIN_KITE, Kite, Truth

EXAMPLES = int(os.environ.get("DOCSWORN_EXAMPLES", "25"))
ALL = frozenset({"places", "types", "nullable", "required", "enum", "format"})


class Printed(NamedTuple):
    """A format: how it is printed, what it is detected as, what it carries in full, what is drawn for it."""

    render: Callable[[Kite], str]
    format: str
    carries: frozenset[str] = ALL
    kites: st.SearchStrategy[Kite] = ANY_KITE
    errors: bool = True


PRINTED = {
    "openapi 3.1": Printed(blocks.openapi_31, "openapi"),
    "openapi 3.1 with branches": Printed(blocks.openapi_31_branches, "openapi"),
    "openapi 3.0": Printed(blocks.openapi_30, "openapi"),
    "swagger 2.0": Printed(blocks.swagger_20, "openapi", ALL - {"nullable"}),
    "fern, enums of objects": Printed(blocks.fern_objects, "fern-openapi", ALL - {"nullable"}),
    "fern, plain enums": Printed(blocks.fern_scalars, "fern-openapi", ALL - {"nullable"}),
    "mintlify, new fence": Printed(blocks.mintlify_new, "mintlify-openapi"),
    "mintlify, old fence": Printed(blocks.mintlify_old, "mintlify-fence", ALL - {"nullable", "required"}),
    "fern bullets": Printed(
        words.fern_bullets, "fern-bullets", frozenset({"types", "nullable", "required", "enum"}), PLAIN_KITE
    ),
    "fern text": Printed(
        words.fern_text, "fern-text", frozenset({"types", "nullable", "required", "enum"}), PLAIN_KITE
    ),
    "fern text in lines": Printed(words.fern_lines, "fern-text", frozenset({"types"}), PLAIN_KITE, False),
    "fern html": Printed(words.fern_html, "html", frozenset({"types"}), PLAIN_KITE),
    "mintlify components": Printed(
        words.mintlify_components, "mintlify-components", frozenset({"types", "enum"}), PLAIN_KITE, False
    ),
    "mintlify text": Printed(
        words.mintlify_text, "mintlify-text", frozenset({"types", "enum"}), PLAIN_KITE, False
    ),
}


def wrongs(kite: Kite, facts: tuple[Fact, ...], printed: Printed) -> Iterator[str]:
    """What the facts say otherwise than the contract, what they add, and what the format must have told."""
    truths = kite.truths()
    for fact in facts:
        at = f"{fact.status} {fact.pointer}"
        if fact.pointer is None or (fact.status, fact.pointer) not in truths:
            yield f"{at} is invented"
            continue
        yield from (f"{at}: {wrong}" for wrong in _untrue(fact, truths[fact.status, fact.pointer], printed))
    told = {(fact.status, fact.pointer) for fact in facts}
    for status, place in truths:
        top = place.count("/") <= 1 and "*" not in place
        wanted = printed.errors or status in ("200", "request")
        if wanted and ("places" in printed.carries or top) and (status, place) not in told:
            yield f"{status} {place} is missing"


def _untrue(fact: Fact, truth: Truth, printed: Printed) -> Iterator[str]:
    asked = fact.pointer != ""  # of whole bodies and statuses only the types are told
    rows = {
        "types": (fact.types, (truth.type,) if truth.type != "any" else (), ()),
        "nullable": (fact.nullable, "yes" if truth.nullable else "no", "unknown"),
        "required": (fact.required, "yes" if truth.required else "no", "unknown"),
        "enum": (fact.enum, truth.enum, ()),
        "format": (fact.format, truth.format, None),
    }
    for what, (said, true, silent) in rows.items():
        if what != "types" and not asked:
            continue
        allowed = {true} if what in printed.carries else {true, silent}
        if what == "format" and what not in printed.carries and truth.type == "number":
            allowed |= set(ANY_FORMAT)  # Fern calls every number a double
        if said not in allowed:
            yield f"{what} is {said!r} and not {true!r}"


@pytest.mark.parametrize("name", PRINTED)
def test_what_was_printed_comes_back(name: str) -> None:
    """The same facts, unknown where the format cannot say them, and none that is wrong or invented."""
    printed = PRINTED[name]

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip
    @given(printed.kites)
    def holds(kite: Kite) -> None:
        derivation = derive(printed.render(kite))
        assert derivation.format == printed.format
        assert list(wrongs(kite, derivation.facts, printed)) == []

    holds()
