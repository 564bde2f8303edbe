"""The facts of the four founding pages against tables that were written by reading the pages.

Tavus and Speechify have their tables in ``test_pack_*.py``. The table of ElevenLabs lists components;
here it is expanded to places by its own small reader, which shares no code with docsworn.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from docsworn.derive.facts import Fact, facts_of
from tests.derive.packs import pack
from tests.derive.rows import Row
from tests.derive.test_pack_elevenlabs import table
from tests.derive.test_pack_speechify import CONVERSATION
from tests.derive.test_pack_tavus import EVENTS, NEWER, OLDER

ELEVENLABS = "elevenlabs/v1-2025-12"
ORDER = ("object", "array", "string", "integer", "number", "boolean")


def body_facts(name: str, status: str = "200") -> list[Fact]:
    """The facts of a status of a pack, the whole body left out."""
    return [fact for fact in facts_of(pack(name)) if fact.status == status and fact.pointer != ""]


def kinds(notation: str) -> tuple[tuple[str, ...], str | None]:
    """The types and the format of a table's notation: ``string:uri``, ``array<Kite>``, ``integer|string``."""
    heads = ["object" if item[0] == "=" else item.partition("<")[0] for item in notation.split("|")]
    words = {"map": "object", "any": ""}
    types = {words.get(head.partition(":")[0], head.partition(":")[0]) for head in heads}
    formats = {head.partition(":")[2] for head in heads} - {""}
    return tuple(name for name in ORDER if name in types), next(iter(formats), None)


def said(fact: Fact) -> tuple[object, ...]:
    """What a table's row says of a fact, without its place and requiredness."""
    return fact.types, fact.format, fact.nullable == "yes", fact.enum, fact.confidence, fact.line


def told(row: Row) -> tuple[object, ...]:
    """The same of a row."""
    return *kinds(row.type), row.null, row.enum, row.confidence, row.line


def test_older_tavus() -> None:
    """9 fields of 200, one each of 400 and 401, one parameter; the page says nothing of requiredness."""
    facts = body_facts("tavus/v2-replica")
    assert [(fact.pointer, *said(fact)) for fact in facts] == [(row.place, *told(row)) for row in OLDER]
    assert {fact.required for fact in facts} == {"unknown"}
    others = [(f.status, f.pointer, f.types, f.required, f.line) for f in facts_of(pack("tavus/v2-replica"))]
    assert [found for found in others if found[0] != "200"] == [
        ("request", "/conversation_id", ("string",), "yes", others[0][4]),
        ("400", "", ("object",), "no", 109),
        ("400", "/error", ("string",), "unknown", 114),
        ("401", "", ("object",), "no", 124),
        ("401", "/message", ("string",), "unknown", 129),
    ]


def test_newer_tavus() -> None:
    """9 names by alignment, 3 by hand, and the unnamed events with what the prose tells of them."""
    facts = body_facts("tavus/v2-face")
    named = [fact for fact in facts if fact.pointer is not None]
    assert [(fact.pointer, *said(fact)) for fact in named] == [(row.place, *told(row)) for row in NEWER]
    assert [fact.names for fact in named if fact.names] == [("replica_id",), ("persona_id",)]
    events, *below = [fact for fact in facts if fact.pointer is None and fact.names != ("event_type",)]
    assert (events.names, events.types, events.line) == (("events",), ("array",), 30)
    assert [fact.names for fact in below] == [(f"events{row.place}",) for row in EVENTS]
    # The table calls an object that only lists its fields "any"; the fact is that it is an object.
    assert [said(fact) for fact in below[2:]] == [told(row) for row in EVENTS[2:]]


def test_speechify() -> None:
    """Every row: types, null, values, line; required are those that the table gives a line for.

    Required by layout is inferred, and so is the row; of created_at the prose says it.
    """
    facts = body_facts("speechify/v1")
    by_layout = [row.place for row in CONVERSATION if row.required and row.place != "/created_at"]
    table = [row._replace(confidence="inferred") if row.place in by_layout else row for row in CONVERSATION]
    assert [(fact.pointer, *said(fact)) for fact in facts] == [(row.place, *told(row)) for row in table]
    required = [fact.pointer for fact in facts if fact.required == "yes"]
    assert required == [row.place for row in CONVERSATION if row.required]
    rest = [(fact.status, fact.pointer, fact.line) for fact in facts_of(pack("speechify/v1"))]
    assert [found for found in rest if found[0] in ("request", "401", "404")] == [
        ("request", "/id", 13), ("401", "", 121), ("404", "", 123),
    ]  # fmt: skip


@cache
def components() -> dict[str, dict[str, Row]]:
    """The table's rows by component; the component's own row under the empty name."""
    found: dict[str, dict[str, Row]] = {}
    for row in table():
        name, _, field = row.place.partition(".")
        found.setdefault(name, {})[field] = row
    return found


Seen = tuple[str, bool, Row, frozenset[str]]


def places(pointer: str, seen: list[Seen]) -> Iterator[tuple[object, ...]]:
    """The places below notations that share one: place, types, null, required, values, line."""
    opened = [leaf for notation, _, row, trail in seen for leaf in leaves(notation, row, trail)]
    types = {name for kind, _, _ in opened for name in kinds(kind)[0]}
    values = [value for kind, row, _ in opened for value in (row.enum if kind == "string" else ())]
    null = any(row.null for _, _, row, _ in seen) or any(text.endswith("?") for text, _, _, _ in seen)
    yield (
        pointer, tuple(name for name in ORDER if name in types), null, all(must for _, must, _, _ in seen),
        tuple(dict.fromkeys(values)), seen[0][2].line,
    )  # fmt: skip
    fields: dict[str, list[Seen]] = {}
    inner: list[Seen] = []
    for kind, row, trail in opened:
        if kind.startswith(("array<", "map<")):
            blank = Row("", "", False, 0, (), row.line)
            inner.append((kind[kind.index("<") + 1 : -1], False, blank, trail))
        elif kind.startswith("="):
            for field, child in components()[kind[1:]].items():
                if field:
                    fields.setdefault(field, []).append((child.type, bool(child.required), child, trail))
    for field, children in fields.items():
        yield from places(f"{pointer}/{field}", children)
    if inner:
        yield from places(f"{pointer}/*", inner)


def leaves(notation: str, row: Row, trail: frozenset[str]) -> Iterator[tuple[str, Row, frozenset[str]]]:
    """A notation without unions and names; ``=Name`` is an object that is entered."""
    text = notation.removesuffix("?")
    if text in components():
        own = components()[text][""]
        if own.type == "object":
            yield ("object", own, trail) if text in trail else (f"={text}", own, trail | {text})
        elif text not in trail:
            yield from leaves(own.type, own, trail | {text})
    elif "|" in text and not text.startswith(("array<", "map<")):
        for branch in text.split("|"):
            yield from leaves(branch, row, trail)
    else:
        yield text, row, trail


def test_elevenlabs() -> None:
    """All places of the 441 rows: types, null, required, values; the line of the first branch's field."""
    root = components()["GetConversationResponseModel"][""]
    start: Seen = ("GetConversationResponseModel", False, root, frozenset())
    expected = {row[0]: row[1:] for row in places("", [start]) if row[0]}
    facts = body_facts(ELEVENLABS)
    found = {f.pointer: (f.types, f.nullable == "yes", f.required == "yes", f.enum, f.line) for f in facts}
    assert found.keys() == expected.keys()
    lines = {pointer for pointer, row in found.items() if row[-1] != expected[pointer][-1]}
    assert {pointer: row[:-1] for pointer, row in found.items()} == {
        p: row[:-1] for p, row in expected.items()
    }
    assert all(str(pointer).endswith("/*") for pointer in lines)  # items have lines of their own
    assert len(found) == 434
    assert {fact.confidence for fact in facts} == {"documented"}


def test_elevenlabs_request_and_refusal() -> None:
    """The parameter, and the refusal whose body the page leaves empty."""
    others = [fact for fact in facts_of(pack(ELEVENLABS)) if fact.status in ("request", "422")]
    rows = [(fact.status, fact.pointer, fact.types, fact.required, fact.line) for fact in others]
    assert ("request", "/conversation_id", ("string",), "yes", 26) in rows
    assert ("422", "", (), "no", 44) in rows
