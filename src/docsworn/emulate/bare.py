"""Any OpenAPI 3.1 document as something to emulate: no pack, no settings, no scenarios."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docsworn.contract.openapi import METHODS, read_operations, server_of
from docsworn.contract.pointer import resolve
from docsworn.contract.settings import Auth
from docsworn.contract.yamlsafe import load_yaml
from docsworn.emulate.scenarios import ScenarioFile
from docsworn.emulate.script import Naming, Script
from docsworn.errors import ConfigError, ContractError
from docsworn.model import Contract, Operation

_NO_VARIABLE = "DOCSWORN_EMULATOR_KEY"
_MAX_HOPS = 50


def load_openapi(file: Path) -> Script:
    """The script of an OpenAPI 3.1 document, JSON or YAML; its name is the file's.

    ConfigError where it cannot be read, ContractError where it is no such document.
    """
    document, digest = _read(file)
    try:
        plain = _resolved(document)
        operations = read_operations(plain, file=file.name)
        contract = Contract(
            provider=_name(file),
            revision=_revision(plain),
            sha256=digest,
            server=server_of(plain),
            document=plain,
            operations=operations,
            invariants=(),
        )
        auth, naming = _auth(plain), {name: _naming(each) for name, each in operations.items()}
    except ContractError as error:  # of a schema that does not know which file it is in
        raise ContractError(file.name, error.problem, error.line) from None
    except (AttributeError, KeyError, TypeError, LookupError, ValueError) as error:
        raise ContractError(file.name, f"is not laid out as OpenAPI ({type(error).__name__})") from None
    return Script(contract.provider, contract, auth, naming, ScenarioFile(), file.name, file.name)


def _read(file: Path) -> tuple[dict[str, Any], str]:
    try:
        raw = file.read_bytes()
        text = raw.decode("utf-8")
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {(error.strerror or 'no reason').lower()}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: is not UTF-8 text") from None
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        if file.suffix.lower() == ".json":
            line = error.lineno if isinstance(error, json.JSONDecodeError) else None
            raise ContractError(file.name, "is not JSON", line) from None
        document, _ = load_yaml(text, name=file.name)
    if not isinstance(document, dict):
        raise ContractError(file.name, "is not an OpenAPI document")
    version = document.get("openapi", document.get("swagger"))
    if version is not None and not str(version).startswith("3.1"):
        raise ContractError(file.name, f"is OpenAPI {str(version)[:16]}, and only 3.1 is read")
    return document, hashlib.sha256(raw).hexdigest()


def _name(file: Path) -> str:
    return re.sub(r"[^a-z0-9_.\-]+", "-", file.stem.lower()).strip("-.") or "openapi"


def _revision(document: Mapping[str, Any]) -> str:
    return str(document.get("info", {}).get("version", "")) or "unstated"


def _resolved(document: dict[str, Any]) -> dict[str, Any]:
    """The document with references to parameters, responses and path items followed; schemas keep theirs."""
    paths = {}
    for path, told in document.get("paths", {}).items():
        item = _follow(document, told)
        shared = [_follow(document, each) for each in item.get("parameters", ())]
        methods = {name: _operation(document, item[name]) for name in METHODS if name in item}
        paths[path] = {"parameters": shared, **methods}
    return {**document, "paths": paths}


def _operation(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    return {
        **node,
        "parameters": [_follow(document, each) for each in node.get("parameters", ())],
        "responses": {status: _follow(document, each) for status, each in node.get("responses", {}).items()},
    }


def _follow(document: dict[str, Any], node: Any) -> dict[str, Any]:
    for _ in range(_MAX_HOPS):
        if not isinstance(node, dict):
            raise TypeError
        if "$ref" not in node:
            return node
        node = resolve(document, str(node["$ref"]).removeprefix("#"))
    raise LookupError


def _auth(document: Mapping[str, Any]) -> Auth | None:
    """The first key or token in a header that the document's security asks for; None where it asks none."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    for name in _required(document):
        scheme = _follow(dict(document), schemes.get(name, {}))
        if scheme.get("type") == "apiKey" and scheme.get("in") == "header":
            return Auth(header=scheme["name"], env=_NO_VARIABLE)
        if scheme.get("type") in ("http", "oauth2", "openIdConnect"):
            kind = str(scheme.get("scheme", "bearer")).capitalize()
            return Auth(header="Authorization", prefix=f"{kind} ", env=_NO_VARIABLE)
    return None


def _required(document: Mapping[str, Any]) -> Iterator[str]:
    """The names of the security schemes that are asked for, of the whole document first."""
    wanted = list(document.get("security", ()))
    for item in document["paths"].values():
        for method in METHODS:
            wanted += item.get(method, {}).get("security", ())
    for each in wanted:
        yield from each


def _naming(operation: Operation) -> Naming:
    """The last path parameter is the id; in the body a field of its name, or ``id``, is too."""
    names = [each.name for each in operation.parameters if each.location == "path"]
    if not names:
        return Naming(None, None)
    good = next((each for name, each in sorted(operation.responses.items()) if name.startswith("2")), None)
    schema: Any = good.schema if good is not None else None
    for _ in range(_MAX_HOPS):
        if not isinstance(schema, dict) or "$ref" not in schema or good is None or good.schema is None:
            break
        schema = resolve(good.schema, str(schema["$ref"]).removeprefix("#"))
    fields = schema.get("properties", {}) if isinstance(schema, dict) else {}
    place = next((name for name in (names[-1], "id") if name in fields), None)
    return Naming(names[-1], None if place is None else f"/{place}")
