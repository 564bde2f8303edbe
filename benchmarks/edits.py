"""One day's change of a made-up specification, with the verdict that it has."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from benchmarks.specifications import HOME, Schema, error, ref, text

from docsworn.compat.changes import Direction

Edit = Callable[[random.Random, Schema, Schema], str | None]  # the verdict; None where it does not apply


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
            fresh = [name for name in document["components"]["schemas"] if HOME + name not in known]
            holder[word] = [*holder[word], ref(rng.choice(fresh))]
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
    others = [name for name in document["components"]["schemas"] if HOME + name != holder["$ref"]]
    holder["$ref"] = HOME + rng.choice(others)
    return "breaking"


def _inner(rng: random.Random, schema: Schema, _document: Schema) -> str | None:
    """A field of an object inside ``oneOf`` that stands between components."""
    found = [
        one["oneOf"][2]["items"]
        for one in schema["properties"].values()
        if "items" in one.get("oneOf", [{}])[-1]
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
    schema["description"] = text(rng, 9)
    return "safe"


def _renamed(_rng: random.Random, schema: Schema, document: Schema) -> str:
    old, fresh = HOME + schema["title"], schema["title"] + "_renamed"
    for node in _mappings(document):
        for key, value in list(node.items()):
            if value == old:
                node[key] = HOME + fresh
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


def _failed(_rng: random.Random, schema: Schema, document: Schema) -> str:
    call = document["paths"][f"/v1/{schema['title']}s/{{id}}"]["get"]
    content = {"application/json": {"schema": error()}}
    call["responses"]["429"] = {"description": "Too many", "content": content}
    return "safe"


def _sent(name: str, verdict: str, **more: Any) -> Edit:
    def edit(_rng: random.Random, schema: Schema, document: Schema) -> str:
        call = document["paths"][f"/v1/{schema['title']}s/{{id}}"]["get"]
        call["parameters"].append({"name": name, "in": "query", "schema": {"type": "string"}, **more})
        return verdict

    return edit


def _demands(_rng: random.Random, schema: Schema, document: Schema) -> str | None:
    """A field of a body that is described in place is required now."""
    body = _posted(schema, document)
    if body is None:
        return None
    body["required"] = [*body["required"], list(body["properties"])[-1]]
    return "breaking"


def _takes(_rng: random.Random, schema: Schema, document: Schema) -> str | None:
    """One field more may be sent."""
    body = _posted(schema, document)
    if body is None:
        return None
    body["properties"]["added_lately"] = {"type": "integer"}
    return "safe"


def _posted(schema: Schema, document: Schema) -> Schema | None:
    call = document["paths"].get(f"/v1/{schema['title']}s", {}).get("post")
    body: Schema | None = call["requestBody"]["content"]["application/json"]["schema"] if call else None
    return body


EDITS: Mapping[str, Edit] = {
    "enum value added": _value(True), "enum value removed": _value(False), "nullable on": _nulled(True),
    "nullable off": _nulled(False), "longer": _bounded(True), "shorter": _bounded(False),
    "type wider": _typed(True),
    "type narrower": _typed(False), "required": _demanded(True), "not required": _demanded(False),
    "field added": _added, "field removed": _removed, "anyOf branch added": _branch(True, "anyOf"),
    "anyOf branch removed": _branch(False, "anyOf"), "oneOf branch added": _branch(True, "oneOf"),
    "oneOf branch removed": _branch(False, "oneOf"), "reference replaced": _replaced, "inside oneOf": _inner,
    "part of allOf": _part, "description": _said, "component renamed": _renamed, "operation added": _came,
    "operation removed": _went, "optional parameter added": _sent("lately", "safe"),
    "new error status": _failed,
}  # fmt: skip


_TRIES = 60

# What callers feel; the verdict is of the direction request.
REQUEST_EDITS: Mapping[str, Edit] = {
    "required parameter added": _sent("lately", "breaking", required=True),
    "optional parameter added, for callers": _sent("lately", "safe"),
    "field of a request required": _demands,
    "field of a request added": _takes,
}


_EVERY: Mapping[str, Edit] = {**EDITS, **REQUEST_EDITS}


def direction_of(kind: str) -> Direction:
    """Whose verdict a kind of change has."""
    return Direction.REQUEST if kind in REQUEST_EDITS else Direction.RESPONSE


def edited(rng: random.Random, document: Schema, kind: str) -> tuple[Schema, str] | None:
    """The document with one change of this kind somewhere, and the strict reader's verdict.

    None where nothing of the document can change so.
    """
    names = sorted(
        name for name, schema in document["components"]["schemas"].items() if _has_path(schema, document)
    )
    for _ in range(_TRIES):
        new = copy.deepcopy(document)
        verdict = _EVERY[kind](rng, new["components"]["schemas"][rng.choice(names)], new)
        if verdict is not None:
            return new, verdict
    return None


def changed(rng: random.Random, document: Schema, changes: int) -> Schema:
    """The document with so many changes, of each kind in turn."""
    new = copy.deepcopy(document)
    kinds = [kind for kind in _EVERY if kind != "component renamed"]
    done = tried = 0
    while done < changes and tried < changes * _TRIES:
        tried += 1
        schema = new["components"]["schemas"][rng.choice(sorted(new["components"]["schemas"]))]
        if _has_path(schema, new):
            done += _EVERY[kinds[tried % len(kinds)]](rng, schema, new) is not None
    return new


def _has_path(schema: Schema, document: Schema) -> bool:
    return not schema.get("nullable") and f"/v1/{schema['title']}s/{{id}}" in document["paths"]
