"""What a person adds to a derived document, applied action by action and marked as added.

The terms are those of the OpenAPI Overlay Specification (target, update, copy, remove), with JSON
pointers for targets. A target that is not there is an error: the page has changed, or the recipe is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docsworn.contract.pointer import join, walk
from docsworn.derive.document import adopt, ordered, still_missing
from docsworn.derive.recipe import FILE, Action, Recipe
from docsworn.derive.roles import ROOT, SOURCED, role_below
from docsworn.errors import ContractError
from docsworn.model import Confidence

_PROVENANCE = ("x-keywords", "x-normalised", "x-source", "x-confidence")


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where an addition comes from, and how sure it is."""

    document: str
    line: int
    confidence: Confidence

    @property
    def source(self) -> dict[str, Any]:
        return {"document": self.document, "line": self.line}


def apply_overlay(document: dict[str, Any], recipe: Recipe, base: Mapping[str, Any] | None) -> dict[str, Any]:
    """The document with a recipe's actions applied in order; ContractError where one does not fit."""
    for action in recipe.overlay:
        document = ordered(still_missing(adopt(_apply(document, action, recipe, base))))
    return document


def _apply(
    document: dict[str, Any], action: Action, recipe: Recipe, base: Mapping[str, Any] | None
) -> dict[str, Any]:
    result: dict[str, Any]
    if action.copy:
        result = _insert(document, action.target, _copied(action, base))
    elif action.remove:
        result = _changed(document, action.target, action, lambda _node, _role: _REMOVED)
    else:
        said_by = recipe.name if action.line is None else recipe.document
        origin = _Origin(said_by, action.line or action.at, action.confidence)
        update = action.update or {}
        result = _changed(
            document, action.target, action, lambda node, role: _merge(node, update, role, origin)
        )
    return result


_REMOVED = object()


def _changed(node: Any, target: Sequence[str], action: Action, change: Any, role: str | None = ROOT) -> Any:
    """A copy of a node with what stands at the target changed."""
    if not target:
        return change(node, role)
    first, rest = target[0], target[1:]
    try:
        child = walk(node, (first,))
    except LookupError:
        raise ContractError(FILE, f'no "{join(*action.target)}" in the derived document', action.at) from None
    new = _changed(child, rest, action, change, role_below(role, first))
    if isinstance(node, list):
        kept = [new if str(at) == first else item for at, item in enumerate(node)]
        return [item for item in kept if item is not _REMOVED]
    return {
        key: new if key == first else value
        for key, value in node.items()
        if not (key == first and new is _REMOVED)
    }


def _merge(node: Any, update: Mapping[str, Any], role: str | None, origin: _Origin) -> Any:
    """The target with an update merged in; lists are joined, new nodes and keywords tell their origin."""
    if not isinstance(node, dict):
        return _stamped(dict(update), role, origin)
    result = dict(node)
    keywords = dict(node.get("x-keywords", {}))
    for key, value in update.items():
        below = role_below(role, key)
        present = result.get(key)
        if isinstance(present, dict) and isinstance(value, dict):
            result[key] = _merge(present, value, below, origin)
        elif isinstance(present, list) and isinstance(value, list):
            result[key] = [*present, *(item for item in value if item not in present)]
        else:
            result[key] = _stamped(value, below, origin)
        if role == "schema" and key not in _PROVENANCE and below is None:
            keywords.update(_keyword_sources(key, value, node, origin))
    if keywords:
        result["x-keywords"] = keywords
    if role == "schema" and "required" in update and "required" in node:
        result["required"] = _in_page_order(result)
    return _annotations_last(result)


def _in_page_order(schema: dict[str, Any]) -> list[str]:
    """The required names in the order of the properties; names without a property come last."""
    listed = [name for name in schema.get("properties", {}) if name in schema["required"]]
    return [*listed, *(name for name in schema["required"] if name not in listed)]


def _keyword_sources(key: str, value: Any, node: dict[str, Any], origin: _Origin) -> dict[str, Any]:
    """The sources of a keyword that was added to a node; a required name's is its property."""
    own = {"document": origin.document, "line": origin.line, "confidence": origin.confidence.value}
    if key != "required":
        return {key: own}
    sources = {}
    for name in value:
        if name in node.get("required", ()):
            continue
        place = node.get("properties", {}).get(name, {}).get("x-source", {})
        sources[f"required/{name}"] = {**own, **place}
    return sources


def _stamped(value: Any, role: str | None, origin: _Origin) -> Any:
    """A new node with its origin on it and on every node below it that tells one."""
    if isinstance(value, list):
        return [_stamped(item, role_below(role, str(at)), origin) for at, item in enumerate(value)]
    if not isinstance(value, Mapping):
        return value
    inner = {key: _stamped(item, role_below(role, key), origin) for key, item in value.items()}
    if role not in SOURCED:
        return inner
    inner.setdefault("x-source", origin.source)
    inner.setdefault("x-confidence", origin.confidence.value)
    return inner


def _copied(action: Action, base: Mapping[str, Any] | None) -> Any:
    """What stands at the target in the base revision, with its lines there and the action's confidence."""
    try:
        return _trusted(walk(base, action.target), action.confidence.value)
    except LookupError:
        raise ContractError(FILE, f'no "{join(*action.target)}" in the base revision', action.at) from None


def _trusted(node: Any, confidence: str) -> Any:
    if isinstance(node, list):
        return [_trusted(item, confidence) for item in node]
    if not isinstance(node, dict):
        return node
    changed = {key: _trusted(value, confidence) for key, value in node.items()}
    if isinstance(node.get("x-confidence"), str):
        changed["x-confidence"] = confidence
    return changed


def _insert(node: Any, target: Sequence[str], value: Any) -> Any:
    """A copy of a mapping with a value put at the target; the way to it is made."""
    if not target:
        return value
    present = node if isinstance(node, dict) else {}
    return {**present, target[0]: _insert(present.get(target[0]), target[1:], value)}


def _annotations_last(node: dict[str, Any]) -> dict[str, Any]:
    """The node with its keywords first, then what is said about them, then where it comes from."""
    said = [key for key in node if key.startswith("x-") and key not in _PROVENANCE]
    keywords = [key for key in node if not key.startswith("x-")]
    return {key: node[key] for key in (*keywords, *said, *_PROVENANCE) if key in node}
