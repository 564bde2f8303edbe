"""One generated request: what it is, and the case that sends it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import jsonschema_rs

from docsworn.contract.bundle import bundle
from docsworn.contract.compiled import CompiledContract
from docsworn.contract.settings import OperationSettings
from docsworn.errors import ConfigError, ContractError
from docsworn.model import Case, Credential, Operation, Parameter, Purpose
from docsworn.probe.cases import encode_segment

Pairs = tuple[tuple[str, str], ...]


class Sort(StrEnum):
    """What the id of a request is: a configured one, a well-formed one of nobody, or none at all."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Request:
    """A request to one operation; ``known`` counts the configured ids from 1, else ``text`` is the id."""

    known: int | None = None
    text: str = field(default="", repr=False)
    query: Pairs = ()
    headers: Pairs = ()


@dataclass(frozen=True, slots=True)
class GeneratedCase(Case):
    """A case with headers of its own; those that docsworn sends itself cannot be replaced."""

    headers: Pairs = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """The operation that is fuzzed, with the validators of its parameters by location and name."""

    operation: Operation
    settings: OperationSettings
    auth_header: str
    validators: Mapping[tuple[str, str], jsonschema_rs.Draft202012Validator]

    def validator(self, location: str, name: str) -> jsonschema_rs.Draft202012Validator | None:
        """What holds a parameter to its schema; None for one that nobody declared."""
        return self.validators.get((location, name.lower() if location == "header" else name))


def subject_of(contract: CompiledContract, name: str) -> Subject:
    """An operation ready to be fuzzed; UnknownNameError for one that is not there, ConfigError for one
    that is no GET with one id in its path, ContractError where a parameter's schema is none."""
    operation, settings = contract.operation(name).operation, contract.settings.operations[name]
    if operation.method != "GET" or re.findall(r"{([^{}]*)}", operation.path) != [settings.id_parameter]:
        raise ConfigError(f"{name}: only a GET with {settings.id_parameter} alone in its path is fuzzed")
    document = contract.contract.document
    parameters = tuple(_self_contained(parameter, document) for parameter in operation.parameters)
    validators = {}
    for parameter in parameters:
        key = parameter.name.lower() if parameter.location == "header" else parameter.name
        validators[parameter.location, key] = _validator(operation, parameter)
    auth = contract.settings.auth.header
    return Subject(replace(operation, parameters=parameters), settings, auth, validators)


def sort_of(subject: Subject, request: Request) -> Sort:
    """What the id of a request is."""
    if request.known is not None:
        return Sort.KNOWN
    found = subject.validator("path", subject.settings.id_parameter)
    return Sort.UNKNOWN if found is None or found.is_valid(request.text) else Sort.MALFORMED


def violations(subject: Subject, request: Request) -> tuple[str, ...]:
    """The declared query and header parameters that a request does not keep (``query verbose``)."""
    sent = {"query": request.query, "header": request.headers}
    found: dict[str, None] = {}
    for location, pairs in sent.items():
        for name, value in pairs:
            wanted = subject.validator(location, name)
            if wanted is not None and not _may_keep(wanted, value):
                found[f"{location} {name}"] = None
    for parameter in subject.operation.parameters:
        pairs = sent.get(parameter.location, ())
        if parameter.location in sent and parameter.required:
            there = {name.lower() for name, _ in pairs}
            if parameter.name.lower() not in there:
                found[f"{parameter.location} {parameter.name}"] = None
    return tuple(found)


def is_plain(subject: Subject, request: Request) -> bool:
    """Whether a request holds declared parameters only, each within its schema."""
    sent = {"query": request.query, "header": request.headers}
    names = ((location, name) for location, pairs in sent.items() for name, _ in pairs)
    return all(subject.validator(*each) is not None for each in names) and not violations(subject, request)


def case_of(subject: Subject, request: Request, ids: tuple[str, ...], number: int) -> GeneratedCase:
    """The case that sends a request; IndexError where its known id is no longer configured."""
    sort = sort_of(subject, request)
    value = request.text if request.known is None else ids[request.known - 1]
    return GeneratedCase(
        id=f"{subject.operation.id}/fuzz/{number}",
        operation=subject.operation.id,
        purpose=_PURPOSES[sort],
        credential=Credential.KEY,
        path=subject.operation.path.replace(f"{{{subject.settings.id_parameter}}}", encode_segment(value)),
        query=request.query,
        expect=_expected(subject, request, sort),
        subject_id=value,
        headers=request.headers,
    )


_PURPOSES = {
    Sort.KNOWN: Purpose.GOOD,
    Sort.UNKNOWN: Purpose.UNKNOWN_ID,
    Sort.MALFORMED: Purpose.MALFORMED_ID,
}


def _expected(subject: Subject, request: Request, sort: Sort) -> tuple[str, ...]:
    """The statuses of the error contract for an unknown id, where nothing else is wrong with it."""
    if sort is not Sort.UNKNOWN or not is_plain(subject, request):
        return ()
    cases = subject.settings.error_cases
    return next((case.expect for case in cases if case.purpose is Purpose.UNKNOWN_ID), ())


def _self_contained(parameter: Parameter, document: Mapping[str, Any]) -> Parameter:
    return replace(parameter, schema=bundle(document, parameter.schema, keep_annotations=False))


def _validator(operation: Operation, parameter: Parameter) -> jsonschema_rs.Draft202012Validator:
    try:
        return jsonschema_rs.Draft202012Validator(dict(parameter.schema), validate_formats=True, offline=True)
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError):
        raise ContractError(
            "openapi.json", f"{operation.id}: the schema of the parameter {parameter.name} is none"
        ) from None


# How lists and objects are written in a query is for each API to say: what is no scalar is let pass.
_NO_SCALARS: tuple[Any, ...] = ([], [""], {})


def _may_keep(wanted: jsonschema_rs.Draft202012Validator, text: str) -> bool:
    return any(wanted.is_valid(each) for each in (*_readings(text), *_NO_SCALARS))


def _readings(text: str) -> tuple[Any, ...]:
    """What a text in a query or header may mean: itself, or the JSON scalar that it spells."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return (text,)
    return (text, value) if isinstance(value, (bool, int, float)) or value is None else (text,)
