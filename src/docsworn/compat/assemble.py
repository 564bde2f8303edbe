"""Two documents compared as a user asked: findings, renames among them, what is used, ignored, unsettled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from docsworn.compat.calls import Call, read_calls
from docsworn.compat.changes import Direction
from docsworn.compat.document import Document
from docsworn.compat.documents import Compare, Matcher, matched, merged
from docsworn.compat.ignores import Ignored, ignore
from docsworn.compat.renaming import Values, with_renames
from docsworn.compat.report import Found, Report, ranked
from docsworn.compat.sources import with_sources
from docsworn.compat.unnamed import unnamed_changes
from docsworn.compat.uses import Uses, check_places
from docsworn.errors import UnknownNameError, UsageError

_MOST_OPERATIONS = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """What a user wants compared; ``operation`` is an id or ``METHOD /path``."""

    reader: str
    directions: tuple[Direction, ...] = (Direction.RESPONSE,)
    operation: str | None = None
    uses: Uses | None = None
    ignores: tuple[Ignored, ...] = ()
    today: date = date.max


def compare_documents(
    old: Document,
    new: Document,
    asked: Asked,
    compare: Compare,
    values: Values | None = None,
    calls: Sequence[tuple[Call | None, Call | None]] | None = None,
) -> Report:
    """What the change from one OpenAPI document to another does to a consumer.

    ``calls`` are the operations side by side, where they are known already. UsageError where the documents
    have no operation in common, UnknownNameError for an operation or a used place that neither has.
    """
    pairs = matching_calls(old, new, asked.operation) if calls is None else calls
    if asked.uses is not None:
        check_uses(asked.uses, old, new, pairs)
    matcher = Matcher(old, new, compare, asked.reader, asked.uses)
    found: list[Found] = []
    for direction in asked.directions:
        found.extend(matcher.found(pairs, direction))
        if direction is Direction.RESPONSE and not (old.is_huge or new.is_huge):  # no page is so large
            found.extend(unnamed_changes(old, new, pairs))
    found = list(with_renames(merged(_once(found)), old, new, values or {}, asked.uses))
    found = with_sources(found, old, new)
    marked, notes = ignore(ranked(found), asked.ignores, asked.today)
    return Report(
        old=old.raw.name,
        new=new.raw.name,
        reader=asked.reader,
        found=tuple(one for one in marked if one.used),
        outside=tuple(one for one in marked if not one.used),
        notes=notes,
        operations=sum(before is not None and after is not None for before, after in pairs),
        uses=None if asked.uses is None else len(asked.uses.places),
    )


def _once(found: Iterable[Found]) -> Iterable[Found]:
    """An operation that is gone is gone in both directions: once is enough."""
    seen: set[tuple[str, str | None, str | None]] = set()
    for one in found:
        key = (one.change.rule, one.change.old_pointer, one.change.new_pointer)
        if one.change.rule.startswith("operation-"):
            if key in seen:
                continue
            seen.add(key)
        yield one


def matching_calls(
    old: Document, new: Document, operation: str | None
) -> Sequence[tuple[Call | None, Call | None]]:
    """The operations side by side; errors as ``compare_documents`` has them."""
    before, after = read_calls(old), read_calls(new)
    chosen = None if operation is None else _chosen(operation, before, after)
    if not before.keys() & after.keys():
        listed = "; ".join(
            f"{document.raw.name} has {_listed(calls)}" for document, calls in ((old, before), (new, after))
        )
        raise UsageError(f"the documents have no operation in common: {listed}")
    return matched(before, after, chosen)


def _listed(calls: dict[str, Call]) -> str:
    titles = sorted(call.title for call in calls.values())
    more = f" and {len(titles) - _MOST_OPERATIONS} more" if len(titles) > _MOST_OPERATIONS else ""
    return (", ".join(titles[:_MOST_OPERATIONS]) or "none") + more


def _chosen(operation: str, *sides: dict[str, Call]) -> str:
    wanted = operation.strip()
    for calls in sides:
        for key, call in calls.items():
            if wanted in (call.id, call.title, key):
                return key
    known = {name for calls in sides for call in calls.values() for name in (call.id, call.title)}
    raise UnknownNameError("operation", operation, known)


def check_uses(
    uses: Uses, old: Document, new: Document, pairs: Sequence[tuple[Call | None, Call | None]]
) -> None:
    """UnknownNameError where a used place is in no response body of either document."""
    check_places(uses, [body for pair in pairs for body in _bodies(pair, (old, new))])


def _bodies(pair: tuple[Call | None, Call | None], sides: tuple[Document, Document]) -> Iterable[Any]:
    for call, document in zip(pair, sides, strict=True):
        for answer in call.answers.values() if call is not None else ():
            for node in answer.content.values():
                if node is not None:
                    yield document.schema(node, Direction.RESPONSE)
