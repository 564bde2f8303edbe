"""Made-up specifications as large providers publish them: deep cyclic graphs of components, OpenAPI 3.0.

``expandable`` is of the kind that payment providers write: a field is an id or an object, references may be
null, marked objects in ``oneOf``, maps, lists, long enums and extensions. ``nested`` is of the kind that code
hosts write: long objects of addresses, a nullable twin of a component, overlapping variants without marks,
shared responses, headers and parameters, bodies described in place. Nothing of them is anybody's.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

Schema = dict[str, Any]

_WORDS = ("kite", "line", "reel", "wind", "sail", "knot", "crew", "pier", "gust", "tail", "spar", "buoy")
HOME = "#/components/schemas/"
ENUM = 24
_LEAVES = 10  # records without others in them


def expandable(rng: random.Random, components: int) -> Schema:
    """An OpenAPI 3.0 document with so many components, each reached from an operation."""
    names = [f"{_WORDS[number % len(_WORDS)]}_{number}" for number in range(components)]
    schemas = {name: _component(rng, name, names) for name in names}
    return {
        "openapi": "3.0.0",
        "info": {"title": "Kites", "version": "2026-01-01"},
        "paths": {f"/v1/{name}s/{{id}}": _item(rng, name) for name in names},
        "components": {"schemas": schemas},
    }


def text(rng: random.Random, words: int) -> str:
    """So many words."""
    return " ".join(rng.choice(_WORDS) for _ in range(words))


def ref(name: str) -> Schema:
    """A reference to a component."""
    return {"$ref": HOME + name}


def _component(rng: random.Random, name: str, names: list[str]) -> Schema:
    fields: Schema = {
        "id": {"type": "string", "maxLength": 5000, "description": text(rng, 8)},
        "object": {"type": "string", "enum": [name], "description": text(rng, 12)},
        "created": {"type": "integer", "format": "unix-time", "description": text(rng, 8)},
        "metadata": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 500}},
        "status": {
            "type": "string",
            "enum": [f"{word}_{at}" for at in range(3) for word in _WORDS[:8]][:ENUM],
        },
    }
    for number in range(rng.randint(6, 18)):
        fields[f"{rng.choice(_WORDS)}_{number}"] = rng.choice(_FIELDS)(rng, names)
    required = ["id", "object", *(field for field in list(fields)[2:] if rng.random() < 0.3)]
    return {
        "title": name,
        "description": text(rng, 24),
        "type": "object",
        "properties": fields,
        "required": required,
        "x-resourceId": name,
    }


def _expandable(rng: random.Random, names: list[str]) -> Schema:
    targets = [ref(name) for name in rng.sample(names, rng.choice((1, 1, 2)))]
    return {
        "anyOf": [{"type": "string", "maxLength": 5000}, *targets],
        "description": text(rng, 10),
        "x-expansionResources": {"oneOf": targets},
        **({"nullable": True} if rng.random() < 0.5 else {}),
    }


def _nullable(rng: random.Random, names: list[str]) -> Schema:
    word = rng.choice(("anyOf", "allOf", "oneOf"))
    return {word: [ref(rng.choice(names))], "nullable": True, "description": text(rng, 6)}


def _listed(rng: random.Random, names: list[str]) -> Schema:
    return {
        "type": "object",
        "properties": {
            "data": {"type": "array", "items": ref(rng.choice(names))},
            "has_more": {"type": "boolean"},
            "object": {"type": "string", "enum": ["list"]},
        },
        "required": ["data", "has_more", "object"],
        "x-expandableFields": ["data"],
    }


def _marked(rng: random.Random, names: list[str]) -> Schema:
    chosen = rng.sample(names, 3)
    return {
        "type": "array",
        "items": {
            "oneOf": [ref(name) for name in chosen],
            "discriminator": {"propertyName": "object", "mapping": {name: HOME + name for name in chosen}},
        },
    }


def _extended(rng: random.Random, names: list[str]) -> Schema:
    extra = {
        "type": "object",
        "properties": {"role_name": {"type": "string"}, "starred_at": _scalar(rng, names)},
    }
    whole = {"allOf": [ref(rng.choice(names)), extra]}
    return {"type": "array", "items": whole}


def _mixed(rng: random.Random, names: list[str]) -> Schema:
    inline = {"type": "object", "properties": {"label": {"type": "string"}, "owner": _nullable(rng, names)}}
    return {
        "oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "array", "items": inline}],
        "nullable": True,
    }


def _map(rng: random.Random, names: list[str]) -> Schema:
    return {"type": "object", "additionalProperties": ref(rng.choice(names))}


def _scalar(rng: random.Random, _names: list[str]) -> Schema:
    made = rng.choice((
        {"type": "string", "maxLength": 5000}, {"type": "integer"}, {"type": "boolean"}, {"type": "number"},
        {"type": "string", "format": "date-time", "nullable": True}, {"type": "string", "format": "uri"},
        {"type": "string", "enum": list(_WORDS)}, {"type": "integer", "minimum": 0, "maximum": 100},
    ))  # fmt: skip
    return {**made, "description": text(rng, 12)}


_FIELDS = (
    _scalar, _scalar, _scalar, _scalar, _expandable, _expandable, _nullable, _listed, _marked,
    _extended, _mixed, _map,
)  # fmt: skip


def error() -> Schema:
    """The body of an error."""
    return {"type": "object", "properties": {"message": {"type": "string"}}, "required": ["message"]}


def _item(rng: random.Random, name: str) -> Schema:
    answer = ref(name) if rng.random() < 0.5 else {"type": "array", "items": ref(name)}
    path = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    query = [
        {"name": f"{word}_by", "in": "query", "description": text(rng, 12), "schema": {"type": "string"}}
        for word in rng.sample(_WORDS, 3)
    ]
    return {
        "get": {
            "operationId": f"get_{name}",
            "description": text(rng, 30),
            "parameters": [path, *query],
            "responses": {
                "200": {"description": "OK", "content": {"application/json": {"schema": answer}}},
                "default": {"description": "Error", "content": {"application/json": {"schema": error()}}},
            },
        }
    }


def nested(rng: random.Random, components: int) -> Schema:
    """An OpenAPI 3.0 document of about five operations a component, most of them with bodies in place."""
    names = [f"{_WORDS[number % len(_WORDS)]}_{number}" for number in range(components)]
    schemas = {name: _record(rng, name, names) for name in names}
    twins = {f"nullable_{name}": {**schemas[name], "nullable": True} for name in names[::2]}
    paths: Schema = {}
    for name in names:
        paths |= _resource(rng, name, names)
    return {
        "openapi": "3.0.3",
        "info": {"title": "Kites", "version": "2026-01-01"},
        "paths": paths,
        "components": {"schemas": {**schemas, **twins}, **_shared()},
    }


def _shared() -> Schema:
    plain = {"application/json": {"schema": error()}}
    page = {"name": "page", "in": "query", "schema": {"type": "integer", "default": 1}}
    owner = {"name": "owner", "in": "header", "required": True, "schema": {"type": "string", "maxLength": 90}}
    return {
        "responses": {
            name: {"description": name, "content": plain} for name in ("not_found", "validation_failed")
        },
        "parameters": {"page": page, "owner": owner},
        "headers": {"link": {"schema": {"type": "string"}, "example": "<https://kites.example/?page=2>"}},
    }


def _record(rng: random.Random, name: str, names: list[str]) -> Schema:
    """A long object: addresses, numbers, one of few, other records, lists and unions without marks."""
    fields: Schema = {
        "id": {"type": "integer", "format": "int64", "example": rng.randint(1, 999)},
        f"{name}_url": {"type": "string", "format": "uri", "description": text(rng, 8)},
        "status": {"type": "string", "enum": list(_WORDS), "default": _WORDS[0]},
        "title_text": {"type": "string", "maxLength": 255, "pattern": "^[^/]*$"},
    }
    is_leaf = name in names[:_LEAVES]
    for number in range(rng.randint(14, 40)):
        make = _scalar if is_leaf else rng.choice(_MEMBERS)
        fields[f"{rng.choice(_WORDS)}_{number}"] = make(rng, names)
    sure = [field for field in list(fields)[2:] if _ends(fields[field], names)]
    required = ["id", f"{name}_url", *(field for field in sure if rng.random() < 0.6)]
    return {
        "title": name,
        "description": text(rng, 12),
        "type": "object",
        "properties": fields,
        "required": required,
    }


def _ends(field: Schema, names: list[str]) -> bool:
    """Whether a field may be required: a body must not need itself inside itself."""
    target = field.get("$ref", "").removeprefix(HOME)
    return not target or target.startswith("nullable_") or target in names[:_LEAVES]


def _address(rng: random.Random, _names: list[str]) -> Schema:
    return {
        "type": "string",
        "format": "uri",
        "example": f"https://kites.example/{rng.choice(_WORDS)}{{/id}}",
    }


def _other(rng: random.Random, names: list[str]) -> Schema:
    kind = rng.random()
    if kind < 0.4:
        return ref(rng.choice(names[:_LEAVES]))
    return ref(rng.choice(names) if kind < 0.6 else f"nullable_{rng.choice(names[::2])}")


def _listed_plainly(rng: random.Random, names: list[str]) -> Schema:
    return {"type": "array", "items": ref(rng.choice(names)), "description": text(rng, 6)}


def _unmarked(rng: random.Random, names: list[str]) -> Schema:
    several = [ref(rng.choice(names)), {"type": "array", "items": ref(rng.choice(names))}, {"type": "string"}]
    return {"oneOf": several, "description": text(rng, 10)}


def _inline(rng: random.Random, names: list[str]) -> Schema:
    fields = {f"{word}_in": _scalar(rng, names) for word in rng.sample(_WORDS, 4)}
    return {"type": "object", "properties": fields, "additionalProperties": True, "nullable": True}


_MEMBERS: tuple[Callable[[random.Random, list[str]], Schema], ...] = (
    _address, _address, _address, _scalar, _scalar, _scalar, _scalar, _other, _listed_plainly, _unmarked,
    _inline,
)  # fmt: skip


_PROBLEMS: Schema = {
    status: {"$ref": f"#/components/responses/{kind}"}
    for status, kind in (("404", "not_found"), ("422", "validation_failed"))
}


def _resource(rng: random.Random, name: str, names: list[str]) -> Schema:
    """The paths of a record: one, and all of them."""
    one, problems = ref(name), _PROBLEMS
    path = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    shared = [{"$ref": f"#/components/parameters/{which}"} for which in ("owner", "page")]

    def call(verb: str, answer: Schema | None, body: Schema | None = None) -> Schema:
        sent = {"requestBody": {"required": True, "content": {"application/json": {"schema": body}}}}
        content: Schema = {
            "content": {"application/json": {"schema": answer, "examples": {"one": {"value": {}}}}}
        }
        linked = {"headers": {"Link": {"$ref": "#/components/headers/link"}}} if verb == "list" else {}
        told = {"description": text(rng, 4), **(content if answer else {}), **linked}
        return {
            "operationId": f"{verb}_{name}",
            "description": text(rng, 30),
            "parameters": [*([path] if verb in ("get", "patch", "delete") else []), *shared],
            **(sent if body else {}),
            "responses": {"200" if answer else "204": told, **problems},
        }

    body: Schema = {
        "type": "object",
        "properties": {f"{word}_to": _scalar(rng, names) for word in rng.sample(_WORDS, 6)},
    }
    body["required"] = list(body["properties"])[:2]
    return {
        f"/v1/{name}s/{{id}}": {
            "get": call("get", one),
            "patch": call("patch", one, {**body, "required": []}),
            "delete": call("delete", None),
        },
        f"/v1/{name}s": {
            "get": call("list", {"type": "array", "items": one}),
            "post": call("post", one, body),
        },
    }


SHAPES: Mapping[str, Callable[[random.Random, int], Schema]] = {"expandable": expandable, "nested": nested}
