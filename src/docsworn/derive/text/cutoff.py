"""Whether a page of text stops within a sentence: then it was cut off, and facts are missing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from docsworn.derive.page import Page

_ENDED = re.compile(r"[.!?:…][)\]\"'”’`]*$|[)\]\"”`]$")
_BULLET = re.compile(r"\s*[•\-*–—]\s+\S")
_FRAGMENT = re.compile(r"\w*_")
_SENTENCE_WORDS = 6
_ENOUGH = 2
_ENOUGH_SENTENCES = 3
_SHARE = 0.8


def check_end(page: Page) -> None:
    """DocumentError where the last line stops within a sentence, on a page whose sentences do not.

    A page that ends with a line's end is taken as whole: nothing in it could tell.
    """
    last = page.lines[-1].strip() if page.lines else ""
    if not last or _ENDED.search(last):
        return
    before = [line.strip() for line in page.lines[:-1]]
    if _FRAGMENT.fullmatch(last) or _stops(page.lines[-1], before):
        raise page.error("the page stops within a sentence: is it cut off?", len(page.lines))


def _stops(last: str, before: Sequence[str]) -> bool:
    if _BULLET.match(last):
        return _proper([line for line in before if _BULLET.match(line)], _ENOUGH)
    is_sentence = len(last.split()) >= _SENTENCE_WORDS
    sentences = [line for line in before if len(line.split()) >= _SENTENCE_WORDS]
    return is_sentence and _proper(sentences, _ENOUGH_SENTENCES)


def _proper(lines: Sequence[str], enough: int) -> bool:
    """Whether these lines are enough to say that such lines end as sentences do here."""
    ended = sum(_ENDED.search(line) is not None for line in lines)
    return len(lines) >= enough and ended >= _SHARE * len(lines)
