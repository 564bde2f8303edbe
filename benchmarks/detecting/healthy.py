"""Drift-free responses of mixed scenarios and states: nothing may be found in them.

Half of them are the conversations that were learned from, as they were; the rest are conversations in
other states of their life, and conversations that nobody has seen before, with other values.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import orjson

from detecting.bench import Bench
from docsworn.emulate.lives import answers_as, by_name, later_states
from docsworn.emulate.scenarios import Life
from docsworn.emulate.script import script_of
from docsworn.emulate.stage import Conversation, Stage, build_stages
from docsworn.model import Case, Exchange, Learned, Severity, Timings

_SEEDS = 5
_LATENCY = Timings(total=0.05)


def run_healthy(bench: Bench, learned: Learned, number: int) -> tuple[Counter[Severity], list[str]]:
    """False alarms among so many drift-free responses: how often each severity, and their places."""
    alarms: Counter[Severity] = Counter()
    places: list[str] = []
    for exchange in _drawn(bench, number):
        for finding in bench.hold([exchange], learned):
            alarms[finding.severity] += 1
            places.append(f"{finding.kind} {finding.pointer}: {finding.documented}; {finding.observed}")
    return alarms, places


def _drawn(bench: Bench, number: int) -> Iterator[Exchange]:
    rng = random.Random(f"{bench.name}/healthy")
    stages = [build_stages(script_of(bench.provider), seed)[0] for seed in range(_SEEDS)]
    for at in range(number):
        draw = rng.random()
        if draw < 0.5:
            yield _exchange(bench, rng, at, *_same(stages[0], rng))
        elif draw < 0.75:
            yield _exchange(bench, rng, at, *_moved(stages[0], rng))
        else:
            yield _exchange(bench, rng, at, *_unknown(rng.choice(stages[1:]), rng))


def _same(stage: Stage, rng: random.Random) -> tuple[Conversation, Conversation]:
    conversation = rng.choice(list(stage.conversations.values()))
    return conversation, conversation


def _moved(stage: Stage, rng: random.Random) -> tuple[Conversation, Conversation]:
    """A conversation in some state of its life."""
    names = by_name(stage.conversations.values())
    conversation = rng.choice(list(stage.conversations.values()))
    later = later_states(names, conversation.name)
    state = names[rng.choice(later)] if later else conversation
    return conversation, replace(state, variants=answers_as(conversation, state, stage.life))


def _unknown(stage: Stage, rng: random.Random) -> tuple[Conversation, Conversation]:
    """A conversation of an id that nobody has seen, of the same form."""
    told = rng.choice(list(stage.conversations.values()))
    digits = "".join(rng.choice("0123456789") for _ in range(6))
    name = told.id[: -len(digits)] + digits
    fresh = replace(told, id=name, path=told.path.replace(told.id, name))
    # Nothing is carried over: what it has in common with the other is no earlier state of its own.
    return fresh, replace(told, variants=answers_as(fresh, told, Life()))


def _exchange(
    bench: Bench, rng: random.Random, at: int, asked: Conversation, answered: Conversation
) -> Exchange:
    query = rng.choice(_queries(bench, answered))
    body = next(each.body for each in answered.variants if set(each.query) <= set(query))
    template = bench.good[0]
    case: Case = replace(
        template, id=f"{bench.operation}/good/{at}", path=asked.path, query=query, subject_id=asked.id
    )
    headers = (("content-type", "application/json"),)
    return Exchange(case, 1.8e9 + at, _LATENCY, 200, headers, orjson.dumps(body))


def _queries(bench: Bench, answered: Conversation) -> Sequence[tuple[tuple[str, str], ...]]:
    """What is asked for here: the variants of the settings for which there is an answer."""
    asked = sorted({case.query for case in bench.good})
    return [query for query in asked if any(set(each.query) <= set(query) for each in answered.variants)]
