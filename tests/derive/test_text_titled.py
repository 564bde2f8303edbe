"""Mintlify text whose types have titles, are not known, or stand under any key of a map."""

from __future__ import annotations

import pytest

from docsworn.derive import Derivation, derive

HEAD = (
    "Get s\nGET\n/v1/s/{id}\nPath Parameters\nid\nstring\nrequired\nResponse\n200 - application/json\nOK\n"
    "name\nstring\n"
)
GLUED = "Get s\nGET\n/v1/s/{id}\nPath Parameters\nidstringrequired\nResponse\n200\nnamestring\n"
ENUM = ("mode", "string", "yes", ("x", "y"))


def told(found: Derivation) -> list[tuple[str, str, str, tuple[object, ...]]]:
    """Place, types, required and values of what the response's fields are, after the first of them."""
    facts = [fact for fact in found.facts if fact.status == "200" and fact.pointer not in ("", "/name")]
    return [(f"{fact.pointer}"[1:], "|".join(fact.types), fact.required, tuple(fact.enum)) for fact in facts]


def silent(text: str) -> list[tuple[str, str, str, tuple[object, ...]]]:
    """What a page tells that says nothing of the name that stands first."""
    found = derive(text, document="page")
    assert next(fact for fact in found.facts if fact.pointer == "/name").enum in ((), [], None)
    return told(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("turns\nTurn · object[]\nrequired\nShow child attributes\nturns.text\nstring\nrequired\n",
         [("turns", "array", "yes", ()), ("turns/*", "object", "no", ()),
          ("turns/*/text", "string", "yes", ())]),
        ("mode\nFoo · enum<string> | null\nrequired\nAvailable options: x, y\n", [ENUM]),
        ("e\n(string | number)[]\nh\nFoo · enum<string> | null\nAvailable options: x, y",
         [("e", "array", "no", ()), ("e/*", "string|number", "no", ()), ("h", "string", "no", ("x", "y"))]),
        ("a\nOption 1 · object\nrequired\nc\nobject · Foo\ng\nFile\nmeta\nMetadata · object | null",
         [("a", "object", "yes", ()), ("c", "object", "no", ()), ("g", "string", "no", ()),
          ("meta", "object", "no", ())]),
        ("w\nFoo<Bar>\nrequired\nAvailable options: x, y\n", [("w", "string", "yes", ("x", "y"))]),
        ("w\nFoo<Bar>\nrequired\nw.z\nstring\n", [("w", "object", "yes", ()), ("w/z", "string", "no", ())]),
        ("w\nFoo\nrequired\nlast\nstring\n", [("w", "", "yes", ()), ("last", "string", "no", ())]),
        ("q.z\nstring\nlast\nstring\n",
         [("q", "object", "no", ()), ("q/z", "string", "no", ()), ("last", "string", "no", ())]),
        ("metadata\nobject\n\u200b\nmetadata.{key}\nstring\n",
         [("metadata", "object", "no", ()), ("metadata/*", "string", "no", ())]),
    ],
)  # fmt: skip
def test_types_on_lines(text: str, expected: list[tuple[str, str, str, tuple[object, ...]]]) -> None:
    """A title beside the type is no type; a type in unknown words is unknown, and no field is lost."""
    rows = [(place, kind.removesuffix("|null"), *rest) for place, kind, *rest in silent(HEAD + text)]
    assert rows == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("modeFoo · enum<string> | nullrequired\nAvailable options: x, y\n", [ENUM]),
        ("created_atCreated At · string\n", [("created_at", "string", "no", ())]),
        ("userIdFoo · enum<string>\nAvailable options: x, y\n", []),
    ],
)
def test_glued_titles(text: str, expected: list[tuple[str, str, str, tuple[object, ...]]]) -> None:
    """A name ends where its type's title begins; one that cannot be told from it is not guessed."""
    assert silent(GLUED + text) == expected


def test_what_is_not_read_is_noted() -> None:
    """Types and names that cannot be read are said with their lines."""
    assert '"w" (line 13)' in " ".join(derive(HEAD + "w\nFoo<Bar>\nrequired\n", document="page").notes)
    notes = " ".join(derive(GLUED + "userIdFoo · enum<string>\n", document="page").notes)
    assert "names that cannot be read: line 9" in notes
