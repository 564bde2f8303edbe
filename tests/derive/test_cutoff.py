"""A page of text that stops within a sentence was cut off, and is refused with its last line."""

from __future__ import annotations

import pytest

from docsworn.derive import derive
from docsworn.errors import DocumentError

PAGE = """\
Get Parcel

Retrieve a parcel by its number.

Path parameters

idstringRequired

Response

The parcel that was asked for, if any.
idstring

The number that the parcel was given at the counter.

weight_gramsinteger

What the scales at the counter said about it.

stateenum

Where the parcel is on its way at this moment.

  • waiting — it lies at the counter and waits.
  • travelling — it is on a van or a train.
  • lost — nobody has seen it for a long while.
"""


@pytest.mark.parametrize(
    "cut",
    ["What the scales at the counter said", "Where the parcel is on its way at", "lost", "lost — nobody has"],
)
def test_a_page_that_stops_within_a_sentence_is_refused(cut: str) -> None:
    """Where sentences end properly, one that does not is the end of what was copied."""
    text = PAGE[: PAGE.index(cut) + len(cut)]
    with pytest.raises(DocumentError) as caught:
        derive(text, document="page.txt")
    line = text.count("\n") + 1
    assert str(caught.value) == f"page.txt:{line}: the page stops within a sentence: is it cut off?"


def test_whole_lines_are_a_whole_page() -> None:
    """A page may end without a line's end, or with a heading; what ends with a line's end is whole."""
    for text in (PAGE, PAGE.rstrip(), PAGE + "\nErrors\n\n404\nNot Found Error", PAGE[: PAGE.index("state")]):
        assert derive(text, document="page.txt").openapi["openapi"]
