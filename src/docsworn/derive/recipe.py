"""The recipe of a pack: which page it was read from, how, and what a person added to it and why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from docsworn.contract.pointer import join, split
from docsworn.contract.yamlsafe import load_yaml
from docsworn.errors import ContractError
from docsworn.model import Confidence

FILE = "recipe.yaml"

_KEYS = {"document", "address", "sha256", "format", "base", "operation", "call", "overlay"}
_ACTION_KEYS = {"target", "update", "copy", "remove", "confidence", "why", "line"}
_DEEDS = ("update", "copy", "remove")
_CONFIDENCES = {item.value: item for item in (Confidence.CURATED, Confidence.INFERRED)}


@dataclass(frozen=True, slots=True)
class Action:
    """One change to the derived document, in the terms of the OpenAPI Overlay Specification.

    ``target`` is the path of a JSON pointer. Exactly one of these is set: ``update`` is merged into the
    target, ``copy`` takes the target over from the base revision, ``remove`` deletes it. ``line`` is
    the line of the page that supports it (None: no line does), ``at`` the action's own in the recipe.
    """

    target: tuple[str, ...]
    update: Mapping[str, Any] | None
    copy: bool
    remove: bool
    confidence: Confidence
    why: str
    line: int | None
    at: int


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a page is read: ``address`` is the URL that the page states, ``base`` a revision's name.

    ``operation`` is what the contract calls its operation, ``call`` (``METHOD /path``, or an id of the
    page's) which one of the page's it is, where there are several. ``name`` says where the recipe stands,
    as ``speechify/v1/recipe.yaml``: it is the document of what no page says.
    """

    document: str
    address: str | None
    sha256: str
    format: str
    base: str | None
    operation: str
    overlay: tuple[Action, ...]
    call: str | None = None
    name: str = FILE


def fingerprint(text: str) -> str:
    """The SHA-256 of a page's text, in hex, as recipes hold it."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def load_recipe(path: Path) -> Recipe:
    """The recipe in a file; ContractError with file and line for what is unknown, missing or wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ContractError(str(path), "the recipe cannot be read") from None
    data, lines = load_yaml(text, name=str(path))
    # Resolved: the packs must be the same bytes from whichever folder they are written.
    name = "/".join(path.resolve().parts[-3:])
    return replace(_Reader(str(path), lines).recipe(data), name=name)


def render_recipe(recipe: Recipe) -> str:
    """The text of a recipe without an overlay: what a person adds, a person writes."""
    keys = ["document", "address", "sha256", "format", "base", "operation", *["call"] * bool(recipe.call)]
    lines = [f"{key}: {json.dumps(getattr(recipe, key), ensure_ascii=False)}" for key in keys]
    head = "# How the page was read. Checked by `docsworn derive --check`."
    return "\n".join((head, *lines, "overlay: []", ""))


@dataclass(frozen=True, slots=True)
class _Reader:
    file: str
    lines: Mapping[str, int]

    def error(self, problem: str, *place: str | int) -> ContractError:
        return ContractError(self.file, problem, self.lines.get(join(*place)))

    def recipe(self, data: Any) -> Recipe:
        if not isinstance(data, dict):
            raise self.error("a recipe must be a mapping")
        self._known(data, _KEYS, "recipe")
        return Recipe(
            document=self._text(data, "document"),
            address=self._text(data, "address", optional=True),
            sha256=self._text(data, "sha256"),
            format=self._text(data, "format"),
            base=self._text(data, "base", optional=True),
            operation=self._text(data, "operation"),
            overlay=tuple(self._action(item, at) for at, item in enumerate(self._overlay(data))),
            call=self._text(data, "call", optional=True),
        )

    def _overlay(self, data: dict[str, Any]) -> list[Any]:
        overlay = data.get("overlay") or []
        if not isinstance(overlay, list):
            raise self.error('"overlay" must be a list of actions', "overlay")
        return overlay

    def _action(self, item: Any, at: int) -> Action:
        place = ("overlay", at)
        if not isinstance(item, dict):
            raise self.error("an action must be a mapping", *place)
        self._known(item, _ACTION_KEYS, "action", *place)
        if sum(deed in item for deed in _DEEDS) != 1:
            raise self.error(f"an action needs exactly one of {', '.join(_DEEDS)}", *place)
        update = item.get("update")
        if "update" in item and not isinstance(update, dict):
            raise self.error('"update" must be a mapping', *place, "update")
        for deed in ("copy", "remove"):
            if item.get(deed, True) is not True:
                raise self.error(f'"{deed}" can only be true', *place, deed)
        line = item.get("line")
        if line is not None and (isinstance(line, bool) or not isinstance(line, int) or line < 1):
            raise self.error('"line" must be a line number', *place, "line")
        confidence = self._text(item, "confidence", *place)
        if confidence not in _CONFIDENCES:
            raise self.error(f'"confidence" must be {" or ".join(_CONFIDENCES)}', *place, "confidence")
        return Action(
            target=self._pointer(item, *place),
            update=update,
            copy="copy" in item,
            remove="remove" in item,
            confidence=_CONFIDENCES[confidence],
            why=self._text(item, "why", *place),
            line=line,
            at=self.lines[join(*place)],
        )

    def _pointer(self, item: dict[str, Any], *place: str | int) -> tuple[str, ...]:
        target = item.get("target")
        if not isinstance(target, str):
            raise self.error('"target" must be a JSON pointer', *place)
        try:
            return split(target)
        except ValueError:
            raise self.error('"target" must be a JSON pointer', *place, "target") from None

    def _text(self, data: dict[str, Any], key: str, *place: str | int, optional: bool = False) -> Any:
        value = data.get(key)
        if isinstance(value, str) and value:
            return value
        if value is None and optional:
            return None
        where = (*place, key) if key in data else place
        raise self.error(f'"{key}" must be a text', *where)

    def _known(self, data: dict[str, Any], keys: set[str], what: str, *place: str | int) -> None:
        for key in data:
            if key not in keys:
                raise self.error(f'unknown {what} key "{key}"', *place, key)
