"""Bodies that a page prints as examples: evidence of types, candidates for names, and nothing more."""

from __future__ import annotations

import pytest

from docsworn.derive import derive
from tests.derive.rows import PAGES

BODY = '200\n{\n  "id": "f1",\n  "harbour_id": 7,\n  "state": "<string>",\n  "extra": true\n}\n'
DESCRIBED = (
    'Get Lamp\nAuthorizations\nPath Parameters\nThe lamp.\n"l1"\nResponse\nThe lamp.\n"l1"\nWatts.\n123\n'
)


def test_a_body_tells_types_of_names() -> None:
    """Inferred, on the line of the field in the body; a placeholder tells nothing, and no field is added."""
    text = (
        (PAGES / "fern-text-names.txt")
        .read_text(encoding="utf-8")
        .replace("Was this page", BODY + "Was this page")
    )
    document = derive(text, document="page")
    found = {
        fact.pointer: (fact.types, fact.nullable, fact.confidence)
        for fact in document.facts
        if fact.status == "200"
    }
    assert found == {
        "": (("object",), "no", "inferred"),
        "/id": (("string",), "unknown", "inferred"),
        "/harbour_id": (("integer",), "unknown", "inferred"),
        "/deck_name": ((), "unknown", "documented"),
        "/state": ((), "unknown", "documented"),
        "/builtAt": ((), "unknown", "documented"),
    }
    properties = document.openapi["components"]["responses"]["200"]["content"]["application/json"]["schema"][
        "properties"
    ]
    assert properties["harbour_id"]["x-keywords"]["type"] == {"line": 35, "confidence": "inferred"}


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ('{\n  "lamp_id": "l1",\n  "hue": "amber"\n}', ("lamp_id",)),
        ('{\n  "lamp_id": "l1",\n  "twin_id": "l1"\n}', ("lamp_id", "twin_id")),
        ('{\n  "lamp_id": "<string>"\n}', ()),
        ('{\n  "watts": 123\n}', ()),
    ],
)
def test_a_body_gives_candidates(body: str, names: tuple[str, ...]) -> None:
    """A field without a name may be what has its example for a value; it stays unnamed all the same."""
    rows = [fact for fact in derive(DESCRIBED + body, document="page").facts if fact.status == "200"]
    assert [(row.pointer, row.names) for row in rows] == [("", ()), (None, names), (None, ())]


def test_a_body_alone_is_no_page() -> None:
    """Examples say what was once sent, not what is promised."""
    page = derive(DESCRIBED, document="page")
    assert all(fact.pointer is None for fact in page.facts if fact.status == "200" and fact.pointer != "")


def test_the_body_of_a_request() -> None:
    """A page without a path tells what is sent all the same, as facts of the request."""
    request = "Request\nThis endpoint expects an object.\nhuestringRequired\nwattsintegerOptional\n"
    text = f"Make Lamp\n{request}Response\nidstring\n"
    facts = [
        (f.pointer, f.types, f.required) for f in derive(text, document="page").facts if f.status == "request"
    ]
    assert facts == [("", ("object",), "no"), ("/hue", ("string",), "yes"), ("/watts", ("integer",), "no")]
