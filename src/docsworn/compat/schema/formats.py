"""Formats as pattern pairs: one that every text of the format keeps, one whose texts are all of it.

Between the two lies what only a validator can tell. Which formats bind at all is asked of both validators.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from docsworn.compat.schema.drafts import PYTHON, RUST

_MONTHDAY = r"(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
_OCTET = r"(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_HEX = r"[0-9a-fA-F]"
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_MAILBOX = r"^[a-z][0-9a-z]{0,30}@[a-z]{1,30}\.(com|org|net)$"
_SEGMENT = r"[0-9A-Za-z._~@-]+"
_PATH = rf"^({_SEGMENT})?(/{_SEGMENT})*$"
_RELATIVE = rf"{_PATH}|^https?://[a-z]{{1,20}}\.com$"
_LABEL = r"[0-9A-Za-z]+(-[0-9A-Za-z]+)*"
_HOST = rf"^(?=.{{1,60}}$){_LABEL}(\.{_LABEL})*$"


@dataclass(frozen=True, slots=True)
class Format:
    """``outer`` is kept by all texts of the format, ``inner`` only by texts of it; equal where the pattern is
    the format. ``wrong`` is a text that is not of it, ``nearly`` texts within ``outer`` that are not."""

    outer: str
    inner: str
    wrong: str = "\u00a0 ^"
    nearly: tuple[str, ...] = ()


_UUID = rf"^{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}$"
_IPV4 = rf"^{_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET}$"

FORMATS: Mapping[str, Format] = {
    "date": Format(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", rf"^[12][0-9]{{3}}-{_MONTHDAY}$", nearly=("2021-02-31",)),
    "date-time": Format(
        r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$",
        rf"^[12][0-9]{{3}}-{_MONTHDAY}T{_CLOCK}(\.[0-9]{{1,6}})?Z$",
        nearly=("2021-02-31T00:00:00Z",),
    ),
    "time": Format(
        r"^[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$",
        rf"^{_CLOCK}Z$",
        nearly=("25:00:00Z",),
    ),
    "duration": Format(r"^P[0-9A-Z.,]+$", r"^P[1-9][0-9]?[DMWY]$", nearly=("P1",)),
    "email": Format(r"@", _MAILBOX),
    "idn-email": Format(r"@", _MAILBOX),
    "hostname": Format(r"^[0-9A-Za-z.-]+$", _HOST, nearly=("-",)),
    "idn-hostname": Format(r"", _HOST, nearly=("-",)),
    "ipv4": Format(_IPV4, _IPV4),
    "ipv6": Format(
        r"^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$",
        rf"^({_HEX}{{1,4}}:){{7}}{_HEX}{{1,4}}$|^::1$",
        nearly=(":::::::::::",),
    ),
    "uri": Format(
        r"^[A-Za-z][0-9A-Za-z+.-]*:",
        r"^(https?|ftp)://[a-z]{1,20}\.(com|org|net)(/[0-9a-z]+)*$|^urn:[a-z]{2,10}:[0-9a-z]+$",
        nearly=("a:\\", "a: "),
    ),
    "iri": Format(
        r"^[A-Za-z][0-9A-Za-z+.-]*:",
        r"^(https?|ftp)://[a-z]{1,20}\.(com|org|net)(/[0-9a-z]+)*$",
        nearly=("a:\\", "a: "),
    ),
    "uri-reference": Format(r"", _RELATIVE, wrong="\\\\a", nearly=("\\\\a",)),
    "iri-reference": Format(r"", _RELATIVE, wrong="\\\\a", nearly=("\\\\a",)),
    "uri-template": Format(r"", rf"{_PATH}|^/\{{[a-z]+\}}$", wrong="{a", nearly=("{a",)),
    "json-pointer": Format(r"^$|^/", r"^(/[0-9a-z]+)*$", wrong="a", nearly=("/~",)),
    "relative-json-pointer": Format(r"^[0-9]", r"^[0-9](/[0-9a-z]+)*$", wrong="a", nearly=("01",)),
    "regex": Format(r"", r"^[0-9A-Za-z .,:;@/_~#%=&<>!-]*$", wrong="(", nearly=("(", "[")),
    "uuid": Format(_UUID, _UUID),
}  # fmt: skip

# Every text of the first is one of the second.
WITHIN: Mapping[str, frozenset[str]] = {
    "email": frozenset({"idn-email"}),
    "hostname": frozenset({"idn-hostname"}),
    "uri": frozenset({"iri", "uri-reference", "iri-reference"}),
    "iri": frozenset({"iri-reference"}),
    "uri-reference": frozenset({"iri-reference"}),
}


def keeps(name: str, text: str, age: int) -> bool | None:
    """Whether a text is of a format in a draft; None where the two validators differ."""
    one, other = _rust(name, age).is_valid(text), _python(name, text, age)
    return one if one == other else None


@lru_cache(maxsize=512)
def binds(name: str, age: int) -> bool:
    """Whether both validators of a draft hold texts to a format; the others are annotations."""
    known = FORMATS.get(name)
    return known is not None and keeps(name, known.wrong, age) is False


@lru_cache(maxsize=512)
def _rust(name: str, age: int) -> Any:
    return RUST[age]({"format": name}, validate_formats=True, offline=True)


def _python(name: str, text: str, age: int) -> bool:
    return bool(PYTHON[age].FORMAT_CHECKER.conforms(text, name))
