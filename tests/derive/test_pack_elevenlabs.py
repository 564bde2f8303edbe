"""The committed ElevenLabs pack against a table of its page, row by row.

``facts/elevenlabs.tsv`` was read off the page by its indentation alone, without a YAML parser or any
code of docsworn, and then compared with the page by eye.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from docsworn.contract.bundle import subschemas
from docsworn.derive.render import body_schema
from docsworn.derive.roles import walk
from tests.derive.packs import operation, pack
from tests.derive.rows import Row, nullable, required_line, row

TABLE = Path(__file__).parent / "facts" / "elevenlabs.tsv"
NAME = "elevenlabs/v1-2025-12"


def table() -> Iterator[Row]:
    """The rows of the table; ``-`` stands for nothing."""
    for text in TABLE.read_text(encoding="utf-8").splitlines()[1:]:
        line, place, kind, null, required, enum = text.split("\t")
        values = () if enum == "-" else tuple(enum.split(","))
        yield Row(place, kind, null == "null", 0 if required == "-" else int(required), values, int(line))


def schemas() -> dict[str, Any]:
    """The pack's components."""
    found: dict[str, Any] = pack(NAME)["components"]["schemas"]
    return found


def properties() -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Every property of every component: place, schema, holder."""
    for name, schema in schemas().items():
        for field, node in schema.get("properties", {}).items():
            yield f"{name}.{field}", node, schema


def test_every_row() -> None:
    """All 441 rows: place, type, null, the line that requires it, values, line."""
    found = {}
    for name, schema in schemas().items():
        found[name] = row(name, schema)
        for field, node in schema.get("properties", {}).items():
            required = required_line(schema, field) if field in schema.get("required", ()) else 0
            found[f"{name}.{field}"] = row(f"{name}.{field}", node, required)
    assert found == {item.place: item for item in table()}
    assert len(found) == 441


def test_counts() -> None:
    """99 components: 72 objects, 18 enums, 9 unions; 342 properties, 128 of them required."""
    found = schemas()
    unions = [name for name, schema in found.items() if "oneOf" in schema or "anyOf" in schema]
    enums = [name for name, schema in found.items() if "enum" in schema]
    objects = [name for name, schema in found.items() if schema.get("type") == "object"]
    assert (len(found), len(objects), len(enums), len(unions)) == (99, 72, 18, 9)
    assert len(list(properties())) == 342
    assert sum(len(schema.get("required", ())) for schema in found.values()) == 128


def test_enum_keywords() -> None:
    """56 enum keywords: 18 lists of values and 38 literals, 33 of the literals not required."""
    keywords = [node for _path, role, node in walk(pack(NAME)) if role == "schema" and "enum" in node]
    assert len(keywords) == 56
    literals = [(place, holder) for place, node, holder in properties() if "enum" in node]
    assert all(len(node["enum"]) == 1 for _place, node, _holder in properties() if "enum" in node)
    assert len(literals) == 38
    optional = [place for place, holder in literals if place.split(".")[1] not in holder.get("required", ())]
    assert len(optional) == 33


def test_nullable_properties() -> None:
    """91 properties are nullable: null among their own types (61), or a branch of their own union (30).

    What a reference leads to is not counted (none of the 99 components is nullable itself), nor are
    the nullable values of a map.
    """
    by_type = [place for place, node, _holder in properties() if "null" in node.get("type", ())]
    by_branch = [place for place, node, _holder in properties() if nullable(node) and "type" not in node]
    assert (len(by_type), len(by_branch)) == (61, 30)
    assert not any(nullable(schema) for schema in schemas().values())


def test_one_cycle_of_five() -> None:
    """Five components reach themselves, all in one cycle."""
    edges = {name: set(_references(schema)) for name, schema in schemas().items()}
    reach = {name: _closure(name, edges) for name in edges}
    recursive = {name for name in edges if name in reach[name]}
    assert len(recursive) == 5
    assert all(recursive <= reach[name] for name in recursive)


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        if "$ref" in schema:
            yield str(schema["$ref"]).removeprefix("#/components/schemas/")
        for _path, child in subschemas(schema):
            yield from _references(child)


def _closure(start: str, edges: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    todo = [start]
    while todo:
        for name in edges[todo.pop()] - seen:
            seen.add(name)
            todo.append(name)
    return seen


def test_operation() -> None:
    """Method, path, host, key header, parameter and statuses, each with its line."""
    document = pack(NAME)
    path, method, node = operation(document)
    assert (method, path) == ("get", "/v1/convai/conversations/{conversation_id}")
    assert node["operationId"] == "get_conversation"
    assert [(item["url"], item["x-source"]["line"]) for item in document["servers"]] == [
        ("https://api.elevenlabs.io", 3)
    ]
    (scheme,) = document["components"]["securitySchemes"].values()
    assert (scheme["type"], scheme["in"], scheme["name"], scheme["x-source"]["line"]) == (
        "apiKey", "header", "xi-api-key", 32,
    )  # fmt: skip
    assert [(p["name"], p["in"], p["required"]) for p in node["parameters"]] == [
        ("conversation_id", "path", True)
    ]
    responses = {status: item["x-source"]["line"] for status, item in node["responses"].items()}
    assert responses == {"200": 38, "422": 44}
    assert "content" not in node["responses"]["422"]


def test_unions() -> None:
    """Only the union whose branches both require their literal is exclusive; the rest is recorded."""
    found = schemas()
    exclusive = [name for name, schema in found.items() if "oneOf" in schema]
    assert exclusive == ["ConversationHistoryMetadataCommonModelPhoneCall"]
    for name in (name for name, schema in found.items() if "anyOf" in schema):
        assert [note["keyword"] for note in found[name]["x-normalised"]] == ["oneOf"], name


def test_integers_satisfy_the_unions_of_scalars() -> None:
    """Under the page's oneOf every integer would match integer and number both, and fail."""
    document = pack(NAME)
    for name in (
        "LiteralJsonSchemaPropertyConstantValue",
        "ConversationInitiationClientDataRequestOutputDynamicVariables",
    ):
        validator = Draft202012Validator(document["components"]["schemas"][name])
        assert all(validator.is_valid(value) for value in (1, 1.5, "one", True))
        assert not validator.is_valid(None)


def test_fields_named_as_keywords_survive() -> None:
    """A component has fields named type, description and enum; another one has value."""
    assert list(schemas()["LiteralJsonSchemaProperty"]["properties"]) == [
        "type", "description", "enum", "is_system_provided", "dynamic_variable", "constant_value",
    ]  # fmt: skip
    assert "value" in schemas()["DataCollectionResultCommonModel"]["properties"]


def test_a_small_body() -> None:
    """A body with the required fields only is valid; without one of them it is not."""
    validator = Draft202012Validator(body_schema(pack(NAME), "get_conversation", "200"))
    smallest = {
        "agent_id": "a", "conversation_id": "c", "status": "done", "transcript": [],
        "metadata": {"start_time_unix_secs": 1, "call_duration_secs": 2},
        "has_audio": True, "has_user_audio": True, "has_response_audio": True,
    }  # fmt: skip
    assert validator.is_valid(smallest)
    for name in smallest:
        assert not validator.is_valid({key: smallest[key] for key in smallest if key != name})
