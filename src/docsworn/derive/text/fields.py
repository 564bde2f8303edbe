"""Declared fields with what stands under them: prose, values, examples, what they hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from docsworn.derive.page import MAX_FIELDS
from docsworn.derive.text.declare import Declaration, Layout, declaration_at, parse_declaration, parse_typed
from docsworn.derive.text.flags import Flags, parse_flag
from docsworn.derive.text.lines import Line
from docsworn.derive.text.marks import (
    BARE_EXAMPLE,
    BULLET,
    BULLET_VALUE,
    EXAMPLE,
    LATE_FLAG,
    QUOTED,
    TOGGLE,
    VALUE_LINE,
    VALUES,
    is_special,
)  # fmt: skip
from docsworn.derive.text.notation import Schema, unite

_TOKEN = re.compile(r"[\w.\-:/+@]+")
_TOUCHING = re.compile(r".*[a-z0-9)\"”][.!?)\"”]+([A-Za-z_][^.!?]*)")


@dataclass(slots=True)
class Field:
    """A declared field; ``schema`` is None where the page names no type.

    ``held`` are the fields of the object that it is or holds; ``sure`` is False where their place is a
    guess. ``values`` are pairs of line and value. ``unread`` says that the page names a type in words that
    are not known; ``each`` is what stands under any other key of a map.
    """

    name: str
    line: int
    indent: int = 0
    schema: Schema | None = None
    flags: Flags = field(default_factory=Flags)
    prose: list[Line] = field(default_factory=list)
    values: list[tuple[int, str]] = field(default_factory=list)
    bullets: list[tuple[int, str]] = field(default_factory=list)
    example: tuple[int, str] | None = None
    held: list[Field] = field(default_factory=list)
    variants: list[Field] = field(default_factory=list)
    toggle: tuple[bool, int | None, bool] | None = None  # open, how many, of variants
    variant: bool = False
    sure: bool = True
    unread: bool = False
    each: Field | None = None


SAMPLE = 3000  # lines: enough to know a page by


def layout_of(lines: Sequence[Line]) -> Layout | None:
    """How these lines lay out their fields: the layout in which most are declared; None where none is."""
    sample = lines[:SAMPLE]
    counts = {
        layout: sum(_is_typed(declaration_at(sample, at, layout)) for at in range(len(sample)))
        for layout in (Layout.GLUED, Layout.LINES, Layout.SPACED)
    }
    if counts[Layout.SPACED] < 2:
        counts[Layout.SPACED] = 0
    best = max(counts, key=lambda layout: counts[layout])
    return best if counts[best] else None


def _is_typed(found: Declaration | None) -> bool:
    return found is not None and not found.unread


def read_fields(body: Sequence[Line], layout: Layout) -> list[Field]:
    """The fields that these lines declare one after the other, not yet nested."""
    return list(_Reader(_untouched(body) if layout is Layout.GLUED else list(body), layout).fields())


def attach(found: Field, body: Sequence[Line]) -> None:
    """Gives a field what stands on the lines under it, where its format marks the declarations itself."""
    reader = _Reader(list(body), Layout.MARKED)
    while reader.at < len(reader.lines):
        reader.below(found)


def _untouched(body: Sequence[Line]) -> list[Line]:
    """The lines with a declaration cut off from the sentence that it touches."""
    result: list[Line] = []
    for line in body:
        match = _TOUCHING.fullmatch(line.text) if len(line.text) < 2000 else None
        if match and parse_declaration(match[1]) and not parse_declaration(line.text) and " " in line.text:
            start = match.start(1)
            result += [
                line._replace(text=line.text[:start]),
                line._replace(text=line.text[start:], gap=False),
            ]
        else:
            result.append(line)
    return result


@dataclass(slots=True)
class _Reader:
    """Reads fields from lines; each kind of line under a declaration has its own reader."""

    lines: list[Line]
    layout: Layout
    at: int = 0
    either: bool = False

    def fields(self) -> Iterator[Field]:
        current: Field | None = None
        count = 0
        while self.at < len(self.lines) and count <= MAX_FIELDS:
            found = declaration_at(self.lines, self.at, self.layout)
            if found is not None:
                count += 1
                if current is not None:
                    yield current
                current = self._declared(found)
            elif current is None:
                self.at += 1
            else:
                self.below(current)
        if current is not None:
            yield current

    def _declared(self, found: Declaration) -> Field:
        line = self.lines[self.at]
        variant, self.either = self.either, False
        self.at += found.lines
        prose = [line] if self.layout is Layout.DESCRIBED else []
        return Field(
            found.name, line.number, line.indent, found.schema, found.flags, prose,
            variant=variant, unread=found.unread,
        )  # fmt: skip

    def below(self, current: Field) -> None:
        """Reads the next line as one that stands under a field."""
        line = self.lines[self.at]
        self.at += 1
        readers: tuple[Callable[[Field, Line], bool], ...] = (
            self._alternative, self._toggle, self._options, self._sample, self._flag, self._bullet,
        )  # fmt: skip
        if not any(reader(current, line) for reader in readers):
            current.prose.append(line)

    def _alternative(self, current: Field, line: Line) -> bool:
        """``OR`` on a line of its own: what follows is another type, or another variant."""
        if line.text.strip("—- ") not in ("OR", "or"):
            return False
        typed = parse_typed(self.lines[self.at].text) if self.at < len(self.lines) else None
        if typed is None or current.schema is None:
            self.either = True
            return True
        self.at += 1
        current.schema = unite([current.schema, typed[0]])
        current.flags = current.flags.and_also(typed[1])
        return True

    def _toggle(self, current: Field, line: Line) -> bool:
        match = TOGGLE.fullmatch(line.text)
        if not match:
            return False
        opened = match[1].lower() in ("hide", "collapse")
        if "enum" not in match[3] and current.toggle is None:
            current.toggle = opened, int(match[2]) if match[2] else None, "variant" in match[3].lower()
        return True

    def _options(self, current: Field, line: Line) -> bool:
        match = VALUES.fullmatch(line.text)
        if not match:
            return False
        rest = match[2].strip()
        if rest:
            values = _inline(rest, spaced=bool(match[1]))
            if not values and line.text.lower().startswith(("one of", "enum")):
                return False
            current.values += [(line.number, value) for value in values]
            if not rest.endswith(","):
                return True
        self._listed(current)
        return True

    def _listed(self, current: Field) -> None:
        """The values on lines of their own, up to one without a comma, an empty line or another field."""
        commas: bool | None = True if current.values else None
        first = True
        while self.at < len(self.lines):
            line = self.lines[self.at]
            text = line.text.lstrip("•*-– ") if line.text[0] in "•*-–" else line.text
            bare = text.removesuffix(",").strip()
            apart = line.gap and not first and not commas
            stop = (apart and not self._goes_on(current, bare)) or not VALUE_LINE.fullmatch(bare)
            if stop or is_special(line.text) or self._declares(line, bare):
                return
            if commas is None:
                commas = text.endswith(",")
                if not commas and " " in bare and "," not in bare:
                    return
            current.values += [(line.number, value) for value in _inline(text, spaced=True)]
            self.at += 1
            first = False
            if commas and not text.endswith(","):
                return

    def _goes_on(self, current: Field, bare: str) -> bool:
        """Whether a list of values goes on after an empty line, as where each is a paragraph of HTML."""
        if self.layout in (Layout.NAMES, Layout.DESCRIBED) or not _TOKEN.fullmatch(bare):
            return False
        before = current.values[-1][1] if current.values else ""
        return before[:1].islower() and bare[0].islower()

    def _declares(self, line: Line, bare: str) -> bool:
        """Whether a field begins in a list of values, where names alone and types are values too."""
        strict = Layout.GLUED if self.layout in (Layout.NAMES, Layout.DESCRIBED) else self.layout
        if not line.gap and parse_typed(bare) is not None:
            return False
        return declaration_at(self.lines, self.at, strict) is not None

    def _sample(self, current: Field, line: Line) -> bool:
        if BARE_EXAMPLE.fullmatch(line.text) and (self.layout is Layout.DESCRIBED or line.text[0] in '"“'):
            current.example = current.example or (line.number, line.text)
            return True
        match = EXAMPLE.fullmatch(line.text)
        if not match:
            return False
        sample: tuple[int, str] | None = (line.number, match[1].strip()) if match[1] else None
        following = sample is None and self.at < len(self.lines)
        if following and declaration_at(self.lines, self.at, self.layout) is None:
            sample = self.lines[self.at].number, self.lines[self.at].text
            self.at += 1
        current.example = current.example or sample
        return True

    def _flag(self, current: Field, line: Line) -> bool:
        if current.prose and not LATE_FLAG.fullmatch(line.text):
            return False
        flags = parse_flag(line.text)
        if flags is None and not current.prose and any(mark in line.text for mark in "·|"):
            pieces = [parse_flag(piece) for piece in re.split(r"[·|]", line.text)]
            flags = pieces[0].and_also(pieces[1]) if len(pieces) == 2 and pieces[0] and pieces[1] else None
        if flags is not None:
            current.flags = current.flags.and_also(flags)
        return flags is not None

    def _bullet(self, current: Field, line: Line) -> bool:
        match = BULLET.fullmatch(line.text)
        value = BULLET_VALUE.fullmatch(match[1]) if match else None
        if value is None:
            return False
        current.bullets.append((line.number, value[2].rstrip(",;:")))
        return True


def _inline(text: str, *, spaced: bool) -> list[str]:
    """The values of a list on one line; none where they are glued and cannot be told apart."""
    quoted = QUOTED.findall(text)
    if quoted:
        return [value for value in quoted if value]
    parts = [part.strip().rstrip(".") for part in re.split(r"[,|]| or | and ", text)]
    values = [part.removeprefix("or ").removeprefix("and ") for part in parts if part]
    if len(values) == 1 and not spaced and " " not in values[0]:
        return []
    if len(values) == 1 and all(_TOKEN.fullmatch(word) for word in values[0].split()):
        return values[0].split()
    return values if all(len(value.split()) <= 3 for value in values) else []
