"""Uses in large documents: each definition is held to what the consumer reads of it, on each way to it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from docsworn.compat.assemble import Asked, compare_documents
from docsworn.compat.document import Document
from docsworn.compat.reading import Raw
from docsworn.compat.report import Report
from docsworn.compat.uses import Uses
from docsworn.contract.pointer import split
from tests.compat.test_documents import compare

HOME = "#/components/schemas/"
FILLING = {f"Filling{number}": {"type": "string"} for number in range(70)}
LINE = {"type": "object", "properties": {"size": {"enum": ["s"]}, "kite": {"$ref": HOME + "Kite"}}}
KITE = {
    "type": "object",
    "required": ["id", "colour"],
    "properties": {
        "id": {"type": "string"},
        "colour": {"type": "string"},
        "lines": {"type": "array", "items": {"$ref": HOME + "Line"}},
        "spare": {"anyOf": [{"type": "string"}, {"$ref": HOME + "Line"}]},
    },
}


def document(name: str, schemas: dict[str, Any], *, large: bool) -> Document:
    """A document whose one operation answers with a kite."""
    answer = {"content": {"application/json": {"schema": {"$ref": HOME + "Kite"}}}}
    data = {
        "openapi": "3.0.3",
        "paths": {"/a": {"get": {"responses": {"200": answer}}}},
        "components": {"schemas": {**schemas, **(FILLING if large else {})}},
    }
    return Document(Raw(name, data, "3.0"))


def report(new: dict[str, Any], places: tuple[str, ...], *, large: bool) -> Report:
    """What a change of the kites is to who reads these places."""
    sides = [document(name, each, large=large) for name, each in (("old", SCHEMAS), ("new", new))]
    uses = Uses(tuple(split(place) if place != "/" else () for place in places))
    return compare_documents(sides[0], sides[1], Asked("strict", uses=uses), compare)


def _size(new: dict[str, Any]) -> None:
    new["Line"]["properties"]["size"]["enum"].append("m")


def _colour(new: dict[str, Any]) -> None:
    new["Kite"]["required"].remove("colour")


def _narrower(new: dict[str, Any]) -> None:
    new["Kite"]["properties"]["id"]["maxLength"] = 9
    _colour(new)


SCHEMAS = {"Kite": KITE, "Line": LINE}
CASES = [
    (_size, ("/id",), "safe"),
    (_size, ("/lines/*/size",), "breaking"),
    (_size, ("/lines",), "breaking"),
    (_size, ("/spare",), "breaking"),
    (_size, ("/lines/*/kite/id",), "safe"),
    (_size, ("/lines/*/kite/lines/*/size",), "breaking"),
    (_size, ("/",), "breaking"),
    (_size, ("/lines/*/kite/**", "/id"), "breaking"),
    (_colour, ("/id",), "safe"),
    (_colour, ("/colour",), "breaking"),
    (_colour, ("/lines/*/size",), "safe"),
    (_colour, ("/lines/*/kite/colour",), "breaking"),
    (_narrower, ("/id",), "safe"),
    (_narrower, ("/id", "/colour"), "breaking"),
]


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
@pytest.mark.parametrize(
    ("edit", "places", "verdict"), CASES, ids=lambda one: getattr(one, "__name__", str(one))
)
def test_a_change_counts_where_it_is_read(
    edit: Any, places: tuple[str, ...], verdict: str, large: bool
) -> None:
    """The same verdict piece by piece and as a whole; what is not read is listed apart, and all is listed."""
    new = copy.deepcopy(SCHEMAS)
    edit(new)
    found = report(new, places, large=large)
    assert found.verdict == verdict
    assert found.found or found.outside
    if verdict == "safe":
        assert any(one.verdict == "breaking" for one in found.outside)
