"""Lines that declare a field: name and type glued, on one line, on lines of their own, or a name alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from docsworn.derive.text.flags import NONE, Flags, parse_flag
from docsworn.derive.text.lines import Line
from docsworn.derive.text.marks import is_special
from docsworn.derive.text.notation import SCALARS, Schema, parse_type

NAME = re.compile(r"[A-Za-z_$@][\w$@\-]*(?:\[\])?(?:\.(?:[A-Za-z_$@*][\w$@\-]*(?:\[\])?|\{\w+\}))*")
ANY_KEY = re.compile(r"\{\w+\}|\*")
_PARENT = re.compile(r"(?:[A-Za-z_$][\w$\-]*(?:\[\])?\.)+")
_LONGEST = 300
_LONGEST_NAME = 80
_MOST_FLAGS = 8
_LONGEST_FLAG = 80

_GLUED_WORDS = (*SCALARS, "number")
_TYPE_BEGINS = re.compile(rf"(?<=.)(?:{'|'.join(_GLUED_WORDS)}|(?:list|map|set)s?$|null|\"|“|\()")
_CUT = re.compile(rf"(?<=.)(?=(?:{'|'.join(_GLUED_WORDS)}|(?:list|set)s? of |maps? from |null|\"|“|\())")
# Words that end like a type, and are no field: prose, values, names that stand alone.
_ENGLISH = frozenset(
    [
        "accommodate",
        "afloat",
        "along",
        "antedate",
        "any",
        "backdate",
        "belong",
        "botany",
        "candidate",
        "company",
        "consolidate",
        "container",
        "datafile",
        "date",
        "enumerate",
        "file",
        "furlong",
        "headlong",
        "hamstring",
        "invalidate",
        "lifelong",
        "liquidate",
        "logfile",
        "long",
        "mandate",
        "many",
        "number",
        "oblong",
        "predate",
        "profile",
        "prolong",
        "redouble",
        "sidelong",
        "shoestring",
        "string",
        "substring",
        "tiffany",
        "update",
        "outdate",
        "validate",
        "accompany",
        "litany",
        "docstring",
        "outnumber",
        "renumber",
        "double",
        "object",
    ]
)
_LAST_PART = re.compile(r"(?:^|[_\-.])([A-Za-z]+)$")

_NUMBER = r"-?\d+(?:\.\d+)?"
_SIZES = r"(?: ?(?:characters?|items?|elements?))?"
_LAST_FLAG = re.compile(
    r"(?:[Rr]equired|[Oo]ptional|[Dd]eprecated|[Rr]ead-only|[Ww]rite-only|[Nn]ullable"
    r"|header|query|path|cookie|body|[Ff]ormat: ?(?:[\"“][^\"”]*[\"”]|[\w\-]+)|Required range: ?[^A-Z]+"
    rf"|(?:>=|<=|≥|≤|>|<|=) ?{_NUMBER}{_SIZES}|{_NUMBER} ?[-–] ?{_NUMBER}{_SIZES})$"
)
_DEFAULT = re.compile(r"[Dd]efault(?:s to |: ?)")
_AFTER_DEFAULT = re.compile(r"(?:Required(?: range: ?[^A-Z]+)?|Optional|Deprecated)$")
_TITLE = re.compile(r"[^·.!?:]{1,80}")
_GLUED_TITLE = re.compile(r"([A-Za-z_$@][^·\s]*)([^·]*) · ([^·]+)")
_HUMP = re.compile(r"(?<=[a-z0-9_])(?=[A-Z])")
# What stands where a type stands and looks like one, though its words are not known.
_TYPELIKE = re.compile(r"(?=.*(?:\w<\w|\[\]| \| | · ))[\w(][^.!?:]{0,120}")
_TYPE_NAME = re.compile(r"[A-Z]\w*(?: ?[\w<>|\[\]]+){0,3}")
_BETWEEN = " ·•,|"
_MARKED = re.compile(r"[•*\-–‣◦▪·] ")


class Layout(StrEnum):
    """How a page's text lays out its fields."""

    GLUED = "glued"
    LINES = "lines"
    SPACED = "spaced"
    NAMES = "names"
    DESCRIBED = "described"
    MARKED = "marked"


@dataclass(frozen=True, slots=True)
class Declaration:
    """A field as so many ``lines`` declare it; ``schema`` is None where they name no type.

    ``unread`` says that they do name one, in words that are not known. The name is empty where it cannot be
    told from what it touches.
    """

    name: str
    schema: Schema | None
    flags: Flags = NONE
    lines: int = 1
    unread: bool = False


def parse_declaration(text: str) -> Declaration | None:
    """The field that a line declares (``started_atdatetime or null``, ``idstringRequired``), or None.

    Where a line can be cut in several places the longest type wins.
    """
    if len(text) > _LONGEST or not _TYPE_BEGINS.search(text.split(maxsplit=1)[0] if text.strip() else ""):
        return None  # most lines are prose
    glued, flags = split_flags(text)
    longest_name = NAME.match(glued)
    last = min(longest_name.end(), _LONGEST_NAME) if longest_name else 0
    for cut in (match.start() for match in _CUT.finditer(glued)):
        if cut > last:
            break
        schema = parse_type(glued[cut:]) if _begins(glued, cut) else None
        if schema is not None:
            name = glued[:cut]
            sure = flags != NONE or not _is_word(glued)
            return Declaration(name, schema, flags) if sure and NAME.fullmatch(name) else None
    return None


def parse_typed(text: str) -> tuple[Schema, Flags] | None:
    """The type and flags of a line that holds nothing else (``string or null Optional``)."""
    if len(text) > _LONGEST:
        return None
    head, flags = split_flags(text)
    schema = (_parse_titled(head) or parse_type(head)) if head else None
    return (schema, flags) if schema is not None else None


def _parse_titled(text: str) -> Schema | None:
    """The type beside its title, on either side of the dot (``Turn · object[]``, ``object · Foo``)."""
    left, dot, right = (part.strip() for part in text.partition("·"))
    if not dot or not left or not right:
        return None
    for title, words in ((left, right), (right, left)):
        schema = parse_type(words) if _TITLE.fullmatch(title) and parse_flag(title) is None else None
        if schema is not None:
            return schema
    return None


def split_flags(text: str) -> tuple[str, Flags]:
    """A declaration without the flags at its end, and the flags."""
    started = _DEFAULT.search(text)
    found, head = NONE, text
    if started and started.start():
        said, found = _stripped(text[started.start() :], _AFTER_DEFAULT)
        head, found = text[: started.start()], found.and_also(parse_flag(said) or NONE)
    head, others = _stripped(head.rstrip(_BETWEEN), _LAST_FLAG)
    return head, others.and_also(found)


def _stripped(text: str, last: re.Pattern[str]) -> tuple[str, Flags]:
    found = NONE
    for _ in range(_MOST_FLAGS):
        match = last.search(text, max(0, len(text) - _LONGEST_FLAG))
        if match is None or not match.start():
            break
        flags = parse_flag(match[0])
        if flags is None:
            break
        found = flags.and_also(found)
        text = text[: match.start()].rstrip(_BETWEEN)
    return text, found


def declaration_at(lines: Sequence[Line], at: int, layout: Layout) -> Declaration | None:
    """The field that is declared on a line and perhaps the lines after it, in a page's layout."""
    return _READERS[layout](lines, at)


def is_name(text: str) -> bool:
    """Whether a line is one identifier such as fields have, and no word of prose."""
    return len(text) <= 80 and NAME.fullmatch(text) is not None


def is_part(text: str) -> bool:
    """Whether a line is what may stand after the dot of a name: a name, or any key of a map."""
    return is_name(text) or ANY_KEY.fullmatch(text) is not None


def _begins(glued: str, cut: int) -> bool:
    """Whether a type may begin here: no name ends in an underscore or a dot."""
    return glued[cut - 1] not in "_.-" and not glued[cut].isspace() if cut < len(glued) else False


def _is_word(text: str) -> bool:
    last = _LAST_PART.search(text)
    return last is not None and " " not in text and last[1].lower() in _ENGLISH


def _glued(lines: Sequence[Line], at: int) -> Declaration | None:
    return parse_declaration(lines[at].text) or _glued_title(lines[at].text)


def _glued_title(text: str) -> Declaration | None:
    """``modeFoo · object``: a name that touches its type's title ends where a capital begins."""
    head, flags = split_flags(text) if len(text) <= _LONGEST else ("", NONE)
    match = _GLUED_TITLE.fullmatch(head)
    schema = parse_type(match[3]) if match else None
    if match is None or schema is None:
        return None
    cuts = [cut.start() for cut in _HUMP.finditer(match[1])]
    whole = match[1] + match[2]
    alike = [cut for cut in cuts if _squeezed(whole[:cut]) == _squeezed(whole[cut:])]
    cut = next(iter(alike or cuts), 0)
    sure = bool(cut) and (bool(alike) or len(cuts) == 1 or "_" in whole[:cut])
    if sure and NAME.fullmatch(whole[:cut]):
        return Declaration(whole[:cut], schema, flags)
    return Declaration("", None, flags, unread=True) if cuts else None


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()


def _on_lines(lines: Sequence[Line], at: int) -> Declaration | None:
    name, here = lines[at].text, at
    if _PARENT.fullmatch(name) and at + 1 < len(lines) and is_part(lines[at + 1].text):
        name, here = name + lines[at + 1].text, at + 1
    if not is_name(name) or here + 1 >= len(lines) or name in ("OR", "or"):
        return None
    typed = parse_typed(lines[here + 1].text)
    if typed is not None:
        return Declaration(name, typed[0], typed[1], here + 2 - at)
    return Declaration(name, None, lines=here + 2 - at, unread=True) if _unread(lines, here, name) else None


def _unread(lines: Sequence[Line], at: int, name: str) -> bool:
    """Whether a type in unknown words stands on the line after a name."""
    text = lines[at + 1].text
    named = parse_type(name) is None and parse_flag(name) is None and (name[0].islower() or "_" in name)
    if not named or is_special(text) or _MARKED.match(text) or parse_flag(text) is not None:
        return False
    after = lines[at + 2].text if at + 2 < len(lines) else ""
    return bool(_TYPELIKE.fullmatch(text)) or (after == "required" and bool(_TYPE_NAME.fullmatch(text)))


_DETERMINERS = frozenset(
    [
        "the",
        "a",
        "an",
        "this",
        "that",
        "of",
        "each",
        "any",
        "no",
        "one",
        "some",
        "every",
        "its",
        "optional",
        "required",
        "or",
        "and",
        "is",
    ]
)


def _spaced(lines: Sequence[Line], at: int) -> Declaration | None:
    name, _, rest = lines[at].text.partition(" ")
    name = name.removesuffix(":")
    if not is_name(name) or name.lower() in _DETERMINERS or not (name[0].islower() or "_" in name):
        return None
    typed = parse_typed(rest.strip(" ·:|-—–"))
    return Declaration(name, *typed) if typed else None


def _name_alone(lines: Sequence[Line], at: int) -> Declaration | None:
    text, flags = split_flags(lines[at].text)
    named = is_name(text) and (text[0].islower() or "_" in text) and parse_flag(text) is None
    return Declaration(text, None, flags) if named else None


def _described(lines: Sequence[Line], at: int) -> Declaration | None:
    """A field without a name: its description is all there is of it."""
    text = lines[at].text
    told = parse_flag(text) is None and not _MARKED.match(text) and not is_special(text)
    return Declaration("", None) if told else None


def _nothing(_lines: Sequence[Line], _at: int) -> Declaration | None:
    """Where a format marks its declarations itself, no other line is one."""
    return None


_READERS = {
    Layout.GLUED: _glued, Layout.LINES: _on_lines, Layout.SPACED: _spaced, Layout.NAMES: _name_alone,
    Layout.DESCRIBED: _described, Layout.MARKED: _nothing,
}  # fmt: skip
