"""Lines that stand under a field and are no prose: buttons, lists of values, examples, limits."""

from __future__ import annotations

import re

BULLET = re.compile(r"[•*\-–‣◦▪·] +(.+)")
BULLET_VALUE = re.compile(r"([`\"“'‘]?)([^\s`\"”'’]+)[`\"”'’]?(?::? +[-–—:(].*|:(?: .*)?)?")
TOGGLE = re.compile(
    r"(show|hide|view|expand|collapse)(?: all)? ?(\d+)? ?(?:more )?"
    r"(child attributes?|child properties|properties|property|attributes?|children|variants?|enum values"
    r"|items|fields?)",
    re.IGNORECASE,
)
VALUES = re.compile(
    r"(?:(?:available|allowed|possible|valid|accepted|enum) (?:options?|values?)|enum|one of)"
    r"(?: are)?:( ?)(.*)",
    re.IGNORECASE,
)
EXAMPLE = re.compile(r"examples?(?: value)?: ?(.*)|examples?", re.IGNORECASE)
BARE_EXAMPLE = re.compile(r'"[^"]*"|“[^”]*”|-?\d+(?:\.\d+)?|true|false')
LATE_FLAG = re.compile(
    r"(?:default|defaults to|required range|(?:required|minimum|maximum) (?:string |array )?length"
    r"|pattern|format)\b.*[:\d].*|[Dd]efaults to .*",
    re.IGNORECASE,
)
VALUE_LINE = re.compile(r"[`\"“]?[\w.+/:\-@ ]{1,60}[`\"”]?")
QUOTED = re.compile(r"[`\"“]([^`\"“”]*)[`\"”]")


def is_special(text: str) -> bool:
    """Whether a line belongs to a field that stands above it and is no description."""
    forms = (TOGGLE, VALUES, EXAMPLE, LATE_FLAG, BARE_EXAMPLE)
    return any(form.fullmatch(text) for form in forms)
