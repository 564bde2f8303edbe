"""A contract made ready: validators compiled, places laid out, every promise with its id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs

from docsworn.contract.answers import Invariants, by_status
from docsworn.contract.breach import Breach
from docsworn.contract.closed import Closed
from docsworn.contract.explain import explain
from docsworn.contract.headers import CompiledHeader, compile_headers
from docsworn.contract.invariants import CompiledInvariant, compile_invariant
from docsworn.contract.layout import lay_out, name_candidates
from docsworn.contract.look import Looker
from docsworn.contract.operational import operational_promises
from docsworn.contract.places import Places
from docsworn.contract.pointer import join
from docsworn.contract.settings import ProviderSettings
from docsworn.contract.survey import Survey, Surveyor
from docsworn.errors import ContractError, UnknownNameError
from docsworn.model import Contract, Kind, Operation, Promise, Response


@dataclass(frozen=True, slots=True)
class CompiledResponse:
    """What is documented for one status, ready to hold a parsed body to it."""

    response: Response
    places: Places = field(repr=False)
    validator: jsonschema_rs.Draft202012Validator = field(repr=False)
    surveyor: Surveyor = field(repr=False)
    looker: Looker = field(repr=False)
    closed: Closed = field(repr=False)

    @property
    def promises(self) -> Mapping[str, Promise]:
        """The promises of the body's schema by id."""
        return self.places.promises

    def is_valid(self, body: Any) -> bool:
        """Whether a body keeps the schema; the fast way."""
        return self.validator.is_valid(body)

    def is_clean(self, body: Any) -> bool:
        """Whether a body keeps the schema and has documented fields only, whatever may be ignored."""
        if self.closed.validator is not None and self.closed.validator.is_valid(body):
            return True
        return self.is_valid(body) and not self.survey(body, {}).undocumented

    def breaches(self, body: Any) -> Iterator[Breach]:
        """Each promise of the schema that a body breaks, a union explained by the branch it means."""
        return explain(self.places, self.validator.iter_errors(body))

    def survey(self, body: Any, query: Mapping[str, str]) -> Survey:
        """What a body exercises, lacks and adds; ``query`` holds the request's query parameters."""
        return self.surveyor.survey(body, query)

    def glance(self, body: Any, query: Mapping[str, str], conversation: str) -> Survey:
        """The same of a body that is known to be well, by what its conversation showed before."""
        return self.surveyor.glance(body, query, conversation)

    def named(self, body: Any) -> dict[str, Any]:
        """The values of fields that the page leaves unnamed, by their id, where they are there."""
        if not isinstance(body, dict):
            return {}
        return {
            identifier: body[name]
            for identifier, names in self.places.unnamed.items()
            for name in names
            if name in body
        }

    def invariant_pointer(self, invariant: CompiledInvariant, body: Any) -> str:
        """The pointer of an invariant's finding, an unnamed field by the name it was seen under."""
        pointer = invariant.promise.pointer
        for identifier, names in self.places.unnamed.items():
            seen = next((name for name in names if isinstance(body, dict) and name in body), None)
            pointer = pointer.replace(f"{{{identifier}}}", seen) if seen else pointer
        return pointer


@dataclass(frozen=True, slots=True, eq=False)
class CompiledOperation:
    """One operation, ready; no other is the same.

    ``promises`` holds every promise by id, ``by_kind`` the ids, ``body_promises`` those of schemas and
    invariants, which live responses can corroborate.
    """

    operation: Operation
    responses: Mapping[str, CompiledResponse]
    invariants: tuple[CompiledInvariant, ...]
    by_status: Mapping[str, Invariants] = field(repr=False)
    operational: Mapping[str, Promise]
    body_promises: Mapping[str, Promise] = field(repr=False)
    promises: Mapping[str, Promise] = field(repr=False)
    by_kind: Mapping[Kind, frozenset[str]] = field(repr=False)
    headers: Mapping[str, tuple[CompiledHeader, ...]]

    @property
    def promise_ids(self) -> frozenset[str]:
        """Every id that a finding of this operation may name."""
        fallbacks = (response.places.fallback.id for response in self.responses.values())
        return frozenset((*self.promises, *fallbacks))

    def promise(self, name: str) -> Promise:
        """An operational promise by its short name; KeyError where this operation makes none."""
        return self.operational[name]

    def documented(self, status: int) -> Response | None:
        """What is documented for a status: by itself, as its class (``4XX``), or by default."""
        found = self.operation.responses.get
        return found(str(status)) or found(f"{status // 100}XX") or found("default")

    def response_for(self, status: int) -> CompiledResponse | None:
        """The compiled body of a status; None where none is documented."""
        response = self.documented(status)
        return None if response is None else self.responses.get(response.status)

    def invariants_for(self, status: int) -> Invariants | None:
        """The invariants of a status's body; None where there are none."""
        return self.by_status.get(str(status))


@dataclass(frozen=True, slots=True)
class CompiledContract:
    """One revision of a provider's contract with its settings, ready to hold exchanges to it."""

    contract: Contract
    settings: ProviderSettings
    operations: Mapping[str, CompiledOperation]

    def operation(self, name: str) -> CompiledOperation:
        """An operation by id; UnknownNameError where there is none."""
        if name not in self.operations:
            raise UnknownNameError("operation", name, self.operations)
        return self.operations[name]


def compile_contract(contract: Contract, settings: ProviderSettings) -> CompiledContract:
    """The contract made ready; ContractError where a schema, an expression or a setting does not fit."""
    for name in settings.operations:
        if name not in contract.operations:
            raise ContractError(
                f"{contract.provider}/provider.yaml", f'the operation "{name}" is not in {contract.revision}'
            )
    file = f"{contract.provider}/{contract.revision}/invariants.yaml"
    invariants = tuple(compile_invariant(invariant, file=file) for invariant in contract.invariants)
    return CompiledContract(
        contract,
        settings,
        {
            name: _compile_operation(contract, settings, contract.operations[name], invariants)
            for name in settings.operations
        },
    )


def _compile_operation(
    contract: Contract,
    settings: ProviderSettings,
    operation: Operation,
    invariants: tuple[CompiledInvariant, ...],
) -> CompiledOperation:
    responses = {
        status: _compile_response(contract, operation, response)
        for status, response in operation.responses.items()
        if response.schema is not None
    }
    mine = tuple(found for found in invariants if found.invariant.operation == operation.id)
    operational = operational_promises(operation, settings)
    body_promises = {found.promise.id: found.promise for found in mine}
    for compiled in responses.values():
        body_promises.update(compiled.promises)
    file = f"{contract.provider}/{contract.revision}/openapi.json"
    headers = {
        status: compile_headers(operation, response, file=file)
        for status, response in operation.responses.items()
    }
    own = (header.promise for found in headers.values() for header in found)
    promises = {promise.id: promise for promise in (*operational.values(), *own)} | body_promises
    return CompiledOperation(
        operation=operation,
        responses=responses,
        invariants=mine,
        by_status=by_status(mine),
        operational=operational,
        body_promises=body_promises,
        promises=promises,
        by_kind={
            kind: frozenset(each.id for each in promises.values() if each.kind is kind) for kind in Kind
        },
        headers=headers,
    )


def _compile_response(contract: Contract, operation: Operation, response: Response) -> CompiledResponse:
    schema = name_candidates(response.schema or {})
    file = f"{contract.provider}/{contract.revision}/openapi.json"
    not_a_schema = f"the schema of status {response.status} is not JSON Schema 2020-12"
    try:
        validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True)
        places = lay_out(schema, prefix=f"{operation.id}.{response.status}", source=response.source)
    except jsonschema_rs.ValidationError as error:
        # A schema held against the meta-schema: its instance path leads to the keyword that is wrong.
        raise ContractError(file, f"{not_a_schema}: at {join(*error.instance_path) or 'its root'}") from None
    except (jsonschema_rs.ReferencingError, LookupError, ValueError) as error:
        raise ContractError(file, f"{not_a_schema} ({type(error).__name__})") from None
    return CompiledResponse(
        response, places, validator, Surveyor(places), Looker(places, schema), Closed(schema)
    )
