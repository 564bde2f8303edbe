"""Where jsonschema and jsonschema-rs are known to disagree, and why: data, held complete by a test."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Accepts(StrEnum):
    """Which of the two takes a value that the other refuses; neither where one cannot say."""

    PYTHON = "jsonschema"
    RUST = "jsonschema-rs"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Difference:
    """One disagreement: the keyword, the format where it is ``format``, who accepts, and the reason."""

    keyword: str
    format: str
    accepts: Accepts
    reason: str


def _format(name: str, accepts: Accepts, reason: str) -> Difference:
    return Difference("format", name, accepts, reason)


_P, _R, _U = Accepts.PYTHON, Accepts.RUST, Accepts.UNDECIDED

KNOWN: tuple[Difference, ...] = (
    _format("date", _R, "Python's calendar begins with the year 1; RFC 3339 has a year 0"),
    _format("date-time", _R, "a leap second (RFC 3339, 5.7) and the year 0, which rfc3339-validator refuses"),
    _format("date-time", _P, "rfc3339-validator lets a line end follow"),
    _format("time", _R, "a leap second (RFC 3339, 5.7), which rfc3339-validator refuses"),
    _format("time", _P, "rfc3339-validator lets a line end follow"),
    _format("duration", _P, "isoduration takes fractions and a sign, which RFC 3339 does not have"),
    _format("email", _P, "jsonschema only looks for an @"),
    _format("idn-email", _P, "jsonschema only looks for an @"),
    _format("hostname", _P, "fqdn takes a final dot or line end, other scripts' digits, and bad punycode"),
    _format("idn-hostname", _P, "idna takes a final dot"),
    _format("idn-hostname", _R, "idna wants Unicode in composed form (NFC)"),
    _format("iri", _R, "rfc3987-syntax refuses an IPv6 host"),
    _format("iri-reference", _R, "rfc3987-syntax refuses an IPv6 host and characters beyond the BMP"),
    _format("regex", _P, "Python's dialect, not ECMA-262's: lone braces, (?P<name>…), \\Z"),
    _format("regex", _R, "ECMA-262's dialect, not Python's: \\p{…}, \\u{…}, (?<name>…)"),
    _format("relative-json-pointer", _R, "jsonschema refuses a long number before the #"),
    _format("relative-json-pointer", _P, "jsonschema takes other scripts' digits"),
    _format("uri", _P, "rfc3986-validator lets a line end follow"),
    _format("uri-reference", _P, "rfc3986-validator lets a line end follow"),
    _format("uri-template", _P, "uri-template looks at the braces only"),
    _format("uri-template", _R, "RFC 6570 reserves operators (=, !) that uri-template refuses"),
    Difference("pattern", "", _P, "Python's classes are Unicode's, and its $ lets a line end follow"),
    Difference("pattern", "", _R, "ECMA-262 counts other characters as white space"),
    Difference("pattern", "", _U, "Python's re does not know all of ECMA-262's syntax"),
    Difference("multipleOf", "", _R, "jsonschema divides binary fractions, jsonschema-rs decimal ones"),
    Difference("multipleOf", "", _P, "beyond 2^53 jsonschema rounds where jsonschema-rs counts"),
    Difference("enum", "", _P, "beyond 2^53 jsonschema-rs tells an integer from an equal float"),
    Difference("const", "", _P, "beyond 2^53 jsonschema-rs tells an integer from an equal float"),
    Difference("const", "", _R, "beyond 2^53 jsonschema tells an integer from the float nearest to it"),
    Difference("format", "", _U, "jsonschema fails on superscript digits in a relative-json-pointer"),
    Difference("", "", _U, "half a surrogate pair is no text for jsonschema-rs"),
)  # fmt: skip


def known(keyword: str, format_name: str, accepts: Accepts) -> Difference | None:
    """The row of a disagreement, where it is a known one."""
    wanted = (keyword, format_name, accepts)
    return next((row for row in KNOWN if (row.keyword, row.format, row.accepts) == wanted), None)
