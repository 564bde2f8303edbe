"""What is usual at a place: the facts seen there so far, and how sure they are; it learns look by look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from docsworn.contract.look import DOCUMENTED, QUARTERS, WHOLE, Fact, Facts, Sort

# How many facts of a sort a place may have; what has more has none that can be missed.
_MOST: Mapping[Sort, int] = {Sort.TYPE: 7, Sort.FORM: 4, Sort.TOKEN: 12, Sort.FIELDS: 40}
_RANGES = (Sort.MAGNITUDE, Sort.LENGTH, Sort.ITEMS)
_PATIENCE = 100  # responses with the same novelty, until it is what is usual
_FEW = 5  # times that each token is seen on average where tokens are an enum's
_OPEN = "*"
_REPEATED = 5  # responses, of two conversations or more, after which a word is no name
_MOST_WORDS = 16  # that are counted


@dataclass(slots=True)
class Usual:
    """What is usual at one place.

    ``seen`` counts the responses that had it, ``several`` says whether of two conversations or more.
    ``facts`` of a sort hold all of them, for a number its lowest and highest, ``["*"]`` for anything.
    ``always`` are the fields of every object here. ``surprises`` counts how often a conversation that was
    known brought something new, and at which of its responses last; ``since`` is how many conversations
    there were when a new one did. ``times`` counts the responses that had a token, each with the only
    conversation that did, or "". ``words`` are the tokens in clear where they are an enum's, or a state's.
    """

    seen: int = 0
    first: str = ""
    several: bool = False
    listed: bool = False
    facts: dict[str, list[Fact]] = field(default_factory=dict)
    always: list[str] | None = None
    surprises: dict[str, tuple[int, int]] = field(default_factory=dict)
    since: dict[str, int] = field(default_factory=dict)
    waiting: int = 0
    times: dict[str, tuple[int, str]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def known(self, sort: Sort) -> list[Fact] | None:
        """The facts of a sort; None where anything goes, or nothing is known."""
        facts = self.facts.get(sort)
        return None if not facts or facts == [_OPEN] else facts

    @property
    def is_enum(self) -> bool:
        """Whether the place holds few words again and again, in several conversations."""
        tokens = self.known(Sort.TOKEN)
        return tokens is not None and (
            self.listed or (self.several and self.seen >= max(20, _FEW * len(tokens)))
        )

    def as_json(self) -> dict[str, Any]:
        """The record as it is stored: without what is as at first."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True, slots=True)
class Teacher:
    """Who teaches: a conversation, whether it was ``known``, and where the situation's counts stand.

    ``of_states`` says that the places are those that tell states apart.
    """

    conversation: str
    known: bool
    known_responses: int
    conversations: int
    hashed: Callable[[str], str]
    of_states: bool = False


def learn(usual: Usual, facts: Facts, teacher: Teacher, *, claimed: bool) -> None:
    """Take in what one response showed; what was told as novel must show for long to become usual."""
    if claimed:
        usual.waiting += 1
        if usual.waiting < _PATIENCE:
            return
    usual.waiting = 0
    fresh = usual.seen == 0
    usual.seen += 1
    usual.first = usual.first or teacher.conversation
    usual.several = usual.several or usual.first != teacher.conversation
    usual.listed = usual.listed or Sort.LISTED in facts
    for sort, shown in facts.items():
        if sort is Sort.LISTED:
            continue
        told: set[Fact] = {teacher.hashed(str(fact)) for fact in shown} if sort is Sort.TOKEN else shown
        if sort is Sort.TYPE:
            told = {"number" if fact == WHOLE else fact for fact in shown}
        if _extend(usual, sort, told) and not fresh:
            _note_change(usual, sort, teacher)
    _keep_always(usual, facts)
    _keep_words(usual, facts, teacher)


def _extend(usual: Usual, sort: Sort, shown: set[Fact]) -> bool:
    """Add facts; whether there was a new one."""
    known = usual.facts.get(sort)
    if known == [_OPEN]:
        return False
    before = known or []
    after: list[Fact]
    if sort in _RANGES:
        numbers = [int(each) for each in (*before, *shown)]
        after = [min(numbers), max(numbers)]
    else:
        after = [*before, *sorted(shown.difference(before), key=str)]
        if len(after) > _MOST[sort] or (sort is Sort.TOKEN and "" in after):
            after = [_OPEN]
    usual.facts[sort.value] = after
    return after != before


def _note_change(usual: Usual, sort: Sort, teacher: Teacher) -> None:
    if teacher.known:
        count, _ = usual.surprises.get(sort, (0, 0))
        usual.surprises[sort.value] = (count + 1, teacher.known_responses)
    else:
        usual.since[sort.value] = teacher.conversations


def _keep_always(usual: Usual, facts: Facts) -> None:
    shapes = [names_of(str(fact)) for fact in facts.get(Sort.FIELDS, ())]
    if shapes:
        there = set(shapes[0]).intersection(*shapes[1:]) - {_OPEN}
        usual.always = sorted(there if usual.always is None else there.intersection(usual.always))


def _keep_words(usual: Usual, facts: Facts, teacher: Teacher) -> None:
    """Tokens are kept in clear only where they are an enum's and repeated; others may be names."""
    tokens = {teacher.hashed(str(fact)): str(fact) for fact in facts.get(Sort.TOKEN, ()) if fact}
    _count(usual, tokens, teacher.conversation)
    if not (usual.is_enum or teacher.of_states):
        usual.words = {}
        return
    for hashed, token in tokens.items():
        times, only = usual.times.get(hashed, (0, ""))
        if token.startswith(DOCUMENTED) or (times >= _REPEATED and not only):
            usual.words[hashed] = token.removeprefix(DOCUMENTED)


def _count(usual: Usual, tokens: Iterable[str], conversation: str) -> None:
    """Count tokens; where there are too many, the rarest is forgotten."""
    for token in tokens:
        times, only = usual.times.get(token, (0, conversation))
        usual.times[token] = times + 1, only if only == conversation else ""
    while len(usual.times) > _MOST_WORDS:
        usual.times.pop(min(usual.times, key=lambda token: usual.times[token][0]))


def names_of(fact: str) -> tuple[str, ...]:
    """The field names of a fact about fields."""
    names = fact.partition("|")[0]
    return tuple(names.split(",")) if names else ()


def literals_of(fact: str) -> tuple[str, ...]:
    """What a fact about fields says that the object is, as ``role=agent``."""
    literals = fact.partition("|")[2]
    return tuple(literals.split(",")) if literals else ()


def usual_of(record: Mapping[str, Any]) -> Usual:
    """The record as it was stored."""
    found = Usual(**record)
    found.surprises = {sort: (count, at) for sort, (count, at) in found.surprises.items()}
    found.times = {token: (times, only) for token, (times, only) in found.times.items()}
    return found


def bounds(sort: Sort, known: Iterable[Fact]) -> tuple[int | None, int | None]:
    """The lowest and the highest class that is no news; None where there is no bound.

    A tenth and tenfold of a number is none, nor is a text of sixteen times the length.
    """
    low, high = (int(each) for each in known)
    if sort is Sort.MAGNITUDE:
        return (low - QUARTERS if low >= _LARGE else None), max(high, 0) + QUARTERS
    if sort is Sort.ITEMS:
        return min(low, 1), high + 2
    return None, high + 2


_LARGE = 5 * QUARTERS  # from 100,000 on a number may be too small: moments, not durations
