"""What providers typically change, with the verdict in each direction and for each reader."""

from __future__ import annotations

from typing import Any

import pytest

from docsworn.compat.assemble import Asked, compare_documents
from docsworn.compat.changes import Comparison, Direction
from docsworn.compat.document import Document
from docsworn.compat.reading import Raw
from tests.compat.test_documents import Row, compare, rows

ROWS = rows("typical")
_LABELS = {"S": "safe", "B": "breaking"}


def _answered(call: Row) -> Row:
    return {"responses": {"200": {}}, **call}


def _schema(schema: Any, *, sent: bool, read: bool) -> Row:
    content = {"content": {"application/json": {"schema": schema}}}
    return {"responses": {"200": content if read else {}}, **({"requestBody": content} if sent else {})}


def _paths(place: str, side: Any) -> Row:
    """The paths of a side that stands at this place."""
    if place == "paths":
        return {
            path: {key: _answered(one) if isinstance(one, dict) else one for key, one in item.items()}
            for path, item in side.items()
        }
    call: Row = side
    if place in ("response", "request", "both"):
        call = _schema(side, sent=place != "response", read=place != "request")
    elif place == "query":
        plain = {} if "content" in side else {"schema": {"type": "string"}}
        call = {"parameters": [{"name": "q", "in": "query", **plain, **side}]}
    elif place == "header":
        call = {"responses": {"200": {"headers": {"X-N": side} if side else {}}}}
    return {"/kites": {"post": _answered(call)}}


def document(row: Row, side: str) -> Document:
    """One side of a case as a document."""
    versions = row.get("versions", [row.get("version", "3.0.3")] * 2)
    version = versions[0 if side == "old" else 1]
    data: Row = {"swagger" if version == "2.0" else "openapi": version}
    if row["in"] == "document":
        data |= row[side]
    else:
        data |= {"paths": _paths(row["in"], row[side]), "components": row.get("components", {})}
    return Document(Raw(side, data, version[:3]))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_typical(row: Row) -> None:
    """Each direction and reader gets its verdict."""
    for direction in Direction:
        for reader, label in zip(("strict", "tolerant"), row.get(direction.value, "SS"), strict=True):

            def engine(old: Any, new: Any, way: Direction, who: str = reader) -> Comparison:
                return compare(old, new, way, who)

            asked = Asked(reader, (direction,))
            found = compare_documents(document(row, "old"), document(row, "new"), asked, engine)
            told = [(one.change.rule, str(one.verdict)) for one in found.found]
            assert found.verdict == _LABELS[label], (direction, reader, told)


def test_there_are_enough() -> None:
    """The list is long, its names are its own, and both verdicts are well represented."""
    names = [row["name"] for row in ROWS]
    breaking = [row for row in ROWS if "B" in f"{row.get('response', '')}{row.get('request', '')}"]
    assert len(set(names)) == len(names) >= 150
    assert min(len(breaking), len(names) - len(breaking)) >= 60
