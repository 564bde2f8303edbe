"""The committed Speechify pack against a table of its page, row by row."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.derive.packs import operation, pack
from tests.derive.rows import Row, body, rows

NAME = "speechify/v1"
END_REASONS = (
    "voicemail_message_left", "voicemail_hangup", "ivr_hangup", "unavailable_hangup", "agent_ended",
    "inactivity_timeout", "loop_detected", "max_duration_reached", "over_capacity", "caller_hangup",
    "dial_no_answer", "dial_busy", "dial_rejected", "dial_failed",
)  # fmt: skip
SURRENDERS = (
    "no_goal", "no_cached_menu", "below_threshold", "fingerprint_mismatch", "goal_ambiguous",
    "child_cache_miss", "dtmf_send_failure", "matched_option_missing_dtmf", "disabled",
    "repeated_prompt_max_retries",
)  # fmt: skip
CONVERSATION = [
    Row("/id", "string", False, 18, (), 18),
    Row("/agent_id", "string", False, 22, (), 22),
    Row("/room_name", "string", False, 26, (), 26),
    Row("/status", "string", False, 30, (), 30),
    Row("/transport", "string", False, 31, (), 31),
    Row("/created_at", "string:date-time", False, 37, (), 35),
    Row("/metadata", "map<any>", False, 39, (), 39),
    Row("/metadata/*", "any", False, 0, (), 39),
    Row("/message_count", "integer", False, 40, (), 40),
    Row("/room_sid", "string", False, 0, (), 44),
    Row("/started_at", "string:date-time", True, 0, (), 45),
    Row("/ended_at", "string:date-time", True, 0, (), 49),
    Row("/duration_ms", "integer", True, 0, (), 50),
    Row("/cost_cents", "integer", True, 0, (), 51),
    Row("/recording_url", "string", True, 0, (), 52),
    Row("/recording_started_at", "string:date-time", True, 0, (), 53),
    Row("/end_reason", "string", True, 0, END_REASONS, 57),
    Row("/caller_identity", "string", False, 0, (), 76),
    Row("/from_number", "string", True, 0, (), 80),
    Row("/to_number", "string", True, 0, (), 84),
    Row("/agent_snapshot", "object", False, 0, (), 88),
    Row("/dynamic_variables", "map<any>", False, 0, (), 92),
    Row("/dynamic_variables/*", "any", False, 0, (), 92),
    Row("/ivr_menu_id", "string", True, 0, (), 96),
    Row("/ivr_path_taken", "array<map<any>>", True, 0, (), 100),
    Row("/ivr_path_taken/*", "map<any>", False, 0, (), 100),
    Row("/ivr_path_taken/*/*", "any", False, 0, (), 100),
    Row("/ivr_surrender_reason", "string", True, 0, SURRENDERS, 104),
]


def schema() -> dict[str, Any]:
    """The 200 body."""
    return body(pack(NAME))


def test_every_row() -> None:
    """24 fields: place, type, null, the line that requires it, values, line."""
    assert list(rows(schema())) == CONVERSATION
    assert len(schema()["properties"]) == 24


def test_required_by_layout_is_inferred() -> None:
    """The first eight stand before the optional ones: inferred, but for the one said to be always there."""
    required = schema()["required"]
    assert required == list(schema()["properties"])[:8]
    keywords = schema()["x-keywords"]
    sure = {name: keywords[f"required/{name}"].get("confidence", "documented") for name in required}
    assert sure.pop("created_at") == "documented"
    assert set(sure.values()) == {"inferred"}


def test_null_among_the_reasons() -> None:
    """14 end reasons and null by a bullet; 10 surrender reasons and null by the prose."""
    end, surrender = (schema()["properties"][name] for name in ("end_reason", "ivr_surrender_reason"))
    assert end["enum"] == [*END_REASONS, None]
    assert end["x-keywords"] == {"enum": {"line": 61}, "nullable": {"line": 75}}
    assert surrender["enum"] == [*SURRENDERS, None]
    assert surrender["x-keywords"] == {"enum": {"line": 108}, "nullable": {"line": 106}}


@pytest.mark.parametrize(
    ("name", "line", "known"),
    [("status", 59, ["failed"]), ("transport", 28, ["web", "sip_inbound", "sip_outbound"])],
)
def test_open_enums(name: str, line: int, known: list[str]) -> None:
    """Values that the page does not list are not an enum; those in the prose are known, not enforced."""
    node = schema()["properties"][name]
    assert node["x-open-enum"] is True
    assert "enum" not in node
    assert node["x-known-values"] == known
    assert node["x-keywords"]["x-known-values"]["line"] == line
    assert node["x-keywords"]["x-known-values"]["confidence"] == "curated"


def test_identifiers() -> None:
    """conv_ and agent_ plus 26 Crockford base-32 characters of either case; the path takes the same."""
    _path, _method, node = operation(pack(NAME))
    (parameter,) = node["parameters"]
    properties = schema()["properties"]
    assert parameter["schema"]["pattern"] == properties["id"]["pattern"]
    for name, prefix, line in (("id", "conv_", 20), ("agent_id", "agent_", 24)):
        pattern = properties[name]["pattern"]
        assert properties[name]["x-keywords"]["pattern"] == {"line": line}
        assert re.search(pattern, prefix + "0123456789abcdefghjkmnpqrs")
        assert re.search(pattern, prefix + "TVWXYZ0123456789ABCDEFGHJK")
        for wrong in ("0123456789abcdefghjkmnpqri", "0123456789abcdefghjkmnpqru", "0" * 25, "0" * 27):
            assert not re.search(pattern, prefix + wrong)
    assert not re.search(parameter["schema"]["pattern"], "00000000-0000-4000-8000-000000000000")


def test_operation() -> None:
    """Host, path and method are curated; the key is a bearer; 401 and 404 are documented, without bodies."""
    document = pack(NAME)
    path, method, node = operation(document)
    assert (method, path, node["x-confidence"]) == ("get", "/v1/agents/conversations/{id}", "curated")
    assert [(s["url"], s["x-confidence"]) for s in document["servers"]] == [
        ("https://api.speechify.ai", "curated")
    ]
    scheme = document["components"]["securitySchemes"]["bearer"]
    assert (scheme["type"], scheme["scheme"], scheme["x-source"]["line"]) == ("http", "bearer", 7)
    responses = node["responses"]
    assert {status: item["x-source"]["line"] for status, item in responses.items()} == {
        "200": 15, "401": 121, "404": 123,
    }  # fmt: skip
    assert ["content" in responses[status] for status in ("200", "401", "404")] == [True, False, False]
    assert "x-missing" not in document
