"""What a place shows for the first time, sort by sort; whether that may be told is decided elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from docsworn.check.evidence import GONE
from docsworn.contract.forms import COVERED, LOOSE
from docsworn.contract.look import DOCUMENTED, QUARTERS, WHOLE, Fact, Facts, Sort
from docsworn.contract.shape import token
from docsworn.observe.usual import Usual, bounds, literals_of, names_of


@dataclass(frozen=True, slots=True)
class News:
    """One new thing: its sort, what was usual and what is there instead, and the field that is gone."""

    sort: Sort
    usual: str
    observed: str
    gone: str | None = None


def news_at(usual: Usual, facts: Facts, hashed: Callable[[str], str]) -> Iterator[News]:
    """All that is new at one place, the plainest first."""
    for sort, find in _FINDERS.items():
        known = usual.known(sort)
        if known is not None and sort in facts:
            yield from find(usual, known, facts[sort])
    if usual.is_enum and Sort.TOKEN in facts:
        yield from _tokens(usual, facts[Sort.TOKEN], hashed)
    yield from _fields(usual, facts.get(Sort.FIELDS, set()))


def _types(_: Usual, known: Sequence[Fact], shown: set[Fact]) -> Iterator[News]:
    wider = {"integer", WHOLE} if "number" in known else {WHOLE} if "integer" in known else set()
    for each in sorted(
        {"number" if fact == WHOLE else str(fact) for fact in shown.difference(known) - wider}
    ):
        yield News(Sort.TYPE, f"always {_or(known)}", each)


def _forms(_: Usual, known: Sequence[Fact], shown: set[Fact]) -> Iterator[News]:
    usual_forms = {str(each) for each in known}
    if LOOSE.isdisjoint(usual_forms):
        covered = frozenset().union(*(COVERED.get(each, frozenset()) for each in usual_forms))
        for each in sorted(str(fact) for fact in shown - usual_forms - covered):
            yield News(Sort.FORM, f"always {_or(known)}", f"string ({each})")


def _numbers(_: Usual, known: Sequence[Fact], shown: set[Fact]) -> Iterator[News]:
    least, most = bounds(Sort.MAGNITUDE, known)
    low, high = (int(each) for each in known)
    for each in sorted(int(fact) for fact in shown):
        if most is not None and each > most:
            yield News(Sort.MAGNITUDE, f"numbers below {_power(high + 1)}", f"number of about {_power(each)}")
        elif least is not None and each < least:
            yield News(Sort.MAGNITUDE, f"numbers from {_power(low)} on", f"number of about {_power(each)}")


def _power(quarter: int) -> str:
    """The number at which a class begins, roughly: ``3e+02``."""
    return f"{10 ** (quarter / QUARTERS):.0e}"


def _lengths(_: Usual, known: Sequence[Fact], shown: set[Fact]) -> Iterator[News]:
    most = bounds(Sort.LENGTH, known)[1]
    if most is not None and max(int(each) for each in shown) > most:
        yield News(Sort.LENGTH, f"below {_length(int(known[1]))} characters", "a much longer string")


def _items(_: Usual, known: Sequence[Fact], shown: set[Fact]) -> Iterator[News]:
    least, most = bounds(Sort.ITEMS, known)
    if least is not None and min(int(each) for each in shown) < least:
        yield News(Sort.ITEMS, "never empty", "array of 0")
    if most is not None and max(int(each) for each in shown) > most:
        yield News(Sort.ITEMS, f"below {_length(int(known[1]))} items", "many more items")


def _tokens(usual: Usual, shown: set[Fact], hashed: Callable[[str], str]) -> Iterator[News]:
    known = usual.known(Sort.TOKEN) or []
    for each in sorted(str(fact) for fact in shown):
        if each.startswith(DOCUMENTED) or hashed(each) in known:
            continue
        words = ", ".join(sorted(usual.words[token] for token in known if token in usual.words))
        more = sum(token not in usual.words for token in map(str, known))
        words += f"{' and ' if words else ''}{more} word{'' if more == 1 else 's'}" if more else ""
        observed = f'string "{each}"' if token(each) else "string"
        yield News(Sort.TOKEN, f"always one of: {words}", observed)


def _fields(usual: Usual, shown: set[Fact]) -> Iterator[News]:
    gone: dict[str, None] = {}
    for fact in sorted(str(each) for each in shown):
        gone.update(dict.fromkeys(missing(usual, fact)))
    always = usual.always or []
    for name in gone:
        words = "always there" if name in always else "there, beside these fields"
        yield News(Sort.FIELDS, words, GONE, name)


def missing(usual: Usual, fact: str) -> tuple[str, ...]:
    """The fields that an object lacks, beside the likest object that was ever here.

    None where the same fields came together before, or no object had all of them and more.
    """
    names = set(names_of(fact))
    known = usual.known(Sort.FIELDS)
    if known is None:
        return tuple(name for name in usual.always or () if name not in names)
    if fact in known:
        return ()
    literals = set(literals_of(fact))
    likest: set[str] | None = None
    ever = {name for each in known for name in names_of(str(each))}
    core = names & ever
    for each in known:
        fields = set(names_of(str(each)))
        said = set(literals_of(str(each)))
        lacks = fields - core
        unsaid = {literal.partition("=")[0] for literal in said - literals}
        if core <= fields and literals <= said and unsaid <= lacks:
            likest = lacks if likest is None or len(lacks) < len(likest) else likest
    return tuple(sorted((likest or set()) - {"*"}))


def _or(known: Sequence[Fact]) -> str:
    return " or ".join(sorted(str(each) for each in known))


def _length(size: int) -> int:
    return int(4**size)


_Finder = Callable[[Usual, Sequence[Fact], set[Fact]], Iterator[News]]
_FINDERS: Mapping[Sort, _Finder] = {
    Sort.TYPE: _types,
    Sort.FORM: _forms,
    Sort.MAGNITUDE: _numbers,
    Sort.LENGTH: _lengths,
    Sort.ITEMS: _items,
}
