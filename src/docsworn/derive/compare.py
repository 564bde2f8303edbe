"""Whether documentation has changed: the facts of a page against those of a contract.

Formats differ in what they can say, so only what both say is compared: *unknown* equals anything. What
the page is silent about as a whole (the errors, the inside of an object that it leaves opaque) is
untold and not gone. Lines, order, unions' layout and the width of numbers are no facts of the API.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, replace
from typing import Any

from docsworn.contract.bundle import OPENAPI_FORMATS
from docsworn.derive.document import operations
from docsworn.derive.facts import REQUEST, Fact, facts_of
from docsworn.derive.security import is_key_header
from docsworn.model import Confidence

_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a page says otherwise than the contract; ``line`` is the page's (0: none says it)."""

    status: str
    pointer: str | None
    what: str
    contract: Any
    page: Any
    line: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What a page says more, less and otherwise than a contract, and what it does not tell."""

    added: tuple[Fact, ...] = ()
    gone: tuple[Fact, ...] = ()
    changed: tuple[Change, ...] = ()
    untold: tuple[Fact, ...] = ()

    @property
    def same(self) -> bool:
        """Whether the documentation has not changed."""
        return not (self.added or self.gone or self.changed)

    def as_data(self) -> dict[str, Any]:
        """The difference as JSON data."""
        return {
            "same": self.same,
            "added": [fact.as_row() for fact in self.added],
            "gone": [fact.as_row() for fact in self.gone],
            "changed": [asdict(change) for change in self.changed],
            "untold": [fact.as_row() for fact in self.untold],
        }


def compare(contract: Sequence[Fact], page: Sequence[Fact]) -> Difference:
    """The difference between a contract's facts and a page's."""
    old, new = _table(contract), _table(page)
    told = new.facts.keys() | old.aliases(new)
    absent = [fact for key, fact in old.facts.items() if key not in told]
    untold = {(fact.status, fact.pointer) for fact in absent if not new.would_tell(fact)}
    extra, missing = _unnamed(contract, page)
    return Difference(
        added=(*(fact for key, fact in new.facts.items() if key not in old.facts), *extra),
        gone=(*(fact for fact in absent if (fact.status, fact.pointer) not in untold), *missing),
        changed=tuple(
            change
            for key in old.facts
            if key in new.facts
            for change in _changes(old.facts[key], new.facts[key])
        ),
        untold=tuple(fact for fact in absent if (fact.status, fact.pointer) in untold),
    )


def compare_documents(contract: Mapping[str, Any], page: Mapping[str, Any]) -> Difference:
    """The difference between a contract's document and a page's, of one operation each.

    What a recipe added to either is nothing that a page could take back.
    """
    found = compare(facts_of(contract, additions=False), facts_of(page, additions=False))
    return replace(found, changed=(*_calls(contract, page), *found.changed))


def call_of(document: Mapping[str, Any]) -> str | None:
    """``METHOD /path`` of a document's one operation; None where it has none or several."""
    calls = [f"{method.upper()} {path}" for path, method, _ in operations(document)]
    return calls[0] if len(calls) == 1 else None


def _calls(contract: Mapping[str, Any], page: Mapping[str, Any]) -> tuple[Change, ...]:
    """What differs in method, path and server, where both documents name them."""
    before, after = call_of(contract), call_of(page)
    changes = []
    if before and after and before != after:
        line = operations(page)[0][2].get("x-source", {}).get("line", 0)
        changes.append(Change(REQUEST, None, "call", before, after, line))
    hosts = [_servers(document) for document in (contract, page)]
    if all(hosts) and not hosts[0] & hosts[1]:
        line = page["servers"][0].get("x-source", {}).get("line", 0)
        changes.append(Change(REQUEST, None, "server", min(hosts[0]), min(hosts[1]), line))
    return tuple(changes)


def _servers(document: Mapping[str, Any]) -> set[str]:
    return {str(server.get("url", "")).rstrip("/") for server in document.get("servers", ())}


@dataclass(frozen=True, slots=True)
class _Table:
    """Facts by place, and the places that have others below them."""

    facts: Mapping[_Key, Fact]
    holders: Set[_Key]

    def aliases(self, page: _Table) -> Set[_Key]:
        """The places whose field the page has under another name."""
        return {
            (key[0], f"{key[1].rpartition('/')[0]}/{name}")
            for key, fact in self.facts.items()
            if key in page.facts
            for name in fact.names
        }

    def would_tell(self, fact: Fact) -> bool:
        """Whether the page with these facts would show one of the contract if it still held."""
        if fact.confidence == Confidence.CURATED:
            return False
        statuses = {status for status, _ in self.facts} - {REQUEST}
        if fact.status not in statuses:
            return self._would_tell_status(fact.status, statuses)
        for above in _above(fact.pointer or ""):
            holder = self.facts.get((fact.status, above))
            if holder is not None:
                opaque = set(holder.types) <= {"object", "array"}
                return not opaque or (fact.status, above) in self.holders
        return True

    def _would_tell_status(self, status: str, statuses: Set[str]) -> bool:
        """A page that lists errors would list this one; parameters are listed or not at all."""
        if status == REQUEST:
            return any(told == REQUEST for told, _ in self.facts)
        success = status.startswith("2")
        return any(told.startswith("2") is success for told in statuses)


def _table(facts: Sequence[Fact]) -> _Table:
    """The facts that have a name; a value of which nothing is said is none, nor is how the key is sent."""
    named = {
        (fact.status, fact.pointer): fact
        for fact in facts
        if fact.pointer is not None and not (fact.status == REQUEST and is_key_header(fact.pointer[1:]))
    }
    holders = {(status, above) for status, pointer in named for above in _above(pointer)}
    empty = {
        key for key, fact in named.items() if key[1].endswith("/*") and not fact.types and key not in holders
    }
    told = {key: fact for key, fact in named.items() if key not in empty}
    return _Table(told, {(status, above) for status, pointer in told for above in _above(pointer)})


def _above(pointer: str) -> Iterator[str]:
    """The places above one, nearest first."""
    while pointer:
        pointer = pointer.rpartition("/")[0]
        yield pointer


def _changes(old: Fact, new: Fact) -> Iterator[Change]:
    """What is said otherwise at one place; what is only inferred does not speak against what is said."""
    guessed = Confidence.INFERRED in (old.confidence, new.confidence)
    pairs: dict[str, tuple[Any, Any, bool]] = {
        "types": (old.types, new.types, bool(old.types and new.types)),
        "nullable": (old.nullable, new.nullable, "unknown" not in (old.nullable, new.nullable)),
        "required": (old.required, new.required, "unknown" not in (old.required, new.required)),
        "enum": (_values(old), _values(new), bool(old.types and new.types) and not guessed),
        "format": (_format(old), _format(new), bool(old.types and new.types) and not guessed),
    }
    for what, (before, after, comparable) in pairs.items():
        if comparable and before != after:
            yield Change(new.status, new.pointer, what, getattr(old, what), getattr(new, what), new.line)


def _values(fact: Fact) -> set[str]:
    return {json.dumps(value, sort_keys=True) for value in fact.enum}


def _format(fact: Fact) -> str | None:
    return None if fact.format in OPENAPI_FORMATS else fact.format


def _unnamed(contract: Sequence[Fact], page: Sequence[Fact]) -> tuple[list[Fact], list[Fact]]:
    """Unnamed fields that only the page has, or only the contract: nothing but their number tells."""
    ours, theirs = (
        [fact for fact in facts if fact.pointer is None and fact.confidence != Confidence.CURATED]
        for facts in (contract, page)
    )
    return theirs[len(ours) :], ours[len(theirs) :] if theirs else []
