"""The scenarios look real: times, durations, transcripts and tools make sense together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from docsworn.bundled import bundled_dir
from docsworn.contract.packs import load_provider
from docsworn.emulate.player import player_of

ENDED_BY = {
    "voicemail_message_left", "voicemail_hangup", "ivr_hangup", "unavailable_hangup", "agent_ended",
    "inactivity_timeout", "loop_detected", "max_duration_reached", "over_capacity", "caller_hangup",
    "dial_no_answer", "dial_busy", "dial_rejected", "dial_failed",
}  # fmt: skip
EVENTS = {
    "system.pal_joined", "system.replica_joined", "system.shutdown", "application.transcription_ready",
    "application.perception_analysis", "application.perception_unavailable",
    "application.post_call_action_executed",
}  # fmt: skip


@cache
def bodies(name: str, query: tuple[tuple[str, str], ...] = ()) -> Mapping[str, Any]:
    """The bodies of a provider's scenarios under a query, by name."""
    found = player_of(load_provider(name, (bundled_dir("contracts"),))).conversations
    return {each.name: variant.body for each in found for variant in each.variants if variant.query == query}


def steps(results: list[dict[str, Any]]) -> Iterator[tuple[list[Any], list[Any]]]:
    """The requests and results of each step of the workflows among results."""
    for result in results:
        for step in (result.get("result") or {}).get("steps", ()):
            if step["type"] == "nested_tools":
                yield step["requests"], step["results"]
                yield from steps(step["results"])


@pytest.mark.parametrize("name", sorted(bodies("elevenlabs")))
def test_elevenlabs(name: str) -> None:
    """Turns in order and within the call; each tool call is answered, in workflows too; usage adds up."""
    body = bodies("elevenlabs")[name]
    metadata, turns = body["metadata"], body["transcript"]
    times = [turn["time_in_call_secs"] for turn in turns]
    assert times == sorted(times)
    ended = body["status"] in ("processing", "done", "failed")
    assert not ended or not times or times[-1] <= metadata["call_duration_secs"]
    accepted = metadata.get("accepted_time_unix_secs")
    assert accepted is None or 0 <= accepted - metadata["start_time_unix_secs"] <= 60
    calls = [call["request_id"] for turn in turns for call in turn.get("tool_calls", ())]
    results = [result for turn in turns for result in turn.get("tool_results", ())]
    assert len(calls) == len(set(calls))
    assert sorted(calls) == sorted(result["request_id"] for result in results)
    for requests, answers in steps(results):
        assert [each["request_id"] for each in requests] == [each["request_id"] for each in answers]
    for result in results:
        told = result.get("result") or {}
        assert result["is_error"] == (told.get("status") == "error")
    assert bool(body.get("analysis")) == (body["status"] == "done")
    assert not metadata.get("text_only") or not any(body[key] for key in body if key.startswith("has_"))


FEATURES = {
    "language_detection": "language_detection",
    "play_keypad_touch_tone": "dtmf_tones",
    "voicemail_detection": "voicemail_detection",
    "transfer_to_agent": "transfer_to_agent",
    "transfer_to_number": "transfer_to_number",
}  # the feature that the use of a system tool shows in


def all_results(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Results, and behind each those of the tools that its workflow used."""
    flat = []
    for result in results:
        inner = [each for _, answers in steps([result]) for each in answers]
        flat += [result, *inner]
    return flat


@pytest.mark.parametrize("name", sorted(bodies("elevenlabs")))
def test_elevenlabs_tools_make_sense(name: str) -> None:
    """Nothing goes on after an end, agents are of the call, latencies fit, features tell what was used."""
    body = bodies("elevenlabs")[name]
    metadata, turns = body["metadata"], body["transcript"]
    agents = {(turn.get("agent_metadata") or {}).get("agent_id") for turn in turns} | {body["agent_id"]}
    for before, turn in pairwise(turns):
        results = turn.get("tool_results") or ()
        waited = turn["time_in_call_secs"] - before["time_in_call_secs"] + 1  # times are whole seconds
        assert sum(each["tool_latency_secs"] for each in results) <= waited
    results = all_results([each for turn in turns for each in turn.get("tool_results") or ()])
    told = [(each["tool_name"], each.get("result") or {}) for each in results]
    for result in results:
        inner = (result.get("result") or {}).get("steps", [])
        assert sum(step["step_latency_secs"] for step in inner) <= result["tool_latency_secs"]
        for step in inner:
            nested = step.get("results", ())
            assert sum(each["tool_latency_secs"] for each in nested) <= step["step_latency_secs"]
        limits = [step["max_iterations"] for step in inner if "max_iterations" in step]
        assert not limits or limits == [len(inner) - 1]
    assert all(each["from_agent"] in agents for _, each in told if "from_agent" in each)
    ends = [
        index
        for index, (tool, result) in enumerate(told)
        if tool in ("transfer_to_number", "end_call") and result["status"] == "success"
    ]
    assert ends in ([], [len(told) - 1])
    assert not ends or not turns[-1].get("message")
    reason = {"transfer_to_number": "the call was transferred", "end_call": "end_call tool was called"}
    assert not ends or metadata["termination_reason"] == reason[told[-1][0]]
    used = {FEATURES[tool] for tool, _ in told if tool in FEATURES}
    usage = metadata.get("features_usage") or {}
    assert used == {each for each in FEATURES.values() if (usage.get(each) or {}).get("used")}
    mcp = any(each["type"] == "mcp" for each in results)
    assert mcp == bool((usage.get("external_mcp_servers") or {}).get("used"))
    flows = any("steps" in result for _, result in told)
    assert flows == bool((usage.get("workflow") or {}).get("enabled"))


def test_elevenlabs_shows_what_the_issue_names() -> None:
    """Every state, and calls with tools, workflow, MCP, phone, feedback, and text only."""
    found = bodies("elevenlabs").values()
    assert {body["status"] for body in found} == {"initiated", "in-progress", "processing", "done", "failed"}
    tools = {
        call["type"] for body in found for turn in body["transcript"] for call in turn.get("tool_calls", ())
    }
    assert {"webhook", "system", "client", "mcp", "workflow", "api_integration_webhook"} <= tools
    phones = [(body["metadata"].get("phone_call") or {}).get("type") for body in found]
    assert {"twilio", "sip_trunking"} <= set(phones)
    assert any(turn.get("feedback") for body in found for turn in body["transcript"])
    assert any(body["metadata"].get("text_only") for body in found)


@pytest.mark.parametrize("name", sorted(bodies("speechify")))
def test_speechify(name: str) -> None:
    """Created, joined, recorded, ended, in this order; the duration is the time between; parts fit."""
    body = bodies("speechify")[name]
    places = ("created_at", "started_at", "recording_started_at", "ended_at")
    moments = [datetime.fromisoformat(body[place]) for place in places if body.get(place)]
    assert moments == sorted(moments)
    if body["started_at"] and body["ended_at"]:
        lasted = datetime.fromisoformat(body["ended_at"]) - datetime.fromisoformat(body["started_at"])
        assert lasted == timedelta(milliseconds=body["duration_ms"])
        assert body["cost_cents"] > 0
    else:
        assert body["duration_ms"] is None
    assert (body["recording_url"] is None) == (body["recording_started_at"] is None)
    assert body["recording_url"] is None or body["id"] in body["recording_url"]
    assert (body["ended_at"] is None) == (body["end_reason"] is None)
    inbound = body["transport"] == "sip_inbound"
    number = body["from_number"] if inbound else body["to_number"]
    assert not body["caller_identity"].startswith("sip_") or body["caller_identity"] == f"sip_{number[1:]}"


def test_speechify_shows_every_reason() -> None:
    """Each way to end that the page lists, every transport, recorded and not, with and without a menu."""
    found = bodies("speechify").values()
    assert {body["end_reason"] for body in found} == ENDED_BY | {None}
    assert {body["transport"] for body in found} == {"web", "sip_inbound", "sip_outbound"}
    for transport in ("web", "sip_inbound", "sip_outbound"):
        answered = [each for each in found if each["transport"] == transport and each["started_at"]]
        assert {body["recording_url"] is None for body in answered} == {True, False}
    assert {len(body["ivr_path_taken"] or ()) for body in found} == {0, 1, 2}


@pytest.mark.parametrize("name", sorted(bodies("tavus")))
def test_tavus(name: str) -> None:
    """Updated after created; the transcript's clock is one with the conversation's."""
    body = bodies("tavus", (("verbose", "true"),))[name]
    created = datetime.fromisoformat(body["created_at"])
    assert created <= datetime.fromisoformat(body["updated_at"])
    for event in body["events"]:
        entries = event["properties"].get("transcript", [])
        began = {round(each["timestamp"] - each["seconds_from_start"], 3) for each in entries}
        assert len(began) <= 1
        assert all(0 <= moment - created.timestamp() < 60 for moment in began)
        starts = [each["seconds_from_start"] for each in entries]
        assert starts == sorted(starts)


def test_tavus_shows_every_event() -> None:
    """Each documented event, and each reason for which perception is unavailable."""
    found = bodies("tavus", (("verbose", "true"),)).values()
    events = [event for body in found for event in body["events"]]
    assert {event["event_type"] for event in events} == EVENTS
    reasons = {event["properties"]["reason"] for event in events if "unavailable" in event["event_type"]}
    assert reasons == {"no_vision_history", "empty_summary", "summary_error"}
    assert {body["status"] for body in found} == {"active", "ended"}
