"""Makes text of others safe to show: a provider may name a field whatever it likes."""

from __future__ import annotations

import unicodedata

REPLACEMENT = "\ufffd"

# Controls (also of terminals), format characters (they turn text round or hide it), surrogates,
# private and unassigned code points (XML forbids some of them) and the two odd line ends.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def printable(text: str) -> str:
    """The text on one line, with U+FFFD for each character that is not seen or that XML refuses."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in "\t\n\r":
        return " "
    return REPLACEMENT if unicodedata.category(character) in _HIDDEN else character
