"""What holds for any page of text: it derives or is refused, and no field gets a name that is not on it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsworn.derive import derive
from docsworn.derive.facts import facts_of
from docsworn.derive.roles import walk
from docsworn.errors import DocumentError
from tests.derive.rows import PAGES

FAMILY = ("fern-text", "fern-bullets", "mintlify-text", "mintlify-components", "html")
NAMES = sorted(path.name for path in PAGES.iterdir() if path.name.startswith(FAMILY))
LINES = [line for name in NAMES for line in (PAGES / name).read_text(encoding="utf-8").split("\n")]
HEADINGS = (
    "Path parameters", "Path Parameters", "Query parameters", "Headers", "Response", "Errors",
    "Authorizations",
)  # fmt: skip
TYPES = (
    "string", "integer", "double", "boolean", "object", "list of objects", "map from strings to any", "enum",
    "datetime or null", "string[]", "object[]", "enum<string>", "string<date-time> | null", "null",
)  # fmt: skip
WORDS = st.from_regex(r"[a-z_][a-zA-Z0-9_.\-]{0,8}", fullmatch=True)
DECLARATIONS = st.builds(
    lambda name, separator, kind, flag: f"{name}{separator}{kind}{flag}",
    WORDS,
    st.sampled_from(["", "\n", " ", " · "]),
    st.sampled_from(TYPES),
    st.sampled_from(["", "Required", "Optional", "required", ">=0", "Defaults to 5", "\nrequired", "\n>=1"]),
)
NOISE = st.sampled_from([
    "OR", "Show 2 properties",
    "Hide 2 properties", "Hide child attributes", "Show child attributes", "{", "}",
    "Allowed values:", "Available options: a, b", "Example:", '"x"', "• a — b", "Hide 2 variants", "",
    "> For AI agents", "200", "404", "application/json", "Was this page helpful?", "- `a` (string)",
    "  - `b` (object, required)", "## Response", '<ResponseField name="q" type="object">', "</ResponseField>",
    "<Expandable>", "```",
])  # fmt: skip
SAMPLES = st.one_of(DECLARATIONS, NOISE, WORDS, st.sampled_from(HEADINGS), st.sampled_from(LINES))
PAGE = st.lists(SAMPLES, max_size=40)


def named(document: Any) -> set[str]:
    """The parts of every field's and parameter's name; a name may have been put together from two lines."""
    found = {
        path[-1] for path, role, _node in walk(document)
        if role == "schema" and len(path) > 1 and path[-2] == "properties"
    }  # fmt: skip
    found |= {node["name"] for _path, role, node in walk(document) if role == "parameter"}
    return {part for name in found for part in name.split(".")}


def check(text: str) -> None:
    """Derives or refuses; whatever is named stands on the page."""
    document, refusal = None, ""
    try:
        document = derive(text, document="page").openapi
    except DocumentError as error:
        refusal = str(error)
    assert "\n" not in refusal
    if document is None:
        return
    assert all(part in text for part in named(document))
    facts_of(document)


@settings(deadline=None)
@given(PAGE, st.booleans(), st.data())
def test_no_name_is_invented(lines: list[str], whole: bool, data: st.DataObject) -> None:
    """Any heap of headings, declarations, noise and lines of pages, moved in or not."""
    moved = [" " * data.draw(st.sampled_from([0, 0, 2, 4])) + line for line in lines]
    head = ["Get", "Path parameters", "idstringRequired", "Response"] if whole else []
    check("\n".join([*head, *moved]))


@settings(deadline=None)
@given(st.text())
def test_any_text_under_headings(text: str) -> None:
    """Any text as the body of a response."""
    check(f"Get\nPath parameters\nidstringRequired\nResponse\n{text}")
    check(f"# Get\n\n## Response\n\n- `id` (string)\n{text}")
    check(f'<ResponseField name="id" type="string">\n{text}')
    check(f"<html><body>{text}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<html><body>" + "<div>" * 3000, "page:1: tags are nested deeper than 2000 levels"),
        ("<html><body>\n" + "x" * 5_000_000, "page: the HTML page is larger than 5 MB"),
        (
            '<ResponseField name="a" type="string" />\n' * 2002,
            "page:2001: the response has more than 2000 fields",
        ),
        ('<ParamField path="a" type="string" />', "page: no field of a response: is the page cut off?"),
    ],
)
def test_bounds(text: str, message: str) -> None:
    """Pages that are deeper, larger or fuller than any page is are refused at their line."""
    with pytest.raises(DocumentError) as caught:
        derive(text, document="page")
    assert str(caught.value) == message
