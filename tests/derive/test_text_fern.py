"""Fern's text: bullets that name no type, flags and values that are glued, and more than any page has."""

from __future__ import annotations

import pytest

from docsworn.derive import derive
from docsworn.errors import DocumentError

BULLETS = "# Get\n\n## Response\n\n"
GLUED = "Get\nPath parameters\nidstringRequired\nResponse\nnamestring\n"


def told(text: str) -> list[tuple[str | None, str, str]]:
    """Place, types and required of every field of the response."""
    facts = [fact for fact in derive(text, document="page").facts if fact.status == "200" and fact.pointer]
    return [(fact.pointer, "|".join(fact.types), fact.required) for fact in facts]


def test_bullets_without_a_type_are_fields() -> None:
    """A name in code beside fields is one, though nothing says of what type; a known list is an array."""
    text = "- `first`\n- `id` (string, required) — x\n- `notes` — free text\n- `more`\n"
    text += "- `zz` (list of Foo, required)\n"
    assert told(BULLETS + text) == [
        ("/first", "", "no"), ("/id", "string", "yes"), ("/notes", "", "no"),
        ("/more", "", "no"), ("/zz", "array", "yes"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "values",
    [
        "- `kind` (string) — one of:\n- `web` — a browser\n- `app`\n",
        "- `kind` (string)\n\nThe kinds:\n\n- `web` — a browser\n- `app`\n",
        "- `kind` (object)\n  - `a` (string)\n- `of` (string)\n  - `web` — a browser\n",
        "- `kind` (enum)\n- `Not a name` — text\n- `401`: Unauthorized\n",
    ],
)
def test_bullets_of_values_are_no_fields(values: str) -> None:
    """What a sentence or a field introduces are its values."""
    names = {place for place, _types, _required in told(BULLETS + values)}
    assert names <= {"/kind", "/kind/a", "/of"}


def test_glued_format_and_values() -> None:
    """A format takes a capital too, and values on one line may be parted by spaces."""
    text = 'style2stringOptionalFormat: "uuid"\norderenumOptional\nAllowed values:asc desc\n'
    facts = {fact.pointer: fact for fact in derive(GLUED + text, document="page").facts}
    assert facts["/style2"].format == "uuid"
    assert list(facts["/order"].enum) == ["asc", "desc"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GLUED + "".join(f"f{at}stringRequired\n" for at in range(100_000)),
         "page:20001: the page of text has more than 20000 lines"),
        (BULLETS + "".join("  " * at + f"- `f{at}` (object)\n" for at in range(3000)),
         "page:1411: the page of text is larger than 2000000 characters"),
    ],
    ids=["lines", "characters"],
)  # fmt: skip
def test_the_bound_that_a_page_passes_is_said(text: str, message: str) -> None:
    """A page that is known and too long is not called unknown."""
    with pytest.raises(DocumentError) as caught:
        derive(text, document="page")
    assert str(caught.value) == message
