"""What documents say of their own certainty: confidence and line of a node, and what live would settle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from docsworn.compat.changes import Verdict
from docsworn.compat.document import Document
from docsworn.compat.report import Found
from docsworn.contract.pointer import split
from docsworn.model import Confidence, Source

# Least sure first: a change is as sure as the less sure of its two sides.
_ORDER = (Confidence.INFERRED, Confidence.CURATED, Confidence.DOCUMENTED, Confidence.CORROBORATED)

_GONE = "the page no longer names it, which is not to say that it is gone: "


def with_sources(found: Iterable[Found], old: Document, new: Document) -> list[Found]:
    """The findings with the lines that say so, how sure that is, and what a live response would settle."""
    pages = is_page(old), is_page(new)
    return [_sourced(one, old, new, pages) if any(pages) else one for one in found]


def _sourced(one: Found, old: Document, new: Document, pages: tuple[bool, bool]) -> Found:
    sides = [
        _said(document, pointer)
        for document, pointer in ((old, one.change.old_pointer), (new, one.change.new_pointer))
    ]
    sure = [confidence for _source, confidence in sides if confidence is not None]
    return replace(
        one,
        old_source=sides[0][0],
        new_source=sides[1][0],
        confidence=min(sure, key=_ORDER.index, default=None) if not pages[1] or sure else Confidence.INFERRED,
        unsettled=_unsettled(one),
    )


def is_page(document: Document) -> bool:
    """Whether a document was derived from a page for people: it then says where each fact stands."""
    paths = document.raw.data.get("paths")
    items = paths.values() if isinstance(paths, Mapping) else ()
    return any(
        isinstance(node, Mapping) and "x-source" in node
        for item in items
        if isinstance(item, Mapping)
        for node in item.values()
    )


def _said(document: Document, pointer: str | None) -> tuple[Source | None, Confidence | None]:
    """The nearest source and confidence on the way to a node."""
    source: Source | None = None
    confidence: Confidence | None = None
    node: Any = document.raw.data if pointer is not None else None
    for part in (*split(pointer or ""), None):
        if isinstance(node, Mapping):
            source = _source(node.get("x-source")) or source
            said = node.get("x-confidence")
            confidence = Confidence(said) if said in set(Confidence) else confidence
        if part is None:
            break
        node = _child(node, part)
        if node is None:
            break
    return source, confidence


def _child(node: Any, part: str) -> Any:
    if isinstance(node, Mapping):
        return node.get(part)
    if isinstance(node, list) and part.isdigit() and int(part) < len(node):
        return node[int(part)]
    return None


def _source(said: Any) -> Source | None:
    if (
        isinstance(said, Mapping)
        and isinstance(said.get("document"), str)
        and isinstance(said.get("line"), int)
    ):
        return Source(said["document"], said["line"])
    return None


def _unsettled(one: Found) -> str:
    """What a response would show, for a change that readers fear."""
    rule = one.change.rule
    if not rule.startswith("response-") or "header" in rule:
        return ""
    place = one.reached[0].place if one.reached else one.change.place
    if rule == "response-property-renamed":
        names = one.change.details
        return f"a response shows whether {names['old']}, {names['new']} or both are sent"
    if "unnamed" in rule:
        return "a response shows its name"
    if "property-removed" in rule or "became-optional" in rule or "-status-removed" in rule:
        return f"{_GONE}a response that holds {place or 'it'} would show that it is still sent"
    if one.verdict is Verdict.SAFE:
        return ""
    return f"responses show whether {place or 'the body'} has really changed"
