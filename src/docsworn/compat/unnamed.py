"""Fields that a page describes without their names: how many there are, and what they may be called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from docsworn.compat.call_changes import change
from docsworn.compat.calls import Call
from docsworn.compat.changes import Direction
from docsworn.compat.document import Document, Node, children, entries
from docsworn.compat.report import Found, Reach
from docsworn.contract.pointer import join
from docsworn.contract.shape import token


def unnamed_changes(
    old: Document, new: Document, pairs: Sequence[tuple[Call | None, Call | None]]
) -> Iterator[Found]:
    """The unnamed fields that came to, or went from, an object that both documents describe."""
    for before, after in pairs:
        if before is None or after is None:
            continue
        for status, answer in after.answers.items():
            other = before.answers.get(status)
            for media, node in answer.content.items():
                was = other.content.get(media) if other is not None else None
                if node is not None and was is not None:
                    reach = Reach(after.title, f"{status} {media}", "")
                    yield from _differing(old.follow(was), new.follow(node), "", reach)


def _differing(old: Node, new: Node, place: str, reach: Reach) -> Iterator[Found]:
    ours, theirs = (list(entries(node.get("x-unnamed"))) for node in (old, new))
    for node in theirs[len(ours) :]:
        yield _found("added", None, node, place, reach)
    for node in ours[len(theirs) :]:
        yield _found("removed", node, None, place, reach)
    fields = dict(children(new.get("properties")))
    for name, child in children(old.get("properties")):
        if name in fields:
            yield from _differing(child, fields[name], place + join(name), reach)
    below = [node.get("items") for node in (old, new)]
    if below[0] is not None and below[1] is not None:
        yield from _differing(below[0], below[1], f"{place}/*", reach)


def _found(what: str, old: Node | None, new: Node | None, place: str, reach: Reach) -> Found:
    node = new or old
    said: Mapping[str, Any] = node.data if node is not None and isinstance(node.data, Mapping) else {}
    names = [name for name in said.get("candidates", ()) if isinstance(name, str) and token(name)]
    hint = f" (it may be {' or '.join(names)})" if names else ""
    one = change(f"response-unnamed-property-{what}", old, new, place, hint=hint)
    where = Reach(reach.operation, reach.part, f"{place}/*")
    return Found(one, Direction.RESPONSE, one.verdicts["strict"], (where,))
