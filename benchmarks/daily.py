"""Made-up specifications as large providers publish them, and one day's change of known verdict.

Deep cyclic graphs of components in the 3.0 dialect: expandable fields (an id or an object),
nullable references, ``oneOf`` of marked objects, ``allOf``, maps, lists, long enums and extensions.
Nothing of them is anybody's. ``python benchmarks/daily.py [--pairs 100]`` says how
many verdicts are right, wrong and unknown.
"""

from __future__ import annotations

import argparse
import copy
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from docsworn.compat import compare_schemas
from docsworn.compat.assemble import Asked, compare_documents
from docsworn.compat.changes import Comparison, Direction
from docsworn.compat.document import Document
from docsworn.compat.reading import Raw

Schema = dict[str, Any]
Edit = Callable[[random.Random, Schema, Schema], str | None]  # the verdict; None where it does not apply

_WORDS = ("kite", "line", "reel", "wind", "sail", "knot", "crew", "pier", "gust", "tail", "spar", "buoy")
_HOME = "#/components/schemas/"
_ENUM = 24


def specification(rng: random.Random, components: int) -> Schema:
    """An OpenAPI 3.0 document with so many components, each reached from an operation."""
    names = [f"{_WORDS[number % len(_WORDS)]}_{number}" for number in range(components)]
    schemas = {name: _component(rng, name, names) for name in names}
    return {
        "openapi": "3.0.0",
        "info": {"title": "Kites", "version": "2026-01-01"},
        "paths": {f"/v1/{name}s/{{id}}": _item(rng, name) for name in names},
        "components": {"schemas": schemas},
    }


def _text(rng: random.Random, words: int) -> str:
    return " ".join(rng.choice(_WORDS) for _ in range(words))


def _ref(name: str) -> Schema:
    return {"$ref": _HOME + name}


def _component(rng: random.Random, name: str, names: list[str]) -> Schema:
    fields: Schema = {
        "id": {"type": "string", "maxLength": 5000, "description": _text(rng, 8)},
        "object": {"type": "string", "enum": [name], "description": _text(rng, 12)},
        "created": {"type": "integer", "format": "unix-time", "description": _text(rng, 8)},
        "metadata": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 500}},
        "status": {
            "type": "string",
            "enum": [f"{word}_{at}" for at in range(3) for word in _WORDS[:8]][:_ENUM],
        },
    }
    for number in range(rng.randint(6, 18)):
        fields[f"{rng.choice(_WORDS)}_{number}"] = rng.choice(_FIELDS)(rng, names)
    required = ["id", "object", *(field for field in list(fields)[2:] if rng.random() < 0.3)]
    return {
        "title": name,
        "description": _text(rng, 24),
        "type": "object",
        "properties": fields,
        "required": required,
        "x-resourceId": name,
    }


def _expandable(rng: random.Random, names: list[str]) -> Schema:
    targets = [_ref(name) for name in rng.sample(names, rng.choice((1, 1, 2)))]
    return {
        "anyOf": [{"type": "string", "maxLength": 5000}, *targets],
        "description": _text(rng, 10),
        "x-expansionResources": {"oneOf": targets},
        **({"nullable": True} if rng.random() < 0.5 else {}),
    }


def _nullable(rng: random.Random, names: list[str]) -> Schema:
    word = rng.choice(("anyOf", "allOf", "oneOf"))
    return {word: [_ref(rng.choice(names))], "nullable": True, "description": _text(rng, 6)}


def _listed(rng: random.Random, names: list[str]) -> Schema:
    return {
        "type": "object",
        "properties": {
            "data": {"type": "array", "items": _ref(rng.choice(names))},
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
            "oneOf": [_ref(name) for name in chosen],
            "discriminator": {"propertyName": "object", "mapping": {name: _HOME + name for name in chosen}},
        },
    }


def _extended(rng: random.Random, names: list[str]) -> Schema:
    extra = {
        "type": "object",
        "properties": {"role_name": {"type": "string"}, "starred_at": _scalar(rng, names)},
    }
    whole = {"allOf": [_ref(rng.choice(names)), extra]}
    return {"type": "array", "items": whole}


def _mixed(rng: random.Random, names: list[str]) -> Schema:
    inline = {"type": "object", "properties": {"label": {"type": "string"}, "owner": _nullable(rng, names)}}
    return {
        "oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "array", "items": inline}],
        "nullable": True,
    }


def _map(rng: random.Random, names: list[str]) -> Schema:
    return {"type": "object", "additionalProperties": _ref(rng.choice(names))}


def _scalar(rng: random.Random, _names: list[str]) -> Schema:
    made = rng.choice((
        {"type": "string", "maxLength": 5000}, {"type": "integer"}, {"type": "boolean"}, {"type": "number"},
        {"type": "string", "format": "date-time", "nullable": True}, {"type": "string", "format": "uri"},
        {"type": "string", "enum": list(_WORDS)}, {"type": "integer", "minimum": 0, "maximum": 100},
    ))  # fmt: skip
    return {**made, "description": _text(rng, 12)}


_FIELDS = (
    _scalar, _scalar, _scalar, _scalar, _expandable, _expandable, _nullable, _listed, _marked,
    _extended, _mixed, _map,
)  # fmt: skip


def _item(rng: random.Random, name: str) -> Schema:
    error = {"type": "object", "properties": {"message": {"type": "string"}}, "required": ["message"]}
    answer = _ref(name) if rng.random() < 0.5 else {"type": "array", "items": _ref(name)}
    path = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    query = [
        {"name": f"{word}_by", "in": "query", "description": _text(rng, 12), "schema": {"type": "string"}}
        for word in rng.sample(_WORDS, 3)
    ]
    return {
        "get": {
            "operationId": f"get_{name}",
            "description": _text(rng, 30),
            "parameters": [path, *query],
            "responses": {
                "200": {"description": "OK", "content": {"application/json": {"schema": answer}}},
                "default": {"description": "Error", "content": {"application/json": {"schema": error}}},
            },
        }
    }


def _fields(schema: Schema, keep: Callable[[Schema], bool]) -> list[str]:
    return [name for name, field in schema["properties"].items() if name != "object" and keep(field)]


def _pick(rng: random.Random, schema: Schema, keep: Callable[[Schema], bool]) -> Schema | None:
    found = _fields(schema, keep)
    return schema["properties"][rng.choice(found)] if found else None


def _value(grow: bool) -> Edit:
    def edit(rng: random.Random, schema: Schema, _document: Schema) -> str | None:
        field = _pick(rng, schema, lambda one: "enum" in one)
        if field is None:
            return None
        field["enum"] = [*field["enum"], "lately"] if grow else field["enum"][1:]
        return "breaking" if grow else "safe"

    return edit


def _nulled(on: bool) -> Edit:
    def edit(rng: random.Random, schema: Schema, _document: Schema) -> str | None:
        field = _pick(
            rng, schema, lambda one: bool(one.get("nullable")) is not on and ("type" in one or not on)
        )
        if field is None:
            return None
        field["nullable"] = on
        return "breaking" if on else "safe"

    return edit


def _bounded(wider: bool) -> Edit:
    def edit(rng: random.Random, schema: Schema, _document: Schema) -> str | None:
        field = _pick(rng, schema, lambda one: "maxLength" in one)
        if field is None:
            return None
        field["maxLength"] += 1 if wider else -1
        return "breaking" if wider else "safe"

    return edit


def _typed(wider: bool) -> Edit:
    before, after = ("integer", "number") if wider else ("number", "integer")

    def edit(rng: random.Random, schema: Schema, _document: Schema) -> str | None:
        field = _pick(rng, schema, lambda one: one.get("type") == before)
        if field is None:
            return None
        field["type"] = after
        return "breaking" if wider else "safe"

    return edit


def _demanded(on: bool) -> Edit:
    def edit(rng: random.Random, schema: Schema, _document: Schema) -> str | None:
        required = schema["required"]
        found = [
            name
            for name in schema["properties"]
            if (name in required) is not on and name not in ("id", "object")
        ]
        if not found:
            return None
        name = rng.choice(found)
        schema["required"] = [*required, name] if on else [one for one in required if one != name]
        if on and any(word in schema["properties"][name] for word in ("allOf", "anyOf", "oneOf")):
            return "safe"
        return "safe" if on else "breaking"

    return edit


def _added(_rng: random.Random, schema: Schema, _document: Schema) -> str:
    schema["properties"]["added_lately"] = {"type": "string", "nullable": True}
    return "safe"


def _removed(rng: random.Random, schema: Schema, _document: Schema) -> str:
    name = rng.choice(_fields(schema, lambda _one: True))
    del schema["properties"][name]
    schema["required"] = [one for one in schema["required"] if one != name]
    return "breaking"


def _branch(grow: bool, word: str) -> Edit:
    def edit(rng: random.Random, schema: Schema, document: Schema) -> str | None:
        holders = [one.get("items", one) for one in schema["properties"].values()]
        found = [one for one in holders if len(one.get(word, ())) > 1 and "$ref" in one[word][-1]]
        if not found:
            return None
        holder = rng.choice(found)
        holder.pop("discriminator", None)
        if grow:
            known = {one.get("$ref") for one in holder[word]}
            fresh = [name for name in document["components"]["schemas"] if _HOME + name not in known]
            holder[word] = [*holder[word], _ref(rng.choice(fresh))]
        else:
            holder[word] = holder[word][:-1]
        return "breaking" if grow else "safe"

    return edit


def _replaced(rng: random.Random, schema: Schema, document: Schema) -> str | None:
    lists = [one["items"] for one in schema["properties"].values() if "$ref" in one.get("items", ())]
    lists += [one["additionalProperties"] for one in schema["properties"].values()
              if "$ref" in str(one.get("additionalProperties"))]  # fmt: skip
    lists += [
        one["properties"]["data"]["items"]
        for one in schema["properties"].values()
        if "data" in str(one.get("required"))
    ]
    if not lists:
        return None
    holder = rng.choice(lists)
    others = [name for name in document["components"]["schemas"] if _HOME + name != holder["$ref"]]
    holder["$ref"] = _HOME + rng.choice(others)
    return "breaking"


def _inner(rng: random.Random, schema: Schema, _document: Schema) -> str | None:
    """A field of an object inside ``oneOf`` that stands between components."""
    found = [
        one["oneOf"][2]["items"] for one in schema["properties"].values() if len(one.get("oneOf", ())) == 3
    ]
    if not found:
        return None
    rng.choice(found)["properties"]["label"] = {"type": "string", "nullable": True}
    return "breaking"


def _part(rng: random.Random, schema: Schema, _document: Schema) -> str | None:
    """A field of a part of ``allOf`` beside a component."""
    found = [
        one["items"]["allOf"][1] for one in schema["properties"].values() if "allOf" in one.get("items", ())
    ]
    if not found:
        return None
    rng.choice(found)["properties"]["role_name"] = {"type": "string", "enum": ["owner"]}
    return "safe"


def _said(rng: random.Random, schema: Schema, _document: Schema) -> str:
    schema["description"] = _text(rng, 9)
    return "safe"


def _renamed(_rng: random.Random, schema: Schema, document: Schema) -> str:
    old, fresh = _HOME + schema["title"], schema["title"] + "_renamed"
    for node in _mappings(document):
        for key, value in list(node.items()):
            if value == old:
                node[key] = _HOME + fresh
    schemas = document["components"]["schemas"]
    schemas[fresh] = schemas.pop(schema["title"])
    return "safe"


def _mappings(node: Any) -> Iterator[Schema]:
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _mappings(child)


def _came(_rng: random.Random, schema: Schema, document: Schema) -> str:
    document["paths"]["/v1/lately"] = copy.deepcopy(document["paths"][f"/v1/{schema['title']}s/{{id}}"])
    return "safe"


def _went(_rng: random.Random, schema: Schema, document: Schema) -> str:
    del document["paths"][f"/v1/{schema['title']}s/{{id}}"]
    return "breaking"


def _parameter(_rng: random.Random, schema: Schema, document: Schema) -> str:
    call = document["paths"][f"/v1/{schema['title']}s/{{id}}"]["get"]
    call["parameters"].append({"name": "lately", "in": "query", "schema": {"type": "string"}})
    return "safe"


EDITS: Mapping[str, Edit] = {
    "enum value added": _value(True), "enum value removed": _value(False), "nullable on": _nulled(True),
    "nullable off": _nulled(False), "longer": _bounded(True), "shorter": _bounded(False),
    "type wider": _typed(True),
    "type narrower": _typed(False), "required": _demanded(True), "not required": _demanded(False),
    "field added": _added, "field removed": _removed, "anyOf branch added": _branch(True, "anyOf"),
    "anyOf branch removed": _branch(False, "anyOf"), "oneOf branch added": _branch(True, "oneOf"),
    "oneOf branch removed": _branch(False, "oneOf"), "reference replaced": _replaced, "inside oneOf": _inner,
    "part of allOf": _part, "description": _said, "component renamed": _renamed, "operation added": _came,
    "operation removed": _went, "optional parameter added": _parameter,
}  # fmt: skip


def edited(rng: random.Random, document: Schema, kind: str) -> tuple[Schema, str]:
    """The document with one change of this kind somewhere, and the strict reader's verdict."""
    names = sorted(document["components"]["schemas"])
    while True:
        new = copy.deepcopy(document)
        verdict = EDITS[kind](rng, new["components"]["schemas"][rng.choice(names)], new)
        if verdict is not None:
            return new, verdict


def verdict_of(old: Schema, new: Schema) -> str:
    """What ``docsworn`` says of two documents."""

    def compare(before: Any, after: Any, direction: Direction) -> Comparison:
        return compare_schemas(before, after, direction=direction)

    sides = [Document(Raw(name, data, "3.0")) for name, data in (("old", old), ("new", new))]
    return str(compare_documents(sides[0], sides[1], Asked("strict"), compare).verdict)


def main() -> None:
    """Change one thing at a time, each kind in turn, and count."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=96)
    parser.add_argument("--components", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rng = random.Random(asked.seed)
    document = specification(rng, asked.components)
    counted: Counter[str] = Counter()
    began = time.process_time()
    for number in range(asked.pairs):
        kind = list(EDITS)[number % len(EDITS)]
        new, expected = edited(rng, document, kind)
        verdict = verdict_of(document, new)
        what = "right" if verdict == expected else verdict if verdict == "unknown" else f"wrong {verdict}"
        counted[what] += 1
        if what != "right":
            print(f"{kind:26} expected {expected:9} said {verdict}")
    print(dict(counted), f"{(time.process_time() - began) / asked.pairs:.2f} s CPU a pair")


if __name__ == "__main__":
    main()
