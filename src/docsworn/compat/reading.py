"""A text as what can be compared: an OpenAPI document of 2.0 to 3.2, or a JSON Schema; with its lines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import jsonschema_rs

from docsworn.contract.bundle import subschemas
from docsworn.contract.pointer import split, walk
from docsworn.contract.shape import token
from docsworn.contract.yamlsafe import load_yaml
from docsworn.derive.block import load_whole
from docsworn.derive.lines import MAX_DEPTH
from docsworn.derive.page import open_page
from docsworn.errors import ContractError, DocumentError

_YAML = re.compile(
    r"^[\"']?(openapi|swagger|\$schema|\$ref|type|properties|allOf|anyOf|oneOf)[\"']?\s*:", re.M
)
_FILES = (".json", ".yaml", ".yml")
_PAGES = (".md", ".mdx", ".txt", ".htm", ".html")
_METASCHEMAS = ("http://json-schema.org/draft-", "https://json-schema.org/draft/")
_SHOWN = 120
_AT = re.compile(r" at (/\S*)$")  # where the engine says that something is wrong
_VERSION = re.compile(r"(2\.0|3\.[012])(\.\d+)?(-\S+)?")

# At least one of these stands in what is meant as a JSON Schema.
_SCHEMA_WORDS = frozenset({
    "$schema", "$id", "id", "$ref", "$defs", "definitions", "$dynamicRef", "$recursiveRef", "type", "enum",
    "const", "properties", "patternProperties", "additionalProperties", "propertyNames", "required",
    "minProperties", "maxProperties", "dependencies", "dependentRequired", "dependentSchemas", "items",
    "prefixItems", "additionalItems", "contains", "minItems", "maxItems", "uniqueItems", "allOf", "anyOf",
    "oneOf", "not", "if", "then", "else", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "multipleOf", "minLength", "maxLength", "pattern", "format", "unevaluatedProperties", "unevaluatedItems",
    "title", "description", "default", "examples", "$comment", "$anchor", "$dynamicAnchor", "$vocabulary",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Raw:
    """A document as data; ``version`` is OpenAPI's (``3.0``), empty for a JSON Schema."""

    name: str
    data: Any = field(repr=False)
    version: str
    text: str = field(repr=False, default="")

    def line(self, place: str | Sequence[str]) -> int | None:
        """The line of a JSON pointer, or of the nearest place above it; None where lines are not known."""
        if not self.text:
            return None
        parts = split(place) if isinstance(place, str) else tuple(place)
        try:
            return load_whole(open_page(self.text, self.name)).lines.nearest(parts)
        except (DocumentError, RecursionError):
            return None

    def error(self, problem: str, place: str | Sequence[str] = ()) -> ContractError:
        """The error that says what is wrong at a place."""
        return ContractError(self.name, problem, self.line(place))

    def located(self, error: ContractError, own: Callable[[str], str] = str) -> ContractError:
        """An error of the engine with file and line; ``own`` turns the engine's pointers into ours."""
        at = _AT.search(error.problem)
        place = unquote(at[1]) if at else ""
        wrong = "a pattern is no regular expression" if place.endswith("/pattern") else error.problem
        return self.error(wrong, own(place))


def is_data(text: str, name: str) -> bool:
    """Whether a text is meant as JSON or YAML of a document, and not as a page for people."""
    if name.lower().endswith(_PAGES):
        return False
    if name.lower().endswith(_FILES) or text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return True
    return _YAML.search(text[:2000]) is not None


def read_raw(text: str, name: str) -> Raw:
    """The document of a text; DocumentError with the line where it is none."""
    data = _load(text.removeprefix("\ufeff"), name)
    if isinstance(data, bool):
        return Raw(name, data, "", text)
    if not isinstance(data, dict):
        raise DocumentError(name, "is neither an OpenAPI document nor a JSON Schema: it holds no mapping", 1)
    for key in ("openapi", "swagger"):
        if key in data:
            return Raw(name, data, _version(str(data[key]), name, key), text)
    if data and not _SCHEMA_WORDS & data.keys():
        problem = 'is neither an OpenAPI document (no "openapi" or "swagger") nor a JSON Schema (no keyword)'
        raise DocumentError(name, problem, 1)
    return Raw(name, data, "", text)


def check_schema(raw: Raw) -> None:
    """ContractError with the line where a JSON Schema is none, or refers to what is not in it."""
    dialect = raw.data.get("$schema") if isinstance(raw.data, dict) else None
    try:
        jsonschema_rs.meta.validate(raw.data)
    except jsonschema_rs.ValidationError as error:
        at = [str(part) for part in error.instance_path]
        keyword = token(at[-1]) if at else None
        raise raw.error(f"is no valid schema{f': {keyword} is wrong' if keyword else ''}", at) from None
    except (jsonschema_rs.ReferencingError, ValueError):
        shown = dialect if isinstance(dialect, str) and len(dialect) < _SHOWN else "another"
        raise raw.error(f"speaks a dialect that nobody knows: {shown}", ["$schema"]) from None
    if isinstance(raw.data, dict) and "$id" not in raw.data and "id" not in raw.data:
        for place, reference in _references(raw.data):
            problem = _problem(raw.data, reference)
            if problem:
                raise raw.error(problem, place)


def _references(schema: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    waiting: list[tuple[tuple[str, ...], Any]] = [((), schema)]
    while waiting:
        place, node = waiting.pop()
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield (*place, "$ref"), node["$ref"]
            if "$id" not in node and "id" not in node:
                waiting.extend(((*place, *path), child) for path, child in subschemas(node))


def _problem(root: Any, reference: str) -> str:
    """What is wrong with a reference; anchors are left to who knows the dialect."""
    shown = f': "{reference}"' if len(reference) < _SHOWN and reference.isprintable() else ""
    if not reference.startswith("#"):
        known = any(reference.startswith(str(known)) for known in _METASCHEMAS)
        return "" if known else f"a remote reference is not fetched{shown}"
    if reference in ("#", "") or not reference.startswith("#/"):
        return ""
    for fragment in (unquote(reference[1:]), reference[1:]):
        try:
            walk(root, split(fragment))
        except (LookupError, ValueError, TypeError):
            continue
        return ""
    return f"a reference leads nowhere{shown}"


def _version(said: str, name: str, key: str) -> str:
    found = _VERSION.fullmatch(said)
    if found is None or (key == "swagger") != said.startswith("2."):
        shown = token(said)
        problem = f"is OpenAPI of a version that nobody knows{f': {shown}' if shown else ''}"
        raise DocumentError(name, f"{problem}; 2.0, 3.0, 3.1 and 3.2 are known", 1)
    return found[1]


def _load(text: str, name: str) -> Any:
    if text.lstrip()[:1] in ("{", "["):
        return _load_json(text, name)
    try:
        return load_yaml(text, name=name)[0]
    except ContractError as error:
        raise DocumentError(name, error.problem, error.line) from None


def _load_json(text: str, name: str) -> Any:
    try:
        data = json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise DocumentError(name, f"not JSON: {error.msg}", error.lineno) from None
    except (ValueError, RecursionError):
        raise DocumentError(name, "not JSON: too deep, or a number that is none") from None
    if _too_deep(data):
        raise DocumentError(name, f"nested deeper than {MAX_DEPTH} levels")
    return data


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _too_deep(data: Any) -> bool:
    layer = [data]
    for _ in range(MAX_DEPTH):
        layer = (
            [
                child
                for node in layer
                for child in (node.values() if isinstance(node, dict) else node)
                if isinstance(child, dict | list)
            ]
            if layer and isinstance(layer[0], dict | list)
            else []
        )
    return bool(layer)
