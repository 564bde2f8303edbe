"""What changed between two documents' operations outside schemas, and which schemas are to be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from docsworn.compat.calls import Answer, Call, Payload, Sent
from docsworn.compat.changes import Area, Change, Direction
from docsworn.compat.document import Node
from docsworn.compat.rules import RULES

_Pairs = Mapping[str, Node | None]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two schemas at one place of an operation (``200 application/json``); None says nothing of it."""

    direction: Direction
    area: Area
    where: str
    old: Node | None
    new: Node | None


def change(rule: str, old: Node | None, new: Node | None, place: str = "", /, **details: str) -> Change:
    """One change by a row of the table."""
    row = RULES[rule]
    return Change(
        rule=rule,
        place=place,
        old_pointer=None if old is None else old.pointer,
        new_pointer=None if new is None else new.pointer,
        verdicts=row.verdicts,
        severity=row.severity,
        message=row.message.format_map(details),
        details=details,
    )


def call_changes(old: Call, new: Call, direction: Direction) -> Iterator[tuple[str, Change]]:
    """What changed for who calls, or who reads what comes back; each with the part that it is about."""
    if direction is Direction.RESPONSE:
        yield from _responses(old.answers, new.answers)
        return
    if bool(old.node.data.get("deprecated")) is not bool(new.node.data.get("deprecated")):
        flag = "not-deprecated" if old.node.data.get("deprecated") else "deprecated"
        yield "", change(f"operation-{flag}", old.node, new.node)
    for sent in _parameters(old, new):
        yield "", sent
    for body in _bodies(old, new):
        yield "request body", body
    yield from (("", found) for found in _security(old, new))


def schema_pairs(old: Call, new: Call, direction: Direction) -> Iterator[Pair]:
    """The schemas that both operations have at one place."""
    if direction is Direction.RESPONSE:
        for status, before in old.answers.items():
            after = _answer(new.answers, status)
            if after is None:
                continue
            yield from _contents(direction, f"{status} ", before.content, after.content)
            for name in before.headers.keys() & after.headers.keys():
                pair = before.headers[name].schema, after.headers[name].schema
                yield Pair(direction, Area.HEADER, f"{status} header {before.headers[name].name}", *pair)
        return
    for key, sent in old.parameters.items():
        other = new.parameters.get(key)
        if other is not None:
            where = f"{sent.location} parameter {sent.name}"
            yield Pair(direction, Area.PARAMETER, where, sent.schema, other.schema)
    if old.body is not None and new.body is not None:
        yield from _contents(direction, "body ", old.body.content, new.body.content)


def _contents(direction: Direction, prefix: str, old: _Pairs, new: _Pairs) -> Iterator[Pair]:
    """The pairs by media type; a schema that several types share is compared once."""
    seen: set[tuple[str | None, str | None]] = set()
    for media, node in old.items():
        other = _matching(media, new)
        if other is None:
            continue
        after = new[other]
        key = (None if node is None else node.pointer, None if after is None else after.pointer)
        if key not in seen and (node is not None or after is not None):
            seen.add(key)
            yield Pair(direction, Area.BODY, f"{prefix}{media}", node, after)


def _matching(media: str, among: _Pairs) -> str | None:
    """The media type itself, or the range that holds it."""
    ranges = (media, f"{media.partition('/')[0]}/*", "*/*")
    return next((name for name in ranges if name in among), None)


def _answer(answers: Mapping[str, Answer], status: str) -> Answer | None:
    """What is documented for a status: itself, its class, or the default."""
    return answers.get(status) or answers.get(f"{status[:1]}XX") or answers.get("default")


def _responses(old: Mapping[str, Answer], new: Mapping[str, Answer]) -> Iterator[tuple[str, Change]]:
    for status, before in old.items():
        after = _answer(new, status)
        if after is None:
            kind = "success" if _succeeds(status) else "error"
            yield status, change(f"response-{kind}-status-removed", before.node, None, name=status)
            continue
        yield from ((status, found) for found in _media_types(before, after))
        yield from ((status, found) for found in _headers(before, after))
    for status, after in new.items():
        if _answer(old, status) is None:
            kind = "success" if _succeeds(status) else "error"
            yield status, change(f"response-{kind}-status-added", None, after.node, name=status)


def _succeeds(status: str) -> bool:
    return status.startswith("2")


def _media_types(old: Answer, new: Answer) -> Iterator[Change]:
    for media in old.content:
        if _matching(media, new.content) is None and new.content:
            yield change("response-media-type-removed", old.node, new.node, name=media)
    if old.content and not new.content:
        yield change("response-media-type-removed", old.node, new.node, name=", ".join(sorted(old.content)))
    for media in new.content:
        if _matching(media, old.content) is None:
            yield change("response-media-type-added", old.node, new.node, name=media)


def _headers(old: Answer, new: Answer) -> Iterator[Change]:
    for name, header in old.headers.items():
        other = new.headers.get(name)
        kind = _kind(header)
        if other is None:
            yield change(f"response-{kind}-header-removed", header.node, None, name=header.name)
        elif header.required is not other.required:
            now = "optional" if header.required else "required"
            yield change(f"response-header-became-{now}", header.node, other.node, name=header.name)
    for name, header in new.headers.items():
        if name not in old.headers:
            yield change(f"response-{_kind(header)}-header-added", None, header.node, name=header.name)


def _kind(sent: Sent) -> str:
    return "required" if sent.required else "optional"


def _parameters(old: Call, new: Call) -> Iterator[Change]:
    gone = {key: sent for key, sent in old.parameters.items() if key not in new.parameters}
    come = {key: sent for key, sent in new.parameters.items() if key not in old.parameters}
    for key, sent in list(gone.items()):
        moved = [other for other in come if come[other].name.lower() == sent.name.lower()]
        if len(moved) == 1:
            after = come.pop(moved[0])
            del gone[key]
            details = {"name": sent.name, "old": sent.location, "new": after.location}
            yield change("request-parameter-moved", sent.node, after.node, **details)
            yield from _required(sent, after)
    for sent in gone.values():
        yield change(f"request-{_kind(sent)}-parameter-removed", sent.node, None, **_named(sent))
    for sent in come.values():
        yield change(f"request-{_kind(sent)}-parameter-added", None, sent.node, **_named(sent))
    for key, sent in old.parameters.items():
        if key in new.parameters:
            yield from _required(sent, new.parameters[key])
            yield from _style(sent, new.parameters[key])


def _named(sent: Sent) -> dict[str, str]:
    return {"name": sent.name, "location": sent.location}


def _required(old: Sent, new: Sent) -> Iterator[Change]:
    if old.required is not new.required:
        now = "required" if new.required else "optional"
        yield change(f"request-parameter-became-{now}", old.node, new.node, **_named(new))


def _style(old: Sent, new: Sent) -> Iterator[Change]:
    """How lists and objects are written, where both documents say it in the same words."""
    if any(new.style.get(word, value) != value for word, value in old.style.items()):
        yield change("request-parameter-style-changed", old.node, new.node, **_named(new))


def _bodies(old: Call, new: Call) -> Iterator[Change]:
    if old.body is None or new.body is None:
        sides: tuple[tuple[Payload | None, str], ...] = ((old.body, "removed"), (new.body, "added"))
        for body, what in sides:
            if body is not None:
                kind = "required" if body.required else "optional"
                nodes = (body.node, None) if what == "removed" else (None, body.node)
                yield change(f"request-{kind}-body-{what}", *nodes)
        return
    if old.body.required is not new.body.required:
        now = "required" if new.body.required else "optional"
        yield change(f"request-body-became-{now}", old.body.node, new.body.node)
    for media in old.body.content:
        if _matching(media, new.body.content) is None:
            yield change("request-media-type-removed", old.body.node, new.body.node, name=media)
    for media in new.body.content:
        if _matching(media, old.body.content) is None:
            yield change("request-media-type-added", old.body.node, new.body.node, name=media)


def _security(old: Call, new: Call) -> Iterator[Change]:
    """Every way in that was must still be one, or ask for less."""
    if old.security is None or new.security is None or old.security == new.security:
        return
    shut = [way for way in old.security if not any(other <= way for other in new.security)]
    fewer = shut or [way for way in old.security if way not in new.security]
    details = {"old": _ways(fewer or old.security), "new": _ways(new.security)}
    verb = "tightened" if shut else "relaxed"
    yield change(f"request-security-{verb}", old.node, new.node, **details)


def _ways(ways: frozenset[frozenset[str]] | list[frozenset[str]]) -> str:
    return " or ".join(sorted(" and ".join(sorted(way)) or "nothing" for way in ways))
