"""Fields as Markdown bullets: ``- `name` (type, required, nullable, default: x) — text``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from docsworn.derive.text.declare import is_name
from docsworn.derive.text.fields import Field, attach
from docsworn.derive.text.flags import NONE, Flags, parse_flag
from docsworn.derive.text.lines import Line
from docsworn.derive.text.marks import BULLET, is_special
from docsworn.derive.text.nesting import may_hold
from docsworn.derive.text.notation import OPEN_ENUM, Schema, parse_type

_NAME = re.compile(
    r"[-*+•] +(?:(?:\*\*|__)?`(?P<ticked>[^`\s]{1,200})`(?:\*\*|__)?"
    r"|(?:\*\*|__)(?P<bold>[^*\s]{1,200}?)(?:\*\*|__)|(?P<plain>[A-Za-z_$][\w$.\-\[\]]*))(?P<rest>.*)"
)
_SEPARATORS = " :—–-·"
_CHIP = re.compile(r"(?:`([^`]+)`|(?<!\*)\*([^*]+)\*(?!\*)|_([^_]+)_)")
_STAR = re.compile(r"\+ +(.+)")
_ONE_OF = re.compile(r"(?:enum:|one of:?) +(.+)", re.IGNORECASE)
_LIST_OF = re.compile(
    r"(?:list|array|set)s? of [A-Z][\w.]*|(?:list|array|set)<[A-Z][\w.]*>|[A-Z][\w.]*\[\]", re.ASCII
)
_OPEN, _CLOSE = "([{<", ")]}>"
_LONGEST = 4000
_TAIL = re.compile(
    r"(?:^|(?<=[.;,)—–] )|(?<=[.;,)]))((?:Allowed|Available|Possible|Valid|Accepted) (?:values|options):.*)"
)


def read_bullets(body: Sequence[Line]) -> list[Field]:
    """The fields that bullets declare, with what stands under each, not yet nested."""
    found: list[tuple[Field, list[Line]]] = []
    declarations = [parse_bullet(line) for line in body]
    indents = {min((one[0].indent for one in declarations if one), default=-1)}
    introduced = False  # a sentence says that values follow
    for line, typed in zip(body, declarations, strict=True):
        declared = typed
        if declared is None and line.indent in indents and not (found and _lists_values(found[-1][0], line)):
            declared = _untyped(line) or (
                None if introduced else _bare(line, found[-1][0] if found else None)
            )
        introduced = line.text.endswith(":") or (introduced and typed is None)
        if declared is not None:
            indents.add(line.indent)
            found.append(declared)
        elif found:
            found[-1][1].append(_unmarked(line))
    for field, lines in found:
        attach(field, lines)
    return [field for field, _lines in found]


def _lists_values(last: Field, line: Line) -> bool:
    """Whether bullets here are values of the field above them."""
    return line.indent > last.indent and last.schema is not None and OPEN_ENUM in str(last.schema)


def _untyped(line: Line) -> tuple[Field, list[Line]] | None:
    """A field whose brackets hold no type that is known: a name in code with something in brackets."""
    match = _NAME.fullmatch(line.text) if len(line.text) <= _LONGEST else None
    if match is None or match["ticked"] is None or not match["rest"].lstrip(" :").startswith("("):
        return None
    _pieces, rest = _grouped(match["rest"].lstrip(" :"))
    return Field(match["ticked"], line.number, line.indent), list(_described(line, rest.strip(_SEPARATORS)))


def _bare(line: Line, last: Field | None) -> tuple[Field, list[Line]] | None:
    """A name in code beside other fields, of which nothing says the type; below a scalar it is a value."""
    match = _NAME.fullmatch(line.text) if len(line.text) <= _LONGEST else None
    if match is None or match["ticked"] is None or not is_name(match["ticked"]):
        return None
    if last is not None and line.indent > last.indent and not may_hold(last.schema):
        return None
    described = list(_described(line, match["rest"].strip(_SEPARATORS)))
    return Field(match["ticked"], line.number, line.indent), described


def _unmarked(line: Line) -> Line:
    """The line without its bullet, where what follows is said of the field above."""
    match = BULLET.fullmatch(line.text) or _STAR.fullmatch(line.text)
    return line._replace(text=match[1]) if match and is_special(match[1]) else line


def parse_bullet(line: Line) -> tuple[Field, list[Line]] | None:
    """The field that a bullet declares, and its description; None where it declares none."""
    match = _NAME.fullmatch(line.text) if len(line.text) <= _LONGEST else None
    if match is None:
        return None
    rest = match["rest"].lstrip(" :")
    pieces, rest = _grouped(rest)
    if not pieces:
        pieces, rest = _chipped(rest)
    schema, flags = _said(pieces)
    if schema is None and flags == NONE:
        return None
    name = match["ticked"] or match["bold"] or match["plain"]
    field = Field(name, line.number, line.indent, schema, flags)
    return field, list(_described(line, rest.strip(_SEPARATORS)))


def _described(line: Line, text: str) -> Iterator[Line]:
    """The description, with a list of values at its end on a line of its own."""
    tail = _TAIL.search(text)
    before = text[: tail.start(1)].strip(_SEPARATORS) if tail else text
    if before:
        yield line._replace(text=before, gap=False)
    if tail:
        yield line._replace(text=tail[1].rstrip("."), gap=False)


def _grouped(text: str) -> tuple[list[str], str]:
    """What stands in brackets right after the name, in pieces, and the rest."""
    pieces: list[str] = []
    while text.startswith("("):
        end = _closing(text)
        if end is None:
            break
        pieces += list(_split(text[1:end]))
        text = text[end + 1 :].lstrip(" :")
    return pieces, text


def _chipped(text: str) -> tuple[list[str], str]:
    """Types and flags in code or emphasis after the name (`` `string` `required` ``), and the rest."""
    pieces: list[str] = []
    bare = text.lstrip(_SEPARATORS + ",")
    while match := _CHIP.match(bare):
        inner = match[1] or match[2] or match[3]
        if not _is_said(inner):
            break
        pieces += list(_split(inner))
        bare = bare[match.end() :].lstrip(_SEPARATORS + ",")
    if pieces:
        more, bare = _grouped(bare)
        return [*pieces, *more], bare
    head, separator, rest = bare.partition(" — ")
    parts = list(_split(head))
    if separator and parts and all(_is_said(part) for part in parts):
        return parts, rest
    return [], text


def _is_said(text: str) -> bool:
    return all(parse_flag(piece) is not None or parse_type(piece) is not None for piece in _split(text))


def _said(pieces: Sequence[str]) -> tuple[Schema | None, Flags]:
    schema: Schema | None = None
    flags = NONE
    for piece in pieces:
        bare = piece.strip().strip("*_")
        flag = parse_flag(bare)
        if flag is not None:
            flags = flags.and_also(flag)
        elif schema is None:
            listed = _ONE_OF.fullmatch(bare)
            values = [value.strip('`"“” ') for value in re.split(r"[|/]| or ", listed[1])] if listed else []
            schema = {"type": "string", "enum": values} if values else _typed(bare.replace("`", ""))
    return schema, flags


def _typed(words: str) -> Schema | None:
    """The type in words; a list of what is named elsewhere is a list all the same."""
    return parse_type(words) or ({"type": "array"} if _LIST_OF.fullmatch(words) else None)


def _closing(text: str) -> int | None:
    depth, quoted = 0, ""
    for at, mark in enumerate(text):
        if quoted:
            quoted = "" if mark == quoted else quoted
        elif mark in '"`':
            quoted = mark
        elif mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth -= 1
            if depth == 0:
                return at
    return None


def _split(text: str) -> Iterator[str]:
    """The pieces between commas, semicolons or dots that stand in no brackets or quotes."""
    depth, quoted, start = 0, "", 0
    for at, mark in enumerate(text):
        if quoted:
            quoted = "" if mark == quoted else quoted
        elif mark in '"`“':
            quoted = "”" if mark == "“" else mark
        elif mark in _OPEN and text[at : at + 2] not in ("<=", "< "):
            depth += 1
        elif mark in _CLOSE and depth:
            depth -= 1
        elif mark in ",;·" and depth == 0:
            yield text[start:at].strip()
            start = at + 1
    yield text[start:].strip()
