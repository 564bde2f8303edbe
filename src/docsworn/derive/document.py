"""The frame of a derived OpenAPI document, and the place of an operation that its page does not name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from docsworn.errors import UnknownNameError, UsageError

OPENAPI = "3.1.0"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
JSON = "application/json"

_ROOT_ORDER = ("openapi", "info", "servers", "security", "paths", "components")
_OPERATION_ORDER = ("operationId", "tags", "security", "parameters", "requestBody", "responses")


def frame(title: str, version: str | None) -> dict[str, Any]:
    """The document's head; OpenAPI asks for a version, most pages have none."""
    return {"openapi": OPENAPI, "info": {"title": title, "version": version or "unstated"}}


# RFC 9110's names of the classes. Not http.HTTPStatus's phrases: they change with Python's version,
# and packs must be the same byte for byte on all.
_CLASSES = {
    "1": "Informational",
    "2": "Successful",
    "3": "Redirection",
    "4": "Client Error",
    "5": "Server Error",
}


def reason_phrase(status: str) -> str:
    """Standard words for a status: a response must have a description, the page's stays there."""
    return _CLASSES.get(status[:1], f"Status {status}")


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON, with parameters or a vendor's name too."""
    essence = media_type.split(";")[0].strip().lower()
    return essence in ("application/json", "text/json") or essence.endswith("+json")


def slug(title: str) -> str:
    """A title as an operation id: ``Get Conversation`` is ``get_conversation``."""
    return re.sub(r"\W+", "_", title.strip().lower()).strip("_") or "operation"


def operations(document: Mapping[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Every operation of a document with its path and method."""
    return [
        (path, method, item[method])
        for path, item in document.get("paths", {}).items()
        for method in METHODS
        if method in item
    ]


def choose_operation(document: Mapping[str, Any], name: str | None) -> Mapping[str, Any]:
    """The one operation of a document, or the one with this id or ``METHOD /path``.

    A page that names no path has the parts of its operation in ``components``. UsageError where there is
    no such operation, or several to choose from.
    """
    found: dict[str, Mapping[str, Any]] = {}
    ids: dict[str, str] = {}
    for path, method, operation in operations(document):
        title = f"{method.upper()} {path}"
        found[title] = operation
        ids.setdefault(str(operation.get("operationId", title)), title)
    if name is not None:
        method, _, path = name.partition(" ")
        title = ids.get(name, f"{method.upper()} {path.strip()}")
        if title not in found:
            raise UnknownNameError("operation", name, {*found, *ids})
        return found[title]
    if len(found) > 1:
        some = ", ".join([f'"{title}"' for title in found][:3])
        raise UsageError(f"{len(found)} operations are described, as {some}: choose one with --operation")
    components = document.get("components", {})
    parameters = list(components.get("parameters", {}).values())
    homeless = {"parameters": parameters, "responses": components.get("responses", {})}
    body = components.get("requestBodies", {}).get("request")
    homeless |= {"requestBody": body} if body else {}
    return next(iter(found.values()), homeless)


def ordered(document: dict[str, Any]) -> dict[str, Any]:
    """The document with its parts in OpenAPI's usual order."""
    return _in_order(document, _ROOT_ORDER)


def adopt(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the parts of a homeless operation moved to the one operation in ``paths``.

    A page that names no path leaves its responses and parameters in ``components``. Once the path is
    known they belong there; what the operation already has stays where the page says nothing.
    """
    found = operations(document)
    if "path" not in document.get("x-missing", ()) or len(found) != 1:
        return document
    path, method, operation = found[0]
    components = dict(document["components"])
    responses = components.pop("responses", {})
    own = list(components.pop("parameters", {}).values())
    named = {(parameter["in"], parameter["name"]) for parameter in own}
    others = [item for item in operation.get("parameters", []) if (item["in"], item["name"]) not in named]
    home = {
        **operation,
        "parameters": [*own, *others],
        "responses": dict(sorted({**operation.get("responses", {}), **responses}.items())),
    }
    if "security" in document:
        home["security"] = document["security"]
    rest = {key: value for key, value in document.items() if key != "security"}
    item = {**document["paths"][path], method: _in_order(home, _OPERATION_ORDER)}
    return {**rest, "components": components, "paths": {**document["paths"], path: item}}


def still_missing(document: dict[str, Any]) -> dict[str, Any]:
    """The document with ``x-missing`` shortened to what nobody has said so far."""
    known = {
        "server": bool(document.get("servers")),
        "path": bool(operations(document)),
        "method": bool(operations(document)),
        "security": bool(document.get("components", {}).get("securitySchemes")),
    }
    missing = [name for name in document.get("x-missing", ()) if not known[name]]
    rest = {key: value for key, value in document.items() if key != "x-missing"}
    return {**rest, "x-missing": missing} if missing else rest


def _in_order(node: dict[str, Any], order: tuple[str, ...]) -> dict[str, Any]:
    annotations = [key for key in node if key.startswith("x-")]
    others = [key for key in node if key not in order and key not in annotations]
    return {key: node[key] for key in (*order, *others, *annotations) if key in node}
