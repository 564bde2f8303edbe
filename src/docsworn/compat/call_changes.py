"""What changed between two documents' operations outside schemas, and which schemas are to be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from docsworn.compat.calls import Answer, Call, Payload, Sent
from docsworn.compat.changes import Area, Change, Direction
from docsworn.compat.covers import come, gone, holder, media_holders, met, status_holders, succeeds
from docsworn.compat.document import Node
from docsworn.compat.rules import RULES

_Pairs = Mapping[str, Node | None]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two schemas at one place of an operation (``200 application/json``); None says nothing of it.

    ``is_text``: a value is no JSON but a text on the wire.
    """

    direction: Direction
    area: Area
    where: str
    old: Node | None
    new: Node | None
    is_text: bool = False


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
        for status, held in met(old.answers, new.answers, status_holders):
            before, after = old.answers[status], new.answers[held]
            yield from _contents(direction, f"{status} ", before.content, after.content)
            for name, header in before.headers.items():
                if name in after.headers:
                    where = f"{status} header {header.name}"
                    yield _sent_pair(direction, Area.HEADER, where, header, after.headers[name])
        return
    for key, sent in old.parameters.items():
        other = new.parameters.get(key)
        if other is not None:
            where = f"{sent.location} parameter {sent.name}"
            yield _sent_pair(direction, Area.PARAMETER, where, sent, other)
    if old.body is not None and new.body is not None:
        yield from _contents(direction, "body ", old.body.content, new.body.content)


def _sent_pair(direction: Direction, area: Area, where: str, old: Sent, new: Sent) -> Pair:
    is_text = old.style is not None and new.style is not None
    return Pair(direction, area, where, old.schema, new.schema, is_text)


def _contents(direction: Direction, prefix: str, old: _Pairs, new: _Pairs) -> Iterator[Pair]:
    """The pairs by media type; a schema that several types share is compared once."""
    seen: set[tuple[str | None, str | None]] = set()
    for media, held in met(old, new, media_holders):
        before, after = old[media], new[held]
        key = (None if before is None else before.pointer, None if after is None else after.pointer)
        if key not in seen and (before is not None or after is not None):
            seen.add(key)
            yield Pair(direction, Area.BODY, f"{prefix}{media}", before, after)


def _responses(old: Mapping[str, Answer], new: Mapping[str, Answer]) -> Iterator[tuple[str, Change]]:
    for status in gone(old, new, status_holders):
        kind = "success" if succeeds(status) else "error"
        yield status, change(f"response-{kind}-status-removed", old[status].node, None, name=status)
    for status, held in met(old, new, status_holders):
        before, after = old[status], new[held]
        yield from ((status, found) for found in _media_types(before, after))
        yield from ((status, found) for found in _headers(before, after))
    for status in come(old, new, status_holders):
        kind = "success" if succeeds(status) else "error"
        yield status, change(f"response-{kind}-status-added", None, new[status].node, name=status)


def _media_types(old: Answer, new: Answer) -> Iterator[Change]:
    if old.content and not new.content:
        yield change("response-media-type-removed", old.node, new.node, name=", ".join(sorted(old.content)))
        return
    for media in gone(old.content, new.content, media_holders):
        yield change("response-media-type-removed", old.node, new.node, name=media)
    for media in come(old.content, new.content, media_holders):
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
            yield from _default(sent, new.parameters[key])


def _named(sent: Sent) -> dict[str, str]:
    return {"name": sent.name, "location": sent.location}


def _required(old: Sent, new: Sent) -> Iterator[Change]:
    if old.required is not new.required:
        now = "required" if new.required else "optional"
        yield change(f"request-parameter-became-{now}", old.node, new.node, **_named(new))


def _style(old: Sent, new: Sent) -> Iterator[Change]:
    """How a value is written in the request."""
    if old.style != new.style and None not in (old.style, new.style):
        yield change("request-parameter-style-changed", old.node, new.node, **_named(new))


def _default(old: Sent, new: Sent) -> Iterator[Change]:
    """What a request means that leaves the parameter out."""
    if old.default != new.default and not new.required:
        verb = "added" if old.default is None else "removed" if new.default is None else "changed"
        yield change(f"request-parameter-default-{verb}", old.node, new.node, **_named(new))


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
        if holder(media, new.body.content, media_holders) is None:
            yield change("request-media-type-removed", old.body.node, new.body.node, name=media)
    for media in come(old.body.content, new.body.content, media_holders):
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
