"""The body of a scenario: drawn from the contract, then made into what the scenario says."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docsworn.contract.pointer import join, resolve
from docsworn.emulate.edits import drop, merge_patch, put
from docsworn.emulate.sampler import Unsampleable, sample
from docsworn.emulate.scenarios import Scenario
from docsworn.errors import ContractError

Query = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """The body that a conversation is answered with where a request asks for this query."""

    query: Query
    body: Any


@dataclass(frozen=True, slots=True)
class Drawing:
    """What bodies of one operation are drawn from; ``origin`` and ``remedy`` are those of its script."""

    origin: str
    schema: Mapping[str, Any] | None
    identity: str | None
    seed: int
    remedy: str = ""


def draw_bodies(drawing: Drawing, scenarios: Sequence[Scenario]) -> tuple[tuple[Scenario, Any], ...]:
    """Each scenario with its body, in order, and with the unnamed fields of the one it is like.

    ContractError for a scenario that cannot be drawn.
    """
    drafts: dict[str, tuple[Scenario, Any]] = {}
    bodies: list[tuple[Scenario, Any]] = []
    for told in scenarios:
        scenario, draft = told, None
        if told.like is None:
            draft = _draw(drawing, told)
        elif told.like in drafts:
            base, draft = drafts[told.like]
            scenario = told.model_copy(update={"unnamed": {**base.unnamed, **told.unnamed}})
        else:
            raise _wrong(drawing, told, f'it is like "{told.like}", which is of another revision')
        body = _change(drawing, scenario, copy.deepcopy(draft))
        if not scenario.query:
            drafts[scenario.name] = scenario, body
        bodies.append((scenario, _identify(drawing, scenario, copy.deepcopy(body))))
    return tuple(bodies)


def variants(drawing: Drawing, scenario: Scenario, body: Any) -> Iterator[Variant]:
    """A scenario's answers: its own, and one for each query under which unnamed fields appear."""
    own = tuple(sorted(scenario.query.items()))
    fields = _unnamed_fields(drawing.schema)
    unknown = scenario.unnamed.keys() - {str(each["id"]) for each in fields}
    if fields and unknown:  # a scenario may serve revisions with and without unnamed fields
        raise _wrong(drawing, scenario, f'the contract has no unnamed field "{min(unknown)}"')
    queries = (own, *(_query(each) for each in fields if not own))
    for query in dict.fromkeys(queries):
        shown = [each for each in fields if set(_query(each)) <= set(query)]
        if shown and isinstance(body, dict):
            yield Variant(query, {**body, **dict(_named(drawing, scenario, shown))})
        else:
            yield Variant(query, body)


def _draw(drawing: Drawing, scenario: Scenario) -> Any:
    if drawing.schema is None:
        return None
    try:
        return sample(
            drawing.schema,
            seed=f"{drawing.seed}/{scenario.id}",
            required_only=scenario.fill == "required",
            pick=scenario.pick,
        )
    except Unsampleable as error:
        raise _wrong(drawing, scenario, f"{error}{drawing.remedy}") from None


def _change(drawing: Drawing, scenario: Scenario, body: Any) -> Any:
    changed = merge_patch(body, copy.deepcopy(dict(scenario.patch))) if scenario.patch else body
    for pointer in scenario.nulls:
        if not put(changed, pointer, None):
            raise _wrong(drawing, scenario, f"nulls: {pointer} leads nowhere")
    for pointer in scenario.drop:
        if not drop(changed, pointer):
            raise _wrong(drawing, scenario, f"drop: {pointer} leads nowhere")
    return changed


def _identify(drawing: Drawing, scenario: Scenario, body: Any) -> Any:
    """The body with its conversation's id in place, as a number where a number was drawn."""
    if drawing.identity is None or body is None:
        return body
    try:
        drawn = resolve(body, drawing.identity)
    except LookupError:
        drawn = None
    identifier = int(scenario.id) if isinstance(drawn, int) and scenario.id.isdecimal() else scenario.id
    if not put(body, drawing.identity, identifier):
        raise _wrong(drawing, scenario, f"the body has no place {drawing.identity} for its id")
    return body


def _unnamed_fields(schema: Mapping[str, Any] | None) -> Sequence[Mapping[str, Any]]:
    root = schema or {}
    while "x-unnamed" not in root and "$ref" in root:
        root = resolve(schema, root["$ref"].removeprefix("#"))
    fields: Sequence[Mapping[str, Any]] = root.get("x-unnamed", ())
    return fields


def _query(unnamed: Mapping[str, Any]) -> Query:
    asked: Mapping[str, str] = unnamed.get("when", {}).get("query", {})
    return tuple(sorted(asked.items()))


def _named(
    drawing: Drawing, scenario: Scenario, fields: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, Any]]:
    """The unnamed fields under the first name that each may have."""
    for unnamed in fields:
        name, given = str(unnamed["candidates"][0]), str(unnamed["id"])
        if given in scenario.unnamed:
            yield name, scenario.unnamed[given]
            continue
        try:
            definitions = (drawing.schema or {}).get("$defs", {})
            schema = {**unnamed.get("schema", {}), "$defs": definitions}
            yield name, sample(schema, seed=f"{drawing.seed}/{scenario.id}")
        except Unsampleable as error:
            raise _wrong(drawing, scenario, f"{error} in {join(name)}") from None


def _wrong(drawing: Drawing, scenario: Scenario, problem: str) -> ContractError:
    return ContractError(drawing.origin, f'scenario "{scenario.name}": {problem}')
