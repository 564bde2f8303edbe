"""An operation on stage: its conversations with their bodies, and how it refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import jsonschema_rs

from docsworn.contract.bundle import bundle
from docsworn.contract.pointer import join
from docsworn.emulate.bodies import Drawing, Variant, draw_bodies, variants
from docsworn.emulate.ids import default_scenarios, purpose_of
from docsworn.emulate.refusals import Answer, refusals
from docsworn.emulate.sampler import Unsampleable, sample, validator
from docsworn.emulate.scenarios import Life, OperationScenarios, Scenario
from docsworn.emulate.script import Naming, Script
from docsworn.errors import ContractError
from docsworn.model import Operation, Purpose, Response

_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation: its id, the name of its scenario, its path, and its answers by query.

    The answer that asks for most of the query stands first. ``next`` names the scenarios that may follow.
    """

    id: str
    name: str
    path: str
    variants: tuple[Variant, ...]
    next: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """One operation as it is served; without an ``id_parameter`` its first conversation answers all.

    ``purpose_of`` tells what a request for an id that no conversation has is.
    ``has_body`` is false where the good status is documented without one.
    """

    operation: Operation
    id_parameter: str | None
    purpose_of: Callable[[str], Purpose]
    status: int
    media_type: str
    has_body: bool
    conversations: Mapping[str, Conversation]
    refusals: Mapping[Purpose, Answer]
    life: Life


def build_stages(script: Script, seed: int) -> tuple[Stage, ...]:
    """Every operation of a script; ContractError for a scenario that is not what the contract documents."""
    try:
        return tuple(
            _build_stage(script, operation, script.scenarios.operation(name), seed)
            for name, operation in script.contract.operations.items()
        )
    except Unsampleable as error:
        raise ContractError(script.document, str(error)) from None


def _path_schema(script: Script, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return bundle(script.contract.document, schema, keep_annotations=True)
    except ContractError as error:  # which does not know the file
        raise ContractError(script.document, error.problem) from None


def _build_stage(script: Script, operation: Operation, told: OperationScenarios, seed: int) -> Stage:
    schemas = _path_schemas(script, operation)
    naming = script.naming.get(operation.id, Naming(next(reversed(schemas), None), None))
    id_schema = schemas.get(naming.id_parameter or "", {})
    good = _good_response(operation)
    drawing = Drawing(
        origin=script.origin,
        schema=good.schema if good else None,
        identity=naming.identity,
        seed=seed,
        remedy=script.remedy,
    )
    scenarios = told.of(script.contract.revision) or default_scenarios(id_schema, drawing)
    return Stage(
        operation=operation,
        id_parameter=naming.id_parameter,
        purpose_of=purpose_of(id_schema, [each.id for each in scenarios], naming.purposes),
        status=int(good.status) if good and good.status.isdigit() else 200,
        media_type=_media_type(good),
        has_body=good is not None and good.schema is not None,
        conversations=_conversations(
            drawing, scenarios, _paths(operation, schemas, naming.id_parameter, seed)
        ),
        refusals=refusals(operation, told.errors, drawing),
        life=told.life,
    )


def _good_response(operation: Operation) -> Response | None:
    """What is documented for the first good status."""
    names = [name for name in sorted(operation.responses) if name.startswith("2")]
    return operation.responses.get(names[0] if names else "default")


def _media_type(good: Response | None) -> str:
    """The first documented media type without its parameters; JSON where any or none is named."""
    first = next(iter(good.media_types), _JSON) if good else _JSON
    return _JSON if "*" in first else first.partition(";")[0].strip()


def _path_schemas(script: Script, operation: Operation) -> dict[str, Mapping[str, Any]]:
    """The self-contained schema of each path parameter."""
    return {
        each.name: _path_schema(script, each.schema)
        for each in operation.parameters
        if each.location == "path"
    }


def _paths(
    operation: Operation, schemas: Mapping[str, Mapping[str, Any]], id_name: str | None, seed: int
) -> Callable[[str], str]:
    """Where a conversation is found: parameters beside its id hold a drawn value."""
    others = {name: str(sample(each, seed=seed)) for name, each in schemas.items() if name != id_name}

    def path(identifier: str) -> str:
        text = operation.path
        for name, value in ({id_name: identifier} | others).items():
            text = text.replace(f"{{{name}}}", quote(value, safe=""))
        return text

    return path


def _conversations(
    drawing: Drawing, scenarios: Sequence[Scenario], path: Callable[[str], str]
) -> dict[str, Conversation]:
    names = {scenario.name for scenario in scenarios}
    found: dict[str, Conversation] = {}
    judge = None if drawing.schema is None else validator(drawing.schema)
    for scenario, body in draw_bodies(drawing, scenarios):
        known = found.get(scenario.id)
        if known is not None and known.name != scenario.name:
            raise ContractError(
                drawing.origin, f'the scenarios "{known.name}" and "{scenario.name}" have the same id'
            )
        if judge is not None:
            _check(judge, drawing, scenario, body)
        answers = {each.query: each for each in known.variants} if known else {}
        answers |= {each.query: each for each in variants(drawing, scenario, body)}
        ordered = tuple(sorted(answers.values(), key=lambda answer: -len(answer.query)))
        told = known.next if known else tuple(name for name in scenario.next if name in names)
        found[scenario.id] = Conversation(scenario.id, scenario.name, path(scenario.id), ordered, told)
    return found


def _check(
    judge: jsonschema_rs.Draft202012Validator, drawing: Drawing, scenario: Scenario, body: Any
) -> None:
    broken = sorted(set(_places(judge.iter_errors(body))))
    if broken:
        raise ContractError(
            drawing.origin, f'scenario "{scenario.name}": not as documented at {", ".join(broken)}'
        )


def _places(errors: Any) -> Iterator[str]:
    for error in errors:
        yield join(*error.instance_path) or "/"
