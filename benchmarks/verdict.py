"""What a verdict on one body costs, beside parsing it (orjson alone is 1.0) and beside other validators.

    python benchmarks/verdict.py [--seconds N] [--show]

Bodies are conversations of the emulator's ElevenLabs, the transcript lengthened with the turns of all its
scenarios. All contenders are measured in turns, in CPU time; a ratio is taken within a round, and the
median of the rounds shown with the half of them that lies around it. Exits 1 where a bar is missed.
``fastjsonschema`` is measured where it is installed (``pip install 'docsworn[benchmarks]'``).
"""

from __future__ import annotations

import argparse
import gc
import itertools
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import jsonschema
import orjson
import requests
import schemathesis
from schemathesis.core.transport import Response

from docsworn.check.hold import hold
from docsworn.check.loader import load_checks
from docsworn.check.strict_json import parse
from docsworn.cli.choose import load_compiled
from docsworn.contract.compiled import CompiledContract
from docsworn.contract.packs import load_provider, pack_roots
from docsworn.emulate.player import player_of
from docsworn.model import Case, Credential, Exchange, Learned, Purpose, Timings
from docsworn.observe.history import History
from docsworn.observe.rounds import hold_and_learn, scope_of

try:
    import fastjsonschema
except ImportError:
    fastjsonschema = None

OPERATION = "get_conversation"
BARS = {"ours: schema, undocumented": 2.5, "ours: all checks": 4.0}
BARRED = "30 KB"
ASKED, ANOTHER = "conv_3k8v2m7q9x4t1z6c5b0n8f2h7j4d", "conv_7n2v5x8c1z4m6q9w3k0t7r2y5p8s"
LEARNED = 42  # responses of the conversation that is asked for: from 40 on one in 32 teaches
# In milliseconds no multiple of 32, so that the response is one of the 31 that teach nothing.
STARTED = 1_800_000_000.5
_WARM_UP = 3  # what is worked out for a conversation once is worked out by then

Contender = Callable[[bytes], object]


@dataclass(frozen=True, slots=True)
class Row:
    """A contender's CPU time in microseconds and its ratios to the floor, a value a round."""

    name: str
    micros: Sequence[float]
    ratios: Sequence[float]

    @property
    def ratio(self) -> float:
        """The median ratio."""
        return statistics.median(self.ratios)


def bodies() -> dict[str, bytes]:
    """Conversations of several sizes; that of 60 KB has all turns that the longest has."""
    conversations = player_of(load_provider("elevenlabs", pack_roots())).conversations
    short = [each.variants[-1].body for each in conversations]
    turns = [turn for body in short for turn in body["transcript"]]
    least = min(short, key=lambda body: len(orjson.dumps(body)))
    return {
        "1 KB": orjson.dumps(least),
        "30 KB": orjson.dumps(_lengthened(short[0], turns, 30_000)),
        "1 MB": orjson.dumps(_lengthened(short[0], turns, 1_000_000)),
        "60 KB": orjson.dumps(_lengthened(short[0], turns, 60_000)),
    }


def _lengthened(body: Mapping[str, Any], turns: Sequence[Mapping[str, Any]], size: int) -> dict[str, Any]:
    transcript = list(body["transcript"])
    length = len(orjson.dumps(body))
    for second, turn in enumerate(itertools.cycle(turns), start=30):
        if length >= size:
            return {**body, "transcript": transcript}
        transcript.append({**turn, "time_in_call_secs": second})
        length += len(orjson.dumps(transcript[-1])) + 1
    raise AssertionError


def exchange_of(body: bytes, conversation: str) -> Exchange:
    """A good answer with this body."""
    value = orjson.loads(body) | {"conversation_id": conversation}
    case = Case(
        f"{OPERATION}/good/1", OPERATION, Purpose.GOOD, Credential.KEY,
        f"/v1/convai/conversations/{conversation}", subject_id=conversation,
    )  # fmt: skip
    headers = (("content-type", "application/json"),)
    return Exchange(case, STARTED, Timings(0.2), 200, headers, orjson.dumps(value))


def learn(contract: CompiledContract, body: bytes, once: bytes | None = None) -> Learned:
    """What a history knows that has seen a body often enough, of two conversations, and another once."""
    names = [ASKED] * LEARNED + [ANOTHER] * 3
    told = [
        *([] if once is None else [exchange_of(once, ASKED)]),
        *(exchange_of(body, name) for name in names),
    ]
    with History() as history:
        for exchange in told:
            hold_and_learn(
                contract, OPERATION, [exchange],
                host="emulator", history=history, checks=load_checks(), clock=time.time,
            )  # fmt: skip
        return history.learned(scope_of(contract, OPERATION, "emulator"))


def ours(contract: CompiledContract, learned: Learned, body: bytes) -> Iterator[tuple[str, Contender]]:
    """docsworn: schema and undocumented fields alone, all checks, and the parts of these."""
    response = contract.operation(OPERATION).responses["200"]
    checks, today = load_checks(), date(2026, 11, 1)
    exchange = exchange_of(body, ASKED)

    def everything(_: bytes) -> bool:
        held = hold(contract, OPERATION, [exchange], learned=learned, checks=checks, today=today)
        return not held.run.findings and not held.crashes and not held.accounts[0][1].lessons

    yield "ours: schema, undocumented", lambda data: response.is_clean(parse(data).value)
    yield "ours: all checks", everything
    yield "  strict parse", lambda data: parse(data).problem is None


def parts(contract: CompiledContract, learned: Learned, data: bytes) -> Iterator[tuple[str, Contender]]:
    """Where the time of all checks goes once a body is parsed."""
    response = contract.operation(OPERATION).responses["200"]
    invariants = contract.operation(OPERATION).invariants_for(200)
    body = orjson.loads(data)
    closed = response.closed.schema
    profiles = [each for each in learned.profiles.values() if each.is_usual(body, closed)]
    assert invariants is not None

    yield "  schema, undocumented, profile", lambda _: profiles[-1].is_usual(body, closed)
    yield "  ledger", lambda _: response.glance(body, {}, ASKED).exercised
    yield "  invariants", lambda _: invariants.ask(body, {}, {}, ASKED)


def others(contract: CompiledContract) -> Iterator[tuple[str, Contender]]:
    """What else there is for Python."""
    compiled = contract.operation(OPERATION)
    rust = compiled.responses["200"].validator
    yield "orjson + jsonschema-rs", lambda data: rust.is_valid(orjson.loads(data))
    schema = dict(compiled.responses["200"].response.schema or {})
    if fastjsonschema is not None:
        fast = fastjsonschema.compile(schema)
        yield "orjson + fastjsonschema", lambda data: fast(orjson.loads(data)) is not None
    document = schemathesis.openapi.from_dict(dict(contract.contract.document))
    reference = document[compiled.operation.path][compiled.operation.method]
    request = requests.Request("GET", contract.contract.server).prepare()

    def with_schemathesis(data: bytes) -> bool:
        headers = {"content-type": ["application/json"]}
        reference.validate_response(Response(200, headers, data, request, 0.2, verify=False))
        return True

    yield "schemathesis", with_schemathesis
    plain = jsonschema.Draft202012Validator(schema)
    yield "orjson + jsonschema", lambda data: plain.is_valid(orjson.loads(data))


def measure(contenders: Mapping[str, Contender], data: bytes, seconds: float) -> list[Row]:
    """The contenders in turns, each as often in a round as takes about 20 ms."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    often = {name: max(1, int(0.02 / _once(name, run, data))) for name, run in contenders.items()}
    deadline = time.process_time() + seconds
    rounds = 0
    while rounds < 5 or time.process_time() < deadline:
        rounds += 1
        for name, run in contenders.items():
            started = time.process_time()
            for _ in range(often[name]):
                run(data)
            times[name].append((time.process_time() - started) / often[name] * 1e6)
    floor = next(iter(times.values()))
    return [
        Row(name, each, [own / base for own, base in zip(each, floor, strict=True)])
        for name, each in times.items()
    ]


def _once(name: str, run: Contender, data: bytes) -> float:
    for _ in range(_WARM_UP):
        if not run(data):
            raise AssertionError(f"a good body is refused: {name.strip()}")
    started = time.process_time()
    run(data)
    return max(time.process_time() - started, 1e-7)


def table(size: str, data: bytes, rows: Sequence[Row]) -> bool:
    """Print the rows of one body; whether every bar holds."""
    print(f"\n{size}: {len(data):,} bytes, {len(rows[0].micros)} rounds")
    print(f"  {'':<28}{'µs':>10}{'ratio':>9}{'half of the rounds':>22}{'bar':>7}")
    kept = True
    for row in rows:
        low, _, high = statistics.quantiles(row.ratios, n=4)
        micros, ratio = statistics.median(row.micros), row.ratio
        bar = BARS.get(row.name) if size == BARRED else None
        verdict = "" if bar is None else f"{bar:>7.1f}{'' if ratio <= bar else '  missed'}"
        kept = kept and (bar is None or ratio <= bar)
        print(f"  {row.name:<28}{micros:>10.1f}{ratio:>9.2f}{f'{low:.2f} to {high:.2f}':>22}{verdict}")
    return kept


def main() -> int:
    """Run it, print the tables; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10.0, help="CPU seconds for each body (10)")
    options = parser.parse_args()
    contract = load_compiled(load_provider("elevenlabs", pack_roots()), None)
    told = {size: exchange_of(body, ASKED).body or b"" for size, body in bodies().items()}
    history = {
        "1 KB": learn(contract, told["1 KB"]),
        "30 KB": learn(contract, told["30 KB"]),
        "1 MB": learn(contract, told["60 KB"], once=told["1 MB"]),  # to learn that often takes minutes
    }
    gc.collect()
    gc.freeze()  # what was made to start with is looked through no more: it would cost whoever allocates
    kept = []
    for size, learned in history.items():
        contenders: dict[str, Contender] = {"orjson": orjson.loads}
        contenders |= dict(ours(contract, learned, told[size])) | dict(parts(contract, learned, told[size]))
        contenders |= dict(others(contract))
        kept.append(table(size, told[size], measure(contenders, told[size], options.seconds)))
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
