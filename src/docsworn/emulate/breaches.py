"""Breaches of invariants: for each one a small change of a body that makes it untrue.

Found by trying small edits, guided by the names and literals of the CEL expression, and confirmed by
evaluating it. Preferred is what breaks this invariant alone and keeps the schema.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from docsworn.contract.invariants import CompiledInvariant, State, compile_invariant, context_of
from docsworn.contract.pointer import join, split
from docsworn.emulate.drift import Edit, Shown
from docsworn.emulate.edits import drop, put, values_at
from docsworn.emulate.sampler import validator
from docsworn.emulate.spots import Example
from docsworn.emulate.stage import Stage
from docsworn.model import Contract

Breach = tuple[CompiledInvariant, Shown, tuple[Edit, ...]]

_MAX_TRIES = 2000  # edits that are tried for one invariant
_MAX_VALUES = 24  # values seen elsewhere under a name that are tried
_NAME = re.compile(r"[A-Za-z_]\w*")
_STRING = re.compile(r'"([^"\\]*)"')
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Search:
    """What one operation's breaches are looked for with."""

    stage: Stage
    invariants: tuple[CompiledInvariant, ...]
    examples: tuple[Example, ...]
    unnamed: Mapping[str, Sequence[str]]
    judge: Any


def breaches_of(contract: Contract, stage: Stage, examples: Sequence[Example]) -> Iterator[Breach]:
    """One breach for each invariant of an operation's good body, where a bounded search finds one."""
    mine = tuple(
        compile_invariant(each)
        for each in contract.invariants
        if each.operation == stage.operation.id and each.status == str(stage.status)
    )
    good = stage.operation.responses.get(str(stage.status))
    if not mine or good is None or good.schema is None:
        return
    search = _Search(stage, mine, tuple(examples), _unnamed(good.schema), validator(good.schema))
    for invariant in mine:
        found = _breach(search, invariant)
        if found is not None:
            yield invariant, *found


def _unnamed(schema: Any) -> dict[str, Sequence[str]]:
    """The names that fields without a name may have, by their id, wherever they stand."""
    found: dict[str, Sequence[str]] = {}
    if isinstance(schema, dict):
        for each in schema.get("x-unnamed", ()):
            found[each["id"]] = each.get("candidates", ())
        for value in schema.values():
            found |= _unnamed(value)
    elif isinstance(schema, list):
        for item in schema:
            found |= _unnamed(item)
    return found


def _breach(search: _Search, invariant: CompiledInvariant) -> tuple[Shown, tuple[Edit, ...]] | None:
    best: tuple[int, Shown, tuple[Edit, ...]] | None = None
    for example, edits in itertools.islice(_attempts(search, invariant), _MAX_TRIES):
        cost = _cost(search, invariant, example, edits)
        if cost is not None and (best is None or cost < best[0]):
            best = cost, example.shown, edits
            if cost == 0:
                break
    return None if best is None else best[1:]


def _attempts(search: _Search, invariant: CompiledInvariant) -> Iterator[tuple[Example, tuple[Edit, ...]]]:
    """Single edits of the bodies that keep the invariant, then of those that it does not apply to."""
    states = [(each, _states(search, each, each.body)[invariant.promise.id]) for each in search.examples]
    for wanted in (State.KEPT, State.NOT_APPLICABLE):
        fitting = [each for each, state in states if state is wanted]
        edits = [_edits(search, invariant, each) for each in fitting]
        for row in itertools.zip_longest(*edits):  # a little of each body before all of one
            yield from ((each, (edit,)) for each, edit in zip(fitting, row, strict=True) if edit is not None)


def _cost(
    search: _Search, invariant: CompiledInvariant, example: Example, edits: tuple[Edit, ...]
) -> int | None:
    """How much else the edits break; None where they do not break the invariant."""
    body = orjson.loads(orjson.dumps(example.body))  # a copy, 50 times as fast as copy.deepcopy
    for edit in edits:
        if not (drop(body, edit.pointer) if edit.gone else put(body, edit.pointer, edit.value)):
            return None
    context = context_of(body, _request(example), _named(search, body))
    if invariant.evaluate(context) is not State.BROKEN:
        return None
    others = [each for each in search.invariants if each is not invariant]
    broken = sum(each.evaluate(context) is State.BROKEN for each in others)
    return broken + (0 if search.judge.is_valid(body) else 100)


def _states(search: _Search, example: Example, body: Any) -> dict[str, State]:
    context = context_of(body, _request(example), _named(search, body))
    return {each.promise.id: each.evaluate(context) for each in search.invariants}


def _request(example: Example) -> dict[str, Any]:
    return {"id": example.shown.conversation, "query": dict(example.shown.query)}


def _named(search: _Search, body: Any) -> dict[str, Any]:
    fields = body if isinstance(body, dict) else {}
    return {
        identifier: fields[name]
        for identifier, names in search.unnamed.items()
        for name in names
        if name in fields
    }


def _edits(search: _Search, invariant: CompiledInvariant, example: Example) -> Iterator[Edit]:
    expression = f"{invariant.invariant.when or ''} {invariant.invariant.hold}"
    told = set(_NAME.findall(expression))
    names = told | {name for key in told & search.unnamed.keys() for name in search.unnamed[key]}
    literals = list(dict.fromkeys(_STRING.findall(expression)))
    seen = _seen(search.examples, names)
    pointers = [each for each in _pointers(example.body) if split(each)[-1] in names]
    absent = [join(name) for name in seen if isinstance(example.body, dict) and name not in example.body]
    own = split(invariant.promise.pointer)
    for pointer in sorted([*pointers, *absent], key=lambda each: _distance(split(each), own)):
        name = split(pointer)[-1]
        value = next(values_at(example.body, split(pointer)), None)
        for other in _values(value, literals, seen.get(name, ())):
            if other != value:
                yield Edit(pointer, other)
        if isinstance(value, dict):
            yield from (Edit(f"{pointer}{join(f'{literal}x')}", "x") for literal in literals if literal)
        if pointer in pointers:
            yield Edit(pointer, gone=True)


def _distance(place: Sequence[str], pattern: Sequence[str]) -> int:
    """How far a place is from an invariant's own: there, of the same name, or elsewhere."""
    if len(place) == len(pattern) and all(
        wanted in ("*", part) or wanted.startswith("{") for part, wanted in zip(place, pattern, strict=True)
    ):
        return 0
    return 1 if place[-1] == pattern[-1] else 2


def _values(value: Any, literals: Sequence[str], seen: Sequence[Any]) -> Iterator[Any]:
    """What a value may become: what is like it, what stands elsewhere, what the expression names."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, (int, float)):
        yield from (value + 1, value - 1)
    elif isinstance(value, str):
        yield from _moved(value)
    yield from seen
    if isinstance(value, str):
        yield f"{value}x"
    if value is None or isinstance(value, str):
        yield from literals
    if value is not None:
        yield None
    else:
        yield from (1, "x")


def _moved(value: str) -> Iterator[str]:
    """A moment a day earlier and a day later."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return
    for moved in (moment - _DAY, moment + _DAY):
        yield moved.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _seen(examples: Sequence[Example], names: set[str]) -> dict[str, list[Any]]:
    """A few different values of each field with one of these names, wherever it stands."""
    found: dict[str, list[Any]] = {}
    for example in examples:
        for pointer in _pointers(example.body):
            name = split(pointer)[-1]
            known = found.setdefault(name, []) if name in names else None
            if known is not None and len(known) < _MAX_VALUES:
                value = next(values_at(example.body, split(pointer)))
                if value is not None and value not in known:
                    known.append(value)
    return found


def _pointers(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[str]:
    items: Sequence[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    for key, item in items:
        yield join(*at, key)
        yield from _pointers(item, (*at, key))
