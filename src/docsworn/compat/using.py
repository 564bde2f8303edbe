"""Which definitions of a large document a consumer reads, and which places of each."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from docsworn.compat.changes import Comparison, Direction, Verdict
from docsworn.compat.large import Compared, Network, Pair
from docsworn.compat.projection import project
from docsworn.compat.record import ALL, Place
from docsworn.compat.report import worst
from docsworn.compat.uses import Uses
from docsworn.contract.pointer import split

Places = frozenset[Place]

_WHOLE: Places = frozenset({()})


def read_below(network: Network, starts: Iterable[Pair], uses: Uses) -> dict[Pair, set[Places]]:
    """For each pair of definitions that is read the places of it that are, once for each way to it."""
    found: dict[Pair, set[Places]] = {}
    waiting = deque((start, _told(frozenset(uses.places))) for start in starts)
    while waiting:
        pair, places = waiting.popleft()
        if not places or places in found.setdefault(pair, set()):
            continue
        found[pair].add(places)
        for link in network.compared[pair].links:
            waiting.append((link.pair, _below(places, split(link.place))))
    return {pair: ways for pair, ways in found.items() if ways}


def decided(network: Network, pair: Pair, ways: Iterable[Places]) -> Compared:
    """What a pair says to who reads only these places of it, the worst of all ways to it."""
    known = network.compared[pair]
    if known.comparison.verdict is Verdict.SAFE or _WHOLE in ways:
        return known
    made = [_narrowed(network, pair, known, places) for places in sorted(ways, key=sorted)]
    verdict = worst(one.comparison.verdict for one in made)
    return next(one for one in made if one.comparison.verdict is verdict)


def _narrowed(network: Network, pair: Pair, known: Compared, places: Places) -> Compared:
    old, new = network.cut(pair)
    try:
        found: Comparison = network.compare(_projected(old, places), new, Direction.RESPONSE)
    except RecursionError:
        found = known.comparison
    found = replace(found, changes=known.comparison.changes)
    return network.confirmed(pair, replace(known, comparison=found))


def _projected(schema: Any, places: Places) -> Any:
    return project(schema, Uses(tuple(sorted(places))).whole)


def _below(places: Places, parts: tuple[str, ...]) -> Places:
    for part in parts:
        if places == _WHOLE:
            return places
        under = {place[1:] for place in places if place and (part == "*" or place[0] in (part, "*"))}
        places = _told(frozenset(under))
    return places


def _told(places: Places) -> Places:
    """The places, or the whole where that is read."""
    return _WHOLE if (places and () in Uses(tuple(places)).whole) or (ALL,) in places else places
