"""The words of types, flags and bullets, one by one."""

from __future__ import annotations

from typing import Any

import pytest

from docsworn.derive.text.bullets import parse_bullet
from docsworn.derive.text.declare import parse_declaration, parse_typed
from docsworn.derive.text.flags import parse_flag
from docsworn.derive.text.lines import Line
from docsworn.derive.text.notation import parse_type
from docsworn.derive.text.samples import type_of

STRING, NULLABLE = {"type": "string"}, {"type": ["string", "null"]}
ITEMS: dict[str, Any] = {"type": "array", "items": STRING}
OPEN = {"type": "string", "x-open-enum": True}


@pytest.mark.parametrize(
    ("words", "schema"),
    [
        ("string or null", NULLABLE),
        ("string | null", NULLABLE),
        ("string?", NULLABLE),
        ("list of strings", ITEMS),
        ("string[]", ITEMS),
        ("array<string>", ITEMS),
        ("list of strings or null", {"type": ["array", "null"], "items": STRING}),
        ("list of strings or integers", {"type": "array", "items": {"type": ["string", "integer"]}}),
        ("list of strings or integer", {"anyOf": [ITEMS, {"type": "integer"}]}),
        ("integer OR string", {"type": ["integer", "string"]}),
        ("map from strings to any", {"type": "object", "additionalProperties": {}}),
        ("Record<string, any>", {"type": "object", "additionalProperties": {}}),
        ("map from strings to lists of strings", {"type": "object", "additionalProperties": ITEMS}),
        ('"left" or "right"', {"type": "string", "enum": ["left", "right"]}),
        ("“left”", {"type": "string", "enum": ["left"]}),
        ("'a' | 'b' | null", {"type": ["string", "null"], "enum": ["a", "b", None]}),
        ("enum<string>", OPEN),
        ("enum<string>[]", {"type": "array", "items": OPEN}),
        ("string<date-time> | null", {"type": ["string", "null"], "format": "date-time"}),
        ("(string | integer)[]", {"type": "array", "items": {"type": ["string", "integer"]}}),
        ("object or null", {"type": ["object", "null"]}),
        ("any or null", {}),
        ("double", {"type": "number", "format": "double"}),
    ],
)
def test_types(words: str, schema: dict[str, Any]) -> None:
    """Each notation is the schema that it means; number decides what a list holds."""
    assert parse_type(words) == schema


@pytest.mark.parametrize(
    "words", ["", "The string", "strin", "list of", "string or", "a | b", "string string", "<string>"]
)
def test_prose_is_no_type(words: str) -> None:
    """What is not wholly a type is none."""
    assert parse_type(words) is None


@pytest.mark.parametrize(
    ("line", "name", "required", "default", "bounds"),
    [
        ("page_sizeintegerOptional1-100Defaults to 30",
         "page_size", False, "30", (("any", 0, 1), ("any", 1, 100))),
        ("secsinteger>=0", "secs", None, None, (("any", 0, 0),)),
        ("a0string", "a0", None, None, ()),
        ("titlestring<=100 characters", "title", None, None, (("string", 1, 100),)),
        ("with_logbooleanOptionalDefaults to trueDeprecated", "with_log", False, "true", ()),
        ("van_idstringrequired", "van_id", True, None, ()),
        ("pageintegerdefault:1", "page", None, "1", ()),
        ("namestring or nullOptional", "name", False, None, ()),
        ("numbersnumber[]", "numbers", None, None, ()),
    ],
)  # fmt: skip
def test_glued_flags(line: str, name: str, required: bool | None, default: str | None, bounds: Any) -> None:
    """Flags come off the end of a glued declaration in any order."""
    found = parse_declaration(line)
    assert found is not None
    flags = found.flags
    assert (found.name, flags.required, flags.default, flags.bounds) == (name, required, default, bounds)


@pytest.mark.parametrize(
    "word", ["update", "last_update", "company", "candidate", "profile", "along", "many", "phone_number"]
)
def test_words_that_end_like_types_are_no_fields(word: str) -> None:
    """A value or a name on a line of its own is not cut into a name and a type."""
    assert parse_declaration(word) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Required", (True, None, None)),
        ("nullable", (None, True, None)),
        ("Defaults to blue", (None, None, "blue")),
        ("default: 5", (None, None, "5")),
        ("Deprecated", (None, None, None)),
    ],
)
def test_flags(text: str, said: tuple[Any, ...]) -> None:
    """What a flag says."""
    flag = parse_flag(text)
    assert flag is not None
    assert (flag.required, flag.nullable, flag.default) == said


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("Required range: 1 <= x <= 100", (("number", 0, 1), ("number", 1, 100))),
        ("Required range: x >= 0.5", (("number", 0, 0.5),)),
        ("Required string length: 1 - 64", (("string", 0, 1), ("string", 1, 64))),
        ("Maximum array length: 3", (("array", 1, 3),)),
        ("-1-1", (("any", 0, -1), ("any", 1, 1))),
        ("minLength: 2", (("string", 0, 2),)),
    ],
)
def test_bounds(text: str, bounds: Any) -> None:
    """Ranges and lengths in each family's words."""
    flag = parse_flag(text)
    assert flag is not None
    assert flag.bounds == bounds


@pytest.mark.parametrize(
    ("text", "name", "schema", "required"),
    [
        ("- `a` (string, required) — text", "a", STRING, True),
        ("- **`a`** (`string | null`, optional): text", "a", NULLABLE, False),
        ("* **a** (string) - text", "a", STRING, None),
        ("- a (string or null)", "a", NULLABLE, None),
        ("- `a` `string` `required` text", "a", STRING, True),
        ("- `a` *string* (required): text", "a", STRING, True),
        ("- `a` (required): text", "a", None, True),
        ("- `a` (list of objects, default: [1, 2]) — text",
         "a", {"type": "array", "items": {"type": "object"}}, None),
    ],
)  # fmt: skip
def test_bullets(text: str, name: str, schema: Any, required: bool | None) -> None:
    """The ways in which Markdown bullets declare a field."""
    found = parse_bullet(Line(1, text))
    assert found is not None
    assert (found[0].name, found[0].schema, found[0].flags.required) == (name, schema, required)


@pytest.mark.parametrize(
    "text", ["- `web` — a browser", "- a thing (of beauty)", "- The string.", "plain", "-"]
)
def test_other_bullets_declare_nothing(text: str) -> None:
    """Values with their meaning, and sentences, are no fields."""
    assert parse_bullet(Line(1, text)) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('"v1"', "string"), ("7", "integer"), ("4.5", "number"), ("true", "boolean"), ("[1]", "array"),
        ("“v1”", "string"), ("v1", None), ('"<string>"', None), ("123", None),
        ('"2023-11-07T05:31:56Z"', None),
        ('"string"', None), ("<integer>", None),
    ],
)  # fmt: skip
def test_examples(text: str, name: str | None) -> None:
    """An example tells a type; a placeholder tells nothing."""
    assert type_of(text) == name


def test_a_type_with_flags_on_its_line() -> None:
    """Name and type on separate lines: the type's line may hold flags, parted by dots or not at all."""
    assert parse_typed("string · required") == (STRING, parse_flag("required"))
    assert parse_typed("stringheaderrequired") is not None
    assert parse_typed("A string") is None
