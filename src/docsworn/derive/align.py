"""Names for the fields of a page that has none, from an earlier revision of the same contract.

Fields keep their order from revision to revision, and most of their words. The alignment with the
greatest total likeness of descriptions, order preserved, gives each field the name that its partner
had. Such names are inferred; fields without a partner stay unnamed. Where most of the base's fields have
no partner the page is of something else: then the base's names are candidates only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from docsworn.contract.bundle import COMPONENTS
from docsworn.derive.document import operations
from docsworn.model import Confidence

LIKE_ENOUGH = 0.4

# A page is a revision of its base where this share of the base's fields is on it, this alike on average.
MOST = 0.6
ALIKE = 0.6

_NOTES = ("x-words", "x-keywords", "x-source", "x-confidence")


def align(openapi: dict[str, Any], base: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The document with its unnamed fields and parameters named after the base's, and what was done."""
    found = operations(dict(base))
    components = openapi.get("components", {})
    if len(found) != 1 or "responses" not in components:
        return openapi, ()
    _path, _method, operation = found[0]
    notes: list[str] = []
    older = operation.get("responses", {})
    sure = _is_revision(components["responses"], older, base, notes)
    responses = {
        status: _response(response, older.get(status), base, notes, sure)
        for status, response in components["responses"].items()
    }
    named, unnamed = _parameters(openapi.get("x-unnamed", []), operation.get("parameters", []), sure)
    parameters = {**named, **components.get("parameters", {})}
    aligned = {**openapi, "components": {**components, "responses": responses, "parameters": parameters}}
    if unnamed:
        aligned["x-unnamed"] = unnamed
    else:
        aligned.pop("x-unnamed", None)
    return aligned, tuple(notes)


def pairs(ours: Sequence[str], theirs: Sequence[str]) -> dict[int, int]:
    """Which of their descriptions each of ours is, order preserved: greatest total likeness.

    Descriptions are digests of words (``x-words``), ours and theirs in order of the page.
    """
    best = [[0.0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for i, mine in enumerate(ours, start=1):
        for j, yours in enumerate(theirs, start=1):
            score = likeness(mine, yours)
            together = best[i - 1][j - 1] + score if score >= LIKE_ENOUGH else 0.0
            best[i][j] = max(best[i - 1][j], best[i][j - 1], together)
    matched: dict[int, int] = {}
    i, j = len(ours), len(theirs)
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            matched[i] = j
    return matched


def likeness(one: str, other: str) -> float:
    """The share of words that two descriptions have in common: 0 to 1."""
    mine, yours = set(one.split()), set(other.split())
    return len(mine & yours) / len(mine | yours) if mine and yours else 0.0


def _is_revision(
    responses: Mapping[str, Any], older: Mapping[str, Any], base: Mapping[str, Any], notes: list[str]
) -> bool:
    """Whether most fields of the base are on the page, in words that are alike; what has none may be."""
    expected, found = 0, list[float]()
    for status, response in responses.items():
        for media_type, media in response.get("content", {}).items():
            if media["schema"].get("x-unnamed"):
                theirs = _their_words(_in_page_order(_older(older.get(status), media_type, base)))
                ours = [_words(item) for item in media["schema"]["x-unnamed"]]
                expected += len(theirs)
                found += [likeness(ours[at], theirs[to]) for at, to in pairs(ours, theirs).items()]
    if len(found) >= MOST * expected and sum(found) >= ALIKE * len(found):
        return True
    told = f"{len(found)} of {expected} fields of the base revision are like one on the page"
    notes.append(f"{told}: it seems to be of something else, and its names are candidates only")
    return False


def _older(response: Mapping[str, Any] | None, media_type: str, base: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of the base's body."""
    media = (response or {}).get("content", {}).get(media_type) or {}
    fields: Mapping[str, Any] = _object(media.get("schema", {}), base).get("properties", {})
    return fields


def _response(
    response: dict[str, Any],
    older: Mapping[str, Any] | None,
    base: Mapping[str, Any],
    notes: list[str],
    sure: bool,
) -> dict[str, Any]:
    content = {}
    for media_type, media in response.get("content", {}).items():
        theirs = _in_page_order(_older(older, media_type, base))
        content[media_type] = {**media, "schema": _body(media["schema"], theirs, notes, sure)}
    return {**response, "content": content} if content else response


def _object(schema: Mapping[str, Any], base: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema itself, or the component that it is."""
    name = str(schema.get("$ref", "")).removeprefix(COMPONENTS)
    followed: Mapping[str, Any] = base.get("components", {}).get("schemas", {}).get(name, schema)
    return followed


def _body(
    schema: dict[str, Any], theirs: list[tuple[str, Any]], notes: list[str], sure: bool
) -> dict[str, Any]:
    fields = schema.get("x-unnamed", [])
    matched = pairs([_words(item) for item in fields], _their_words(theirs))
    if not matched:
        return schema
    if not sure:
        names = {at: theirs[to][0] for at, to in matched.items()}
        return {**schema, "x-unnamed": [_guessed(item, names.get(at)) for at, item in enumerate(fields)]}
    properties: dict[str, Any] = dict(schema.get("properties", {}))
    for ours, other in matched.items():
        name, node = theirs[other]
        properties[name] = _named(fields[ours], node)
        if _words(fields[ours]) != _words({"schema": node}):
            notes.append(f'field {ours + 1} is taken for "{name}", though it is described in other words')
    order = {name: properties[name] for name in sorted(properties, key=lambda name: _line(properties[name]))}
    gone = [name for at, (name, _node) in enumerate(theirs) if at not in matched.values()]
    notes.extend(f'nothing on the page is "{name}" of the base revision' for name in gone)
    left = [item for at, item in enumerate(fields) if at not in matched]
    notes.append(f"{len(matched)} fields are named after the base revision, {len(left)} stay unnamed")
    rest = {key: schema[key] for key in schema if key not in ("properties", "x-unnamed", *_NOTES)}
    ends = {key: schema[key] for key in _NOTES if key in schema}
    return {**rest, "properties": order, **({"x-unnamed": left} if left else {}), **ends}


def _guessed(item: dict[str, Any], name: str | None) -> dict[str, Any]:
    """An unnamed field or parameter with the base's name among those that it may have."""
    known = item.get("candidates", [])
    return item if name is None or name in known else {**item, "candidates": [*known, name]}


def _named(field: Mapping[str, Any], older: Mapping[str, Any]) -> dict[str, Any]:
    """An unnamed field as a property: the type of its example, else of its partner."""
    schema = dict(field["schema"])
    notes = {key: schema.pop(key) for key in _NOTES if key in schema}
    if "type" not in schema and "type" in older:
        schema["type"] = older["type"]
        where = {**older.get("x-source", {}), **older.get("x-keywords", {}).get("type", {})}
        notes["x-keywords"] = {"type": {**where, "confidence": Confidence.INFERRED.value}}
    # The page lists the field and says nothing of required: it is expected once it is seen steadily.
    named = {**schema, "x-presence": "expected"}
    return {**named, **{key: notes[key] for key in _NOTES if key in notes}}


def _in_page_order(properties: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The base's own fields as its page lists them; a renamed one has the words of its old name."""
    own = []
    for name, node in properties.items():
        if isinstance(node, Mapping) and "x-alias-of" not in node:
            aliases = [properties.get(alias, {}) for alias in node.get("x-aliases", ())]
            words = [alias["x-words"] for alias in aliases if "x-words" in alias]
            own.append((name, {"x-words": words[0], **node} if words else node))
    return sorted(own, key=lambda item: _line(item[1]))


def _their_words(theirs: Sequence[tuple[str, Any]]) -> list[str]:
    return [_words({"schema": node}) for _name, node in theirs]


def _line(node: Mapping[str, Any]) -> int:
    line: int = node.get("x-source", {}).get("line", 0)
    return line


def _words(item: Mapping[str, Any]) -> str:
    words: str = item["schema"].get("x-words", "") if isinstance(item["schema"], Mapping) else ""
    return words


def _parameter_words(parameter: Mapping[str, Any]) -> str:
    """The words of a parameter; one that was itself named by alignment has them on its schema."""
    return str(parameter.get("x-words") or _words({"schema": {}, **parameter}))


def _parameters(
    unnamed: list[dict[str, Any]], older: Sequence[Mapping[str, Any]], sure: bool
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Unnamed parameters named after the base's in the same place, or with its names as candidates."""
    named: dict[str, Any] = {}
    left: list[dict[str, Any]] = []
    for place in dict.fromkeys(item["in"] for item in unnamed):
        ours = [item for item in unnamed if item["in"] == place]
        theirs = [item for item in older if item.get("in") == place]
        matched = pairs([_words(item) for item in ours], [_parameter_words(item) for item in theirs])
        if not sure:
            names = {at: str(theirs[to]["name"]) for at, to in matched.items()}
            left += [_guessed(item, names.get(at)) for at, item in enumerate(ours)]
            continue
        left += [item for at, item in enumerate(ours) if at not in matched]
        for mine, yours in sorted(matched.items()):
            name = str(theirs[yours]["name"])
            named[name] = {
                "name": name,
                "in": place,
                "required": bool(theirs[yours].get("required")),
                "schema": ours[mine]["schema"],
                "x-source": ours[mine]["x-source"],
                "x-confidence": Confidence.INFERRED.value,
            }
    return named, left
