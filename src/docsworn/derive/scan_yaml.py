"""YAML of a page with a line for each value, read event by event, so that bounds hold while it is read.

Scalars are read as YAML 1.2's core schema reads them (``no`` and ``2026-01-01`` are strings). Aliases
and merge keys are followed without copies; what they would unfold to is counted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from docsworn.derive.lines import MAX_DEPTH, MAX_VALUES, Keys, Lines, Located
from docsworn.derive.page import Page
from docsworn.errors import DocumentError

_TAG = "tag:yaml.org,2002:"
_CORE = (
    ("null", re.compile(r"~|null|Null|NULL|")),
    ("bool", re.compile(r"true|True|TRUE|false|False|FALSE")),
    ("int", re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")),
    ("float", re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")),
)
_FIRST = frozenset("~nNtTfF+-.0123456789")
_FORBIDDEN = re.compile(
    "[^\\x09\\x0a\\x0d\\x20-\\x7e\\x85\\xa0-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]"
)

# Line breaks to YAML but not to a reader of the page: they would shift every line number after them.
_STRAY_BREAKS = {0x85: " ", 0x2028: " ", 0x2029: " "}


@dataclass(frozen=True, slots=True)
class _Value:
    """A value that is complete; ``weight`` counts the values in it, ``height`` the levels below it."""

    data: Any
    lines: Lines
    weight: int = 1
    height: int = 0
    key: str | None = None


class _Key(NamedTuple):
    """A key whose value is to come; a merge key is ``<<`` without quotes."""

    text: str
    line: int
    merging: bool = False


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read."""

    line: int
    anchor: str | None
    data: dict[str, Any] | list[Any]
    lines: dict[str, Lines] | list[Lines]
    weight: int = 1
    height: int = 0
    key: _Key | None = None
    merged: list[_Value] = field(default_factory=list)


def scan_yaml(page: Page, text: str, before: int = 0) -> Located:
    """The data of a YAML text that begins after a line of the page; DocumentError with the line."""
    if any(chr(stray) in text for stray in _STRAY_BREAKS):
        text = text.translate(_STRAY_BREAKS)
    scanner = _Scanner(page, before, Keys(page))
    if match := _FORBIDDEN.search(text):
        line = text.count("\n", 0, match.start()) + 1
        raise page.error("not YAML: it holds a character that YAML forbids", line + before)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            scanner.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise page.error(
            f"not YAML: {error.problem or 'syntax error'}", mark.line + 1 + before if mark else None
        ) from None
    except yaml.YAMLError:
        raise page.error("not YAML: it holds a character that YAML forbids") from None
    if scanner.root is None:
        raise page.error("the document is empty", before or None)
    return Located(scanner.root.data, scanner.root.lines, scanner.keys.told())


@dataclass(slots=True)
class _Scanner:
    page: Page
    before: int
    keys: Keys
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, _Value] = field(default_factory=dict)
    unfinished: set[str] = field(default_factory=set)
    root: _Value | None = None
    total: int = 0

    def take(self, event: yaml.Event) -> None:
        """One event of the parser."""
        line = event.start_mark.line + 1 + self.before if event.start_mark else 0
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(str(event.anchor), line)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise self.page.error("a second document begins here", line)

    def _key_wanted(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].data, dict) and self.stack[-1].key is None

    def _open(self, event: yaml.CollectionStartEvent, line: int) -> None:
        if self._key_wanted():
            raise self.page.error("a key must be a plain word", line)
        if len(self.stack) >= MAX_DEPTH:
            raise self.page.error(f"nested deeper than {MAX_DEPTH} levels", line)
        if event.anchor:
            self.unfinished.add(event.anchor)
        mapping = isinstance(event, yaml.MappingStartEvent)
        self.stack.append(_Open(line, event.anchor, {} if mapping else [], {} if mapping else []))

    def _close(self) -> None:
        done = self.stack.pop()
        for merged in done.merged:
            self._merge(done, merged)
        value = _Value(done.data, Lines(done.line, done.lines), done.weight, done.height + 1)
        if done.anchor:
            self.unfinished.discard(done.anchor)
            self.anchors[done.anchor] = value
        self._add(value)

    def _merge(self, into: _Open, merged: _Value) -> None:
        """The keys of ``<<``: those that stand there already win."""
        sources = merged.data if isinstance(merged.data, list) else [merged.data]
        for at, data in enumerate(sources):
            lines = merged.lines.child(str(at)) if isinstance(merged.data, list) else merged.lines
            if not (isinstance(data, dict) and isinstance(into.data, dict) and isinstance(into.lines, dict)):
                raise self.page.error("a merge key needs mappings", merged.lines.line)
            below = lines.below if lines and isinstance(lines.below, Mapping) else {}
            for key in data:
                if key not in into.data:
                    into.data[key], into.lines[key] = data[key], below.get(key, merged.lines)

    def _alias(self, anchor: str, line: int) -> None:
        if anchor in self.unfinished:
            raise self.page.error("an alias that holds itself", line)
        if anchor not in self.anchors:
            raise self.page.error("an alias of nothing", line)
        value = self.anchors[anchor]
        if self._key_wanted():
            if value.key is None:
                raise self.page.error("a key must be a plain word", line)
            self._scalar_key(value.key, line)
            return
        if len(self.stack) + value.height > MAX_DEPTH:
            raise self.page.error(f"nested deeper than {MAX_DEPTH} levels (aliases?)", line)
        self.total += value.weight - 1
        self._add(value)

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        text = str(event.value)
        if self._key_wanted():
            merging = text == "<<" and not event.style
            if event.anchor:
                self.anchors[event.anchor] = _Value(text, Lines(line), key=text)
            if merging:
                self.stack[-1].key = _Key(text, line, merging=True)
            else:
                self._scalar_key(text, line)
            return
        value = _Value(self._meaning(event, text, line), Lines(line), key=text)
        if event.anchor:
            self.anchors[event.anchor] = value
        self._add(value)

    def _scalar_key(self, text: str, line: int) -> None:
        here = self.stack[-1]
        if text in here.data:
            self.keys.twice(text, line)
        here.key = _Key(text, line)

    def _add(self, value: _Value) -> None:
        """A complete value goes where it belongs."""
        self.total += 1
        if self.total > MAX_VALUES:
            raise self.page.error(f"more than {MAX_VALUES} values (aliases?)", value.lines.line)
        if not self.stack:
            self.root = value
            return
        here = self.stack[-1]
        here.weight, here.height = here.weight + value.weight, max(here.height, value.height)
        if isinstance(here.data, list) and isinstance(here.lines, list):
            here.data.append(value.data)
            here.lines.append(value.lines)
        elif isinstance(here.data, dict) and isinstance(here.lines, dict) and here.key:
            key, here.key = here.key, None
            if key.merging:
                here.merged.append(value)
            else:
                here.data[key.text] = value.data
                here.lines[key.text] = Lines(key.line, value.lines.below)

    def _meaning(self, event: yaml.ScalarEvent, text: str, line: int) -> Any:
        plain = event.tag is None and bool(event.implicit[0])
        kind = _kind(text) if plain else str(event.tag or f"{_TAG}str").removeprefix(_TAG)
        try:
            return _typed(kind, text)
        except ValueError:
            raise self.page.error("a number that is too long", line) from None
        except LookupError:
            raise self._tag(line) from None

    def _tag(self, line: int) -> DocumentError:
        return self.page.error("a tag that no plain data has", line)


def _kind(text: str) -> str:
    if text and text[0] not in _FIRST:
        return "str"
    return next((kind for kind, pattern in _CORE if pattern.fullmatch(text)), "str")


def _typed(kind: str, text: str) -> Any:
    """A scalar's value; ValueError for a number without end, LookupError for an unknown kind."""
    if kind in ("str", "!"):
        return text
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int":
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if kind == "float":
        number = float(text)
        if not math.isfinite(number):
            raise ValueError
        return number
    raise LookupError(kind)
