"""A small synthetic contract, and how a test holds one exchange or many to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from docsworn.check.hold import Held, hold
from docsworn.check.loader import load_checks
from docsworn.contract.compiled import CompiledContract, compile_contract
from docsworn.contract.settings import ProviderSettings
from docsworn.model import (
    Case,
    Confidence,
    Contract,
    Credential,
    Exchange,
    Failure,
    Header,
    Invariant,
    Kind,
    Learned,
    Operation,
    Promise,
    Purpose,
    Response,
    Severity,
    Source,
    Timings,
)

PAGE = Source("acme.md", 12)

THING = {
    "type": "object",
    "required": ["thing_id", "state"],
    "properties": {
        "thing_id": {"type": "string"},
        "state": {"enum": ["open", "done"], "x-source": {"document": "acme.md", "line": 21}},
        "size": {"type": "integer", "minimum": 0, "x-confidence": "inferred"},
        "owner": {"type": "string", "x-presence": "expected"},
        "notes": {
            "type": "array",
            "items": {"type": "object", "properties": {"text": {"type": "string"}}},
        },
        "tags": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "x-source": {"document": "acme.md", "line": 20},
    "x-confidence": "documented",
}
ERROR = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}
HEADERS = {
    "200": (
        Header("X-Page", False, {"type": "integer"}, PAGE, Confidence.DOCUMENTED),
        Header("X-Mode", False, {"enum": ["fast"]}, PAGE, Confidence.INFERRED),
    ),
    "401": (Header("WWW-Authenticate", True, {"type": "string"}, PAGE, Confidence.DOCUMENTED),),
}
SETTINGS = {
    "provider": "acme",
    "title": "Acme",
    "base_url": "https://api.acme.test",
    "revisions": ["v1"],
    "current": "v1",
    "auth": {"header": "x-api-key", "env": "ACME_API_KEY"},
    "operations": {
        "get_thing": {
            "id_parameter": "thing_id",
            "ids_env": "ACME_THING_IDS",
            "identity": "/thing_id",
            "error_cases": [
                {"id": "no-key", "purpose": "no_key", "expect": ["401"]},
                {"id": "unknown-id", "purpose": "unknown_id", "value": "nobody"},
            ],
        }
    },
    "context": ["/state"],
}


def _invariant() -> Invariant:
    promise = Promise(
        id="get_thing.200:invariant/done-has-size",
        pointer="/size",
        keyword="invariant",
        kind=Kind.INVARIANT,
        severity=Severity.ERROR,
        confidence=Confidence.DOCUMENTED,
        source=Source("acme.md", 30),
        documented="a done thing has a size",
    )
    return Invariant(promise, "get_thing", "200", 'body.state == "done"', "body.size > 0")


def make_contract(**settings: Any) -> CompiledContract:
    """The contract of a made-up provider, its settings changed as given."""
    rows = (("200", THING), ("401", ERROR), ("404", None))
    responses = {
        status: Response(
            status,
            ("application/json",) if schema else (),
            schema,
            PAGE,
            Confidence.DOCUMENTED,
            HEADERS.get(status, ()),
        )
        for status, schema in rows
    }
    operation = Operation("get_thing", "GET", "/v1/things/{thing_id}", (), responses, PAGE)
    contract = Contract(
        "acme", "v1", "0" * 64, "https://api.acme.test", {}, {"get_thing": operation}, (_invariant(),)
    )
    return compile_contract(contract, ProviderSettings.model_validate({**SETTINGS, **settings}))


@dataclass(frozen=True)
class Bench:
    """Makes exchanges and holds them to the contract."""

    contract: CompiledContract = field(default_factory=make_contract)

    def exchange(
        self,
        body: Any = None,
        *,
        status: int | None = 200,
        raw: bytes | None = None,
        media: str | None = "application/json",
        purpose: Purpose = Purpose.GOOD,
        case: str = "good/1",
        subject_id: str = "thing-7",
        expect: tuple[str, ...] = (),
        failure: Failure | None = None,
        seconds: float = 0.1,
        expiry: float | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> Exchange:
        """An exchange as the probe would bring it back; ``raw`` is sent instead of ``body``."""
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        return Exchange(
            case=Case(
                id=f"get_thing/{case}",
                operation="get_thing",
                purpose=purpose,
                credential=Credential.KEY,
                path=f"/v1/things/{subject_id}",
                subject_id=subject_id,
                expect=expect,
            ),
            started=1_800_000_000.0,
            timings=Timings(total=seconds),
            status=status,
            headers=((("Content-Type", media),) if media else ()) + headers,
            body=None if failure or status is None else data,
            failure=failure,
            certificate_expiry=expiry,
        )

    def hold(self, *exchanges: Exchange, learned: Learned | None = None, **options: Any) -> Held:
        """Hold exchanges with every check, unless ``checks`` are given."""
        options = {"checks": load_checks(), "today": date(2026, 6, 1), **options}
        return hold(self.contract, "get_thing", exchanges, learned=learned or Learned(), **options)


@pytest.fixture(scope="session")
def bench() -> Bench:
    """The contract with its settings as they are."""
    return Bench()


@pytest.fixture(scope="session")
def bench_with() -> Callable[..., Bench]:
    """``bench_with(waivers=[…])``: the contract with other settings."""
    return lambda **settings: Bench(make_contract(**settings))


@pytest.fixture
def thing() -> Mapping[str, Any]:
    """A body that keeps everything."""
    return {"thing_id": "thing-7", "state": "done", "size": 3, "owner": "o", "notes": [{"text": "x"}]}
