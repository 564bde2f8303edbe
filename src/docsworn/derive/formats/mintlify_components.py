"""Mintlify components in MDX: ``<ParamField>``, ``<ResponseField>``, ``<Expandable>``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from docsworn.derive.format import Format, Reading
from docsworn.derive.page import MAX_FIELDS, Page
from docsworn.derive.text.assemble import Said, Told, call_in, document_of
from docsworn.derive.text.components import Tag, front_matter, stream
from docsworn.derive.text.family import has_block, has_components, is_data
from docsworn.derive.text.fields import Field, attach
from docsworn.derive.text.flags import NONE, Flags, parse_flag
from docsworn.derive.text.lines import Line
from docsworn.derive.text.notation import parse_type
from docsworn.derive.text.sections import PLACES, statuses_of

_FIELDS = ("ParamField", "ResponseField")
_CODE = frozenset({"RequestExample", "ResponseExample", "CodeGroup", "CodeBlock", "Snippet"})
_QUOTED = re.compile(r"[\"'`]([^\"'`]*)[\"'`]")
_NAME = re.compile(r"[^\s<>\"'&]{1,200}")
_HEADING = re.compile(r"#{1,6} +(.+)")
_CODES = re.compile(r"(?<![\w.])([2-5]\d\d)(?![\w.])")
_LIMITS = (
    "min",
    "max",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "pattern",
    "format",
)
_MOST_OPEN = 60


def _marks(page: Page) -> bool:
    return has_components(page) and not has_block(page) and not is_data(page)


def _read(page: Page) -> Reading:
    reader = _Reader()
    for item in stream(page):
        reader.take(item)
        if reader.count > MAX_FIELDS:
            page.check_fields(reader.count, item.line if isinstance(item, Tag) else item.number)
    reader.finish()
    head = front_matter(page)
    title = head.get("title", ("", 0))[0] or reader.title or "untitled"
    told = Told(title, _call(head, reader.loose))
    for place, found in reader.requests:
        if place == "body":
            told.body = told.body or Said(None, found.line, [])
            told.body = Said(None, told.body.line, [*told.body.fields, found])
        elif place in PLACES:
            told.parameters.append((place, found))
    told.responses = [Said(status, line, fields) for status, line, fields in reader.responses]
    if not any(fields for _status, _line, fields in reader.responses):
        raise page.error("no field of a response: is the page cut off?")
    return Reading(document_of(page, told))


def _call(head: dict[str, tuple[str, int]], loose: list[Line]) -> tuple[str, str | None, str, int] | None:
    """The call that the front matter names, or the text."""
    for key in ("api", "openapi"):
        if key in head:
            return call_in([Line(head[key][1], head[key][0])])
    return call_in(loose)


@dataclass(slots=True)
class _Reader:
    """Puts fields in fields as their tags open and close."""

    open: list[tuple[Tag, Field | None, list[Line]]] = field(default_factory=list)
    requests: list[tuple[str, Field]] = field(default_factory=list)
    responses: list[tuple[str | None, int, list[Field]]] = field(default_factory=list)
    loose: list[Line] = field(default_factory=list)
    last: dict[str, Field] = field(default_factory=dict)
    title: str = ""
    count: int = 0
    status: tuple[str, int] | None = None

    def take(self, item: Tag | Line) -> None:
        """Takes the next tag or line of the page."""
        if isinstance(item, Line):
            self._text(item)
        elif item.closing:
            self._close(item.name)
        else:
            self._open(item)

    def finish(self) -> None:
        """Closes what the page left open."""
        while self.open:
            self._pop()

    def _text(self, line: Line) -> None:
        if any(tag.name in _CODE for tag, _found, _lines in self.open):
            return
        holder = next((lines for _tag, found, lines in reversed(self.open) if found is not None), None)
        if holder is not None:
            holder.append(line)
            return
        heading = _HEADING.fullmatch(line.text)
        if heading and not self.title:
            self.title = heading[1]
        codes = statuses_of(line.text) or (_CODES.findall(heading[1]) if heading else [])
        if codes:
            self.status = codes[0], line.number
        self.loose.append(line)

    def _open(self, tag: Tag) -> None:
        found = _field(tag) if tag.name in _FIELDS else None
        if tag.name == "Tab" and (codes := _CODES.findall(tag.attributes.get("title", ""))):
            self.status = codes[0], tag.line
        if len(self.open) < _MOST_OPEN:
            self.open.append((tag, found, []))
        if found is not None:
            self.count += 1
            self._place(tag, found)
        if tag.empty and self.open and self.open[-1][0] is tag:
            self._pop()

    def _place(self, tag: Tag, found: Field) -> None:
        holder = next((other for _tag, other, _lines in reversed(self.open[:-1]) if other is not None), None)
        if holder is None:
            holder = self._titled(tag)
        if holder is not None:
            holder.held.append(found)
        elif tag.name == "ParamField":
            self.requests.append((_place_of(tag), found))
            self.last[tag.name] = found
        else:
            self.last[tag.name] = found
            status, line = self.status or (None, tag.line)
            known = next((fields for said, _line, fields in self.responses if said == status), None)
            if known is None:
                known = []
                self.responses.append((status, line, known))
            known.append(found)

    def _titled(self, tag: Tag) -> Field | None:
        """The field before an ``<Expandable>`` that stands outside and has its name for a title."""
        titles = [
            outer.attributes.get("title", "")
            for outer, _found, _lines in self.open
            if outer.name == "Expandable"
        ]
        last = self.last.get(tag.name)
        named = last is not None and any(title.split(" ")[0] == last.name for title in titles)
        return last if named else None

    def _close(self, name: str) -> None:
        if any(tag.name == name for tag, _found, _lines in self.open):
            while self.open and self._pop().name != name:
                pass

    def _pop(self) -> Tag:
        tag, found, lines = self.open.pop()
        if found is not None:
            attach(found, lines)
        return tag


def _place_of(tag: Tag) -> str:
    return next((place for place in (*PLACES, "body") if place in tag.attributes), "body")


def _field(tag: Tag) -> Field | None:
    attributes = tag.attributes
    keys = ("name",) if tag.name == "ResponseField" else (*PLACES, "body", "name")
    name = next((attributes[key].strip() for key in keys if attributes.get(key, "true") != "true"), "")
    if not _NAME.fullmatch(name):
        return None
    words = attributes.get("type", "")
    schema, flags = parse_type(words), _flags(attributes)
    if schema is None and words.endswith("required"):
        schema, flags = (
            parse_type(words.removesuffix("required").strip(" ,")),
            flags.and_also(Flags(required=True)),
        )
    found = Field(name, tag.line, 0, schema, flags)
    for key in ("enum", "options"):
        found.values += [(tag.line, value) for value in _QUOTED.findall(attributes.get(key, ""))]
    return found


def _flags(attributes: dict[str, Any]) -> Flags:
    flags = NONE
    if "required" in attributes:
        flags = flags.and_also(Flags(required=attributes["required"] != "false"))
    if attributes.get("optional") == "true":
        flags = flags.and_also(Flags(required=False))
    if attributes.get("nullable") == "true":
        flags = flags.and_also(Flags(nullable=True))
    for key in ("default", "initialValue"):
        if attributes.get(key, "true") != "true" or (key == "default" and attributes.get(key) == "true"):
            flags = flags.and_also(Flags(default=attributes[key]))
    for key in _LIMITS:
        more = parse_flag(f"{key}: {attributes[key]}") if key in attributes else None
        flags = flags.and_also(more) if more else flags
    for key in ("pre", "post"):
        if "required" in _QUOTED.findall(attributes.get(key, "")):
            flags = flags.and_also(Flags(required=True))
    return flags


FORMAT = Format("mintlify-components", _marks, _read)
