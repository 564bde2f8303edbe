"""The committed Tavus packs against tables of their pages, row by row."""

from __future__ import annotations

from typing import Any

from tests.derive.packs import operation, pack
from tests.derive.rows import Row, body, row, rows

OLD, NEW = "tavus/v2-replica", "tavus/v2-face"
OLDER = [
    Row("/conversation_id", "string", False, 0, (), 43),
    Row("/conversation_name", "string", False, 0, (), 48),
    Row("/conversation_url", "string", False, 0, (), 53),
    Row("/callback_url", "string", False, 0, (), 58),
    Row("/status", "string", False, 0, (), 65),
    Row("/replica_id", "string", False, 0, (), 70),
    Row("/persona_id", "string", False, 0, (), 77),
    Row("/created_at", "string", False, 0, (), 84),
    Row("/updated_at", "string", False, 0, (), 89),
]
NEWER = [
    Row("/conversation_id", "string", False, 0, (), 12, "inferred"),
    Row("/conversation_name", "string", False, 0, (), 14, "inferred"),
    Row("/conversation_url", "string", False, 0, (), 16, "inferred"),
    Row("/callback_url", "string", False, 0, (), 18, "inferred"),
    Row("/status", "string", False, 0, (), 20, "inferred"),
    Row("/replica_id", "string", False, 0, (), 22, "inferred"),
    Row("/persona_id", "string", False, 0, (), 24, "inferred"),
    Row("/created_at", "string", False, 0, (), 26, "inferred"),
    Row("/updated_at", "string", False, 0, (), 28, "inferred"),
    Row("/face_id", "string", False, 0, (), 22, "curated"),
    Row("/pal_id", "string", False, 0, (), 24, "curated"),
    Row("/shutdown_reason", "string", False, 0, (), 9, "curated"),
]
EVENT = "/*/properties"
ENTRY = f"{EVENT}/transcript/*"
ROLES = ("user", "assistant", "system", "tool")
EVENTS = [
    Row("/*", "any", False, 0, (), 9, "curated"),
    Row(EVENT, "any", False, 0, (), 9, "curated"),
    Row(f"{EVENT}/shutdown_reason", "string", False, 0, (), 9, "curated"),
    Row(f"{EVENT}/transcript", "array<object>", False, 0, (), 9, "curated"),
    Row(ENTRY, "object", False, 0, (), 9, "curated"),
    Row(f"{ENTRY}/role", "string", False, 0, ROLES, 9, "curated"),
    Row(f"{ENTRY}/content", "any", False, 0, (), 9, "curated"),
    Row(f"{ENTRY}/timestamp", "number", False, 0, (), 9, "curated"),
    Row(f"{ENTRY}/seconds_from_start", "any", False, 0, (), 9, "curated"),
    Row(f"{ENTRY}/duration", "number", False, 0, (), 9, "curated"),
    Row(f"{ENTRY}/inference_id", "any", False, 0, (), 9, "curated"),
    Row(f"{EVENT}/reason", "any", False, 0, (), 9, "curated"),
    Row(f"{EVENT}/tool_name", "any", False, 0, (), 9, "curated"),
    Row(f"{EVENT}/status", "any", False, 0, (), 9, "curated"),
    Row(f"{EVENT}/request", "any", False, 0, (), 9, "curated"),
    Row(f"{EVENT}/response", "any", False, 0, (), 9, "curated"),
]


def unnamed() -> dict[str, Any]:
    """The tenth field of the newer page."""
    (entry,) = body(pack(NEW))["x-unnamed"]
    found: dict[str, Any] = entry
    return found


def test_older_rows() -> None:
    """9 fields, none required, all expected."""
    schema = body(pack(OLD))
    assert list(rows(schema)) == OLDER
    assert "required" not in schema
    assert {node["x-presence"] for node in schema["properties"].values()} == {"expected"}


def test_older_errors() -> None:
    """400 has an error, 401 a message."""
    assert list(rows(body(pack(OLD), "400"))) == [Row("/error", "string", False, 0, (), 114)]
    assert list(rows(body(pack(OLD), "401"))) == [Row("/message", "string", False, 0, (), 129)]


def test_older_operation() -> None:
    """Method, path, host, key header, parameter and statuses, each with its line."""
    document = pack(OLD)
    path, method, node = operation(document)
    assert (method, path, node["x-source"]["line"]) == ("get", "/v2/conversations/{conversation_id}", 13)
    assert [(s["url"], s["x-source"]["line"]) for s in document["servers"]] == [("https://tavusapi.com", 15)]
    scheme = document["components"]["securitySchemes"]["apiKey"]
    assert (scheme["in"], scheme["name"], scheme["x-source"]["line"]) == ("header", "x-api-key", 22)
    (parameter,) = node["parameters"]
    assert row("", parameter["schema"]) == Row("", "string", False, 0, (), 29)
    assert (parameter["name"], parameter["in"], parameter["required"]) == ("conversation_id", "path", True)
    statuses = {status: item["x-source"]["line"] for status, item in node["responses"].items()}
    assert statuses == {"200": 38, "400": 109, "401": 124}


def test_older_wrappers_are_recorded() -> None:
    """Each of the 11 wrapped fields says that it was unwrapped."""
    document = pack(OLD)
    nodes = [
        node for status in ("200", "400", "401") for node in body(document, status)["properties"].values()
    ]
    assert [node["x-normalised"][0]["keyword"] for node in nodes] == ["allOf"] * 11


def test_newer_rows() -> None:
    """Nine fields named after the older page by order and words, two of them renamed by a person."""
    assert list(rows(body(pack(NEW)))) == NEWER


def test_either_name_will_do() -> None:
    """The new names are expected, the old ones stand for them; the prose's extra field is not expected."""
    properties = body(pack(NEW))["properties"]
    for new, old in (("face_id", "replica_id"), ("pal_id", "persona_id")):
        assert properties[new]["x-aliases"] == [old]
        assert properties[old]["x-alias-of"] == new
    silent = [name for name, node in properties.items() if "x-presence" not in node]
    assert silent == ["replica_id", "persona_id", "shutdown_reason"]


def test_the_tenth_field_stays_unnamed() -> None:
    """The events are a promise without a name: candidates, a condition, and what is said of the items."""
    entry = unnamed()
    assert {key: entry[key] for key in ("id", "position", "when", "candidates")} == {
        "id": "verbose_events",
        "position": 10,
        "when": {"query": {"verbose": "true"}},
        "candidates": ["events"],
    }
    assert entry["x-source"] == {"document": "tavus-get-conversation.newer.page.txt", "line": 30}
    assert "type" not in entry["schema"]
    assert list(rows(entry["schema"])) == EVENTS


def test_event_names_and_reasons_are_known_not_enforced() -> None:
    """Seven event names, three reasons of one of the events: no unconditional enum."""
    items = unnamed()["schema"]["items"]
    (name,) = items["x-unnamed"]
    assert name["candidates"] == ["event_type"]
    assert name["schema"]["x-known-values"] == [
        "system.pal_joined", "system.replica_joined", "system.shutdown",
        "application.transcription_ready", "application.perception_analysis",
        "application.perception_unavailable", "application.post_call_action_executed",
    ]  # fmt: skip
    reason = items["properties"]["properties"]["properties"]["reason"]
    assert reason["x-known-values"] == ["no_vision_history", "empty_summary", "summary_error"]
    assert "enum" not in reason


def test_newer_operation() -> None:
    """What only the older page says is curated and keeps the older page's lines."""
    document = pack(NEW)
    path, method, node = operation(document)
    older = "tavus-get-conversation.older.md"
    assert (method, path) == ("get", "/v2/conversations/{conversation_id}")
    assert (node["x-source"], node["x-confidence"]) == ({"document": older, "line": 13}, "curated")
    for status, line in (("400", 109), ("401", 124)):
        assert node["responses"][status]["x-source"] == {"document": older, "line": line}
        assert node["responses"][status]["x-confidence"] == "curated"
    assert node["responses"]["200"]["x-source"]["line"] == 11
    found = [
        (p["name"], p["in"], p["required"], p["x-source"]["line"], p["x-confidence"])
        for p in node["parameters"]
    ]
    assert found == [
        ("conversation_id", "path", True, 5, "inferred"),
        ("verbose", "query", False, 8, "documented"),
    ]
    assert "x-missing" not in document
