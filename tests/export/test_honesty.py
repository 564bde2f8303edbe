"""Secrets and sentences at every place of real bodies: no output of a check holds a word of them."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from docsworn.check.loader import load_checks
from docsworn.contract.compiled import CompiledContract, compile_contract
from docsworn.contract.packs import load_contract, load_provider, pack_roots
from docsworn.emulate.server import Emulator
from docsworn.export.loader import load_formats
from docsworn.export.metrics import Metrics, render
from docsworn.export.report import ReportInfo
from docsworn.model import Case, Credential, Exchange, Purpose, Timings
from docsworn.observe.history import History
from docsworn.observe.rounds import hold_and_learn

MARK = "Zq7"
SENTENCE = f"{MARK} said: my number is 555-123, keep it"
SECRETS = (
    SENTENCE, f"{MARK}/{'x' * 40}", f"{MARK}é", f"<b>{MARK}</b>", f"{MARK}\x1b[31m", f"{{{MARK}}}",
    f"~{MARK}~1",
)  # fmt: skip
OPERATION = "get_conversation"
INFO = ReportInfo(datetime(2027, 1, 1, tzinfo=UTC), "0")

Body = dict[str, Any]


@dataclass(frozen=True)
class Known:
    """A provider's contract and bodies that keep it."""

    contract: CompiledContract = field(repr=False)  # hypothesis prints what a test is given
    bodies: tuple[Body, ...] = field(repr=False)


@pytest.fixture(scope="module")
def known() -> Iterator[Mapping[str, Known]]:
    """The bundled providers with the answers of the emulator."""
    providers = {name: load_provider(name, pack_roots()) for name in ("elevenlabs", "speechify", "tavus")}
    with Emulator(list(providers.values())) as emulator:
        yield {
            name: Known(
                compile_contract(load_contract(provider), provider.settings),
                tuple(
                    httpx.get(
                        emulator.base_url + each.path,
                        headers={provider.settings.auth.header: f"{provider.settings.auth.prefix}k"},
                    ).json()
                    for each in emulator.conversations(name)
                ),
            )
            for name, provider in providers.items()
        }


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a body, containers and leaves."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        yield from places(below, (*path, key))


def plant(body: Any, path: tuple[Any, ...], secret: str, how: str) -> Any:
    """The body with a secret as the value, as the name of the field, as a new field, or around the value."""
    if not path:
        return {
            "key": {**body, secret: secret},
            "value": secret,
            "name": {secret: body},
            "in": [secret, body],
        }[how]
    changed = deepcopy(body)
    parent = changed
    for key in path[:-1]:
        parent = parent[key]
    last, old = path[-1], parent[path[-1]]
    if how == "value":
        parent[last] = secret
    elif how == "in":
        parent[last] = {secret: old, "more": [secret, {secret: secret}]}
    elif isinstance(parent, dict):
        parent[secret] = old
        if how == "name":
            del parent[last]
    else:
        parent.append({secret: secret})
    return changed


@settings(
    max_examples=30,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # shrinking whole rounds takes minutes and shows no more
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32), name=st.sampled_from(["elevenlabs", "speechify", "tavus"]))
def test_nothing_planted_comes_out(known: Mapping[str, Known], tmp_path: Path, seed: int, name: str) -> None:
    """Of the reports, the metrics, the database with its log, the run itself, or an exception."""
    rng = random.Random(seed)
    body: Any = rng.choice(known[name].bodies)
    for _ in range(rng.randint(1, 3)):
        if isinstance(body, dict):
            path = rng.choice(list(places(body)))
            body = plant(body, path, rng.choice(SECRETS), rng.choice(["key", "value", "name", "in"]))
    raw = json.dumps(body, ensure_ascii=rng.random() < 0.5).encode()
    exchange = Exchange(
        case=Case(
            f"{OPERATION}/good/1",
            OPERATION,
            Purpose.GOOD,
            Credential.KEY,
            f"/{MARK}",
            subject_id=f"{MARK}-id",
        ),
        started=time.time(),
        timings=Timings(0.1),
        status=rng.choice([200, 200, 200, 401, 404, 418, 500]),
        headers=(
            ("Content-Type", rng.choice(["application/json", f"text/{MARK}"])),
            ("Retry-After", SENTENCE),
            (f"X-RateLimit-{MARK} {MARK}", SENTENCE),
            ("Location", f"https://{MARK}.example/{MARK}"),
        ),
        body=raw[: len(raw) - rng.choice([0, 0, 0, 1, 9])],
    )
    told = outputs(known[name].contract, exchange, tmp_path / f"{seed}.db")
    assert [where for where, text in told.items() if MARK.encode() in text] == []


def outputs(contract: CompiledContract, exchange: Exchange, file: Path) -> dict[str, bytes]:
    """Everything that one round with this exchange writes or prints, by what it is."""
    registry = CollectorRegistry()
    metrics = Metrics(registry, [contract])
    with History(file) as history:
        for _ in range(2):
            run = hold_and_learn(
                contract,
                OPERATION,
                (exchange, exchange),
                host="host",
                history=history,
                checks=load_checks(),
                clock=time.time,
                siblings=(contract, contract),
            )
        assert run.crashes == ()
        metrics.record(run, contract, time.time())
        files = {path.name: path.read_bytes() for path in file.parent.glob(f"{file.name}*")}
    file.unlink()
    reports = {each.name: each.render([run], INFO).encode() for each in load_formats().values()}
    return {**files, **reports, "metrics": render(registry), "repr": repr(run).encode()}
