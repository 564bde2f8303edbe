"""Whatever is asked of the control API, it is understood or refused with a sentence."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.emulate.board import FaultBoard
from docsworn.emulate.dice import Dice
from docsworn.emulate.drift import KINDS, Drift, apply
from docsworn.emulate.drift_request import parse_drift
from docsworn.emulate.faults import FAULTS, Fault, describe_fault, parse_fault, parse_faults, parse_header
from docsworn.emulate.refusals import render
from docsworn.emulate.spoil import Asked, Play, Reply, spoil
from docsworn.errors import ConfigError
from docsworn.model import Purpose

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FAULT = st.fixed_dictionaries(
    {"fault": st.sampled_from(sorted(FAULTS)) | JSON},
    optional=dict.fromkeys(("rate", "seed", "provider", "seconds", "share", "status", "by", "x"), JSON),
)
DRIFT = st.fixed_dictionaries(
    {"kind": st.sampled_from(KINDS) | JSON},
    optional={
        "pointer": st.sampled_from(["/a", "/a/*/b", "", "a", "/*"]) | JSON,
        "value": JSON,
        "status": st.integers(0, 700) | JSON,
        "purpose": st.sampled_from(list(Purpose)) | JSON,
        **dict.fromkeys(("id", "operation", "conversation", "rate", "seed", "x"), JSON),
    },
)


@given(FAULT | JSON)
def test_faults(data: Any) -> None:
    """A fault that says the same again, or ConfigError."""
    try:
        (fault,) = parse_faults(data if isinstance(data, dict) else [data])
    except ConfigError:
        pass
    else:
        assert parse_fault(describe_fault(fault)) == parse_fault(describe_fault(parse_fault(data)))


@given(
    st.text(max_size=40)
    | st.sampled_from(sorted(FAULTS)).flatmap(lambda n: st.text(max_size=20).map(lambda t: f"{n};{t}"))
)
def test_headers(text: str) -> None:
    """A fault for one answer, or ConfigError."""
    with contextlib.suppress(ConfigError):
        assert parse_header(text).name in FAULTS


@given(DRIFT | JSON, JSON)
def test_drifts(data: Any, body: Any) -> None:
    """A drift that can be applied to any body, or ConfigError."""
    try:
        asked = parse_drift(data)
    except ConfigError:
        pass
    else:
        assert asked.id is not None or isinstance(asked.drift, Drift)
        if asked.drift is not None:
            status, _ = apply(asked.drift, 200, {"a": body})
            assert 200 <= status <= 599


@pytest.mark.parametrize("body", [None, [], {}, "text", 7, {"a": 1}, [{"b": "c"}], {"a": {"b": [None]}}])
@pytest.mark.parametrize("name", sorted(name for name, kind in FAULTS.items() if not kind.at_once))
def test_every_fault_takes_every_body(name: str, body: Any) -> None:
    """Lists, scalars and empty bodies too; latencies leave the answer as it is."""
    if name.startswith("latency"):
        return
    small = {
        "deep-nesting": {"levels": 9.0},
        "huge-body": {"megabytes": 0.1},
        "gzip-bomb": {"megabytes": 1.0},
    }
    spoiled = spoil(Fault(name, small.get(name, {})), render(200, body), Asked("http://localhost:1/a", "/a"))
    if isinstance(spoiled, Play):
        assert isinstance(b"".join(spoiled.body), bytes)
    else:
        assert isinstance(spoiled, Reply)


def test_latency_is_never_negative_nor_without_end() -> None:
    """Drawn from the distribution that was asked for, the same again for its seed."""
    board = FaultBoard()

    def delays(*faults: Fault) -> list[float]:
        board.put(faults)
        return [board.throw("any")[0] for _ in range(500)]

    normal = Fault("latency-normal", {"mean": 0.1, "deviation": 0.2}, seed=5)
    assert delays(normal) == delays(normal)
    assert min(delays(normal)) == 0.0
    assert 0.05 < sum(delays(normal)) / 500 < 0.2
    tail = sorted(delays(Fault("latency-long-tail", {"median": 0.1, "sigma": 1.5})))
    assert 0.07 < tail[250] < 0.15
    assert tail[495] > 10 * tail[250]
    assert max(delays(Fault("latency-long-tail", {"median": 600.0, "sigma": 5.0}))) == 600.0


def test_dice_fall_as_often_as_they_should() -> None:
    """Always, never, and a share of all times."""
    assert all(Dice(1.0).falls() for _ in range(50))
    assert not any(Dice(0.0).falls() for _ in range(50))
    dice = Dice(0.25, seed=9)
    assert 50 < sum(dice.falls() for _ in range(400)) < 150
