"""A text page cut at its headings, and a response cut at its statuses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from docsworn.derive.page import Page
from docsworn.derive.text.declare import parse_declaration
from docsworn.derive.text.lines import Line, is_farewell, lines_of

AUTH, PATH, QUERY, HEADER, COOKIE = "auth", "path", "query", "header", "cookie"
BODY, RESPONSE, ERRORS, OTHER = "body", "response", "errors", "other"
HEADINGS = {
    "Authentication": AUTH, "Authorizations": AUTH, "Authorization": AUTH,
    "Path parameters": PATH, "Path Parameters": PATH,
    "Query parameters": QUERY, "Query Parameters": QUERY, "Query params": QUERY, "Path params": PATH,
    "Headers": HEADER, "Request headers": HEADER, "Request Headers": HEADER, "Header parameters": HEADER,
    "Header Parameters": HEADER, "Cookies": COOKIE, "Cookie Parameters": COOKIE,
    "Request": BODY, "Body": BODY, "Request body": BODY, "Request Body": BODY, "Body Parameters": BODY,
    "Response": RESPONSE, "Responses": RESPONSE, "Response body": RESPONSE, "Response Body": RESPONSE,
    "Errors": ERRORS, "Response headers": OTHER, "Response Headers": OTHER,
}  # fmt: skip
PLACES = (PATH, QUERY, HEADER, COOKIE)

# What the words of a Markdown heading say, the first that fits.
_MARKED = (
    (re.compile(r"\b(?:examples?|sdks?|samples?|code|usage|notes?|related|see also)\b"), OTHER),
    (re.compile(r"\bresponse headers?\b"), OTHER),
    (re.compile(r"\bpath\b"), PATH),
    (re.compile(r"\bquery\b"), QUERY),
    (re.compile(r"\bheaders?\b"), HEADER),
    (re.compile(r"\bcookies?\b"), COOKIE),
    (re.compile(r"\bauth\w*"), AUTH),
    (re.compile(r"\berrors?\b"), ERRORS),
    (re.compile(r"\b(?:responses?|returns)\b"), RESPONSE),
    (re.compile(r"\b(?:body|request|payload)\b"), BODY),
)
_MARKDOWN = re.compile(r"(#{1,6}) +(.+)|(\*\*)([^*]+)\*\*:?")

_ALL = "|".join(sorted(HEADINGS, key=len, reverse=True))
_MEDIA = r"(?:application|text|multipart|audio|video|image)/[\w.+\-]+(?:; ?[\w=\-]+)?"
_AFTER = rf"(?=$|[ \-–—·:(]*[1-5]\d\d(?!\d)|{_MEDIA}|(?:{_ALL})(?:$|[^a-z ]))"
_GLUED = re.compile(rf"(?:^|(?<=[.!?)\"”]))({_ALL}){_AFTER}")
_BEGINS = re.compile(rf"({_ALL})(?=[a-z_])")
_STATUS = re.compile(rf"\(?((?:[1-5]\d\d[ ,/|·]*)+)\)?[ \-–—·:]*({_MEDIA})?[ \-–—·:]*([A-Z][\w \-]*\.?)?")
_CODES = re.compile(r"[1-5]\d\d")
_KNOWN = frozenset(str(status.value) for status in HTTPStatus if status >= HTTPStatus.OK)
MEDIA_LINE = re.compile(_MEDIA)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading's kind, its line, and the lines under it."""

    kind: str
    line: int
    body: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """What a page says of one status; ``status`` is None where no number stands there."""

    status: str | None
    line: int
    body: tuple[Line, ...]


def sections(page: Page) -> tuple[Section, ...]:
    """The sections of a page; what stands before the first heading is of kind ``""``."""
    found: list[tuple[str, int, list[Line]]] = [("", 1, [])]
    over = False
    for line in lines_of(page):
        if is_farewell(line.text):
            over = True
            continue
        for text, number, kind, piece in _headed(line, found[-1][0]):
            if kind is not None:
                found.append((kind, number, []))
                over = False
            if text and not over:
                found[-1][2].append(piece._replace(text=text))
    return tuple(Section(kind, line, tuple(body)) for kind, line, body in found)


def _headed(line: Line, current: str) -> Iterator[tuple[str, int, str | None, Line]]:
    """Pieces of a line with the kind of section that each of them begins; a heading's own text is empty."""
    match = _MARKDOWN.fullmatch(line.text)
    title = (match[2] or match[4]).replace("`", "").replace("*", "").strip(" #") if match else ""
    if match and not statuses_of(title):
        kind = _marked_kind(title, bold=match[3] is not None)
        codes = re.findall(r"(?<![\w.])[2-5]\d\d(?![\w.])", title)
        if kind in (RESPONSE, ERRORS) and codes:
            yield "", line.number, kind, line
            yield codes[0], line.number, None, line
            return
        if kind is not None and (match[1] != "#" or kind != OTHER):
            yield "", line.number, kind, line
            return
    for piece in _cut(line):
        kind = HEADINGS.get(piece.text.lstrip("#").strip().removesuffix(":"))
        if kind == AUTH and current == AUTH:
            kind = None  # the header of this name, under its own heading
        yield "" if kind else piece.text, piece.number, kind, piece


def _marked_kind(title: str, *, bold: bool) -> str | None:
    """The kind of section that a Markdown heading begins; words in bold are one only where they name it."""
    if bold:
        return HEADINGS.get(title.removesuffix(":"))
    return next((kind for words, kind in _MARKED if words.search(title.lower())), OTHER)


def of_kind(found: Iterable[Section], kind: str) -> Section | None:
    """The first section of a kind that says something, or else the first."""
    named = [section for section in found if section.kind == kind]
    return next((section for section in named if section.body), named[0] if named else None)


def statuses_of(text: str) -> list[str]:
    """The statuses that a line names, where it names nothing else but a media type and a phrase."""
    match = _STATUS.fullmatch(text.replace("`", "").replace("*", "").lstrip("#•- ").rstrip())
    codes = _CODES.findall(match[1]) if match else []
    return codes if codes and all(code in _KNOWN for code in codes) else []


def answers(section: Section, fallback: str | None = None) -> list[Answered]:
    """A section cut at its statuses; of several tabs in a row the first is the one that is open."""
    found: list[tuple[str | None, int, list[Line]]] = [(fallback, section.line, [])]
    others: list[Answered] = []
    for line in section.body:
        codes = statuses_of(line.text)
        tab = section.kind == RESPONSE and line.text[0].isdigit() and found[-1][0] not in (None, fallback)
        if codes and tab and not found[-1][2]:
            others += [Answered(code, line.number, ()) for code in codes]
        elif codes:
            found.append((codes[0], line.number, []))
            others += [Answered(code, line.number, ()) for code in codes[1:]]
        elif not MEDIA_LINE.fullmatch(line.text):
            found[-1][2].append(line)
    kept = [Answered(status, number, tuple(body)) for status, number, body in found]
    return [*(item for at, item in enumerate(kept) if at or item.body), *others]


def _cut(line: Line) -> Iterator[Line]:
    """The line in pieces where a heading touches what stands before or after it."""
    rest, started = line.text, False
    while len(rest) < 5000 and (match := _GLUED.search(rest) or _declaring(rest)):
        before, after = rest[: match.start()].strip(), rest[match.end() :].strip(" -–—·:")
        if before:
            yield line._replace(text=before, gap=line.gap and not started)
        yield line._replace(text=match[1], gap=line.gap and not started and not before)
        rest, started = after, True
        if not rest:
            return
    yield line._replace(text=rest, gap=line.gap and not started)


def _declaring(text: str) -> re.Match[str] | None:
    """``Path ParametersidstringRequired``: a heading that touches a declaration."""
    match = _BEGINS.match(text)
    return match if match and parse_declaration(text[match.end() :]) else None


def first_words(found: Sequence[Section]) -> str:
    """The first line of a page: its title."""
    head = found[0].body
    return head[0].text.lstrip("#").strip() if head else "untitled"
