"""Contracts printed as OpenAPI: documents of each version, and the blocks of Fern's and Mintlify's pages."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import yaml

from tests.derive.renderers.drawn import Field, Kite, Shape

Schema = dict[str, Any]


@dataclass
class Printer:
    """Schemas in one dialect; nested objects become components."""

    null: str = "types"  # types, branch, nullable, x-nullable
    home: str = "#/components/schemas/"
    listing: str = "plain"  # plain, objects
    required: str = "required"
    formats: bool = True
    components: Schema = field(default_factory=dict)

    def schema(self, shape: Shape, *, top: bool = False) -> Schema:
        """A schema of a shape."""
        if shape.type == "object" and not top:
            name = f"Kite{len(self.components)}"
            self.components[name] = {}
            self.components[name] = self.object(shape.fields)
            return self._nullable_reference(name) if shape.nullable else {"$ref": f"{self.home}{name}"}
        found: Schema = (
            self.object(shape.fields) if top else {"type": "object" if shape.type == "map" else shape.type}
        )
        if shape.format and self.formats:
            found["format"] = shape.format
        if shape.enum:
            found["enum"] = [{"value": value} if self.listing == "objects" else value for value in shape.enum]
        if shape.inner is not None:
            found["items" if shape.type == "array" else "additionalProperties"] = self.schema(shape.inner)
        return self._nullable(found) if shape.nullable else found

    def object(self, fields: tuple[Field, ...]) -> Schema:
        """An object of fields."""
        found: Schema = {"type": "object", "properties": {f.name: self.schema(f.shape) for f in fields}}
        required = [f.name for f in fields if f.required]
        return {**found, self.required: required} if required else found

    def _nullable(self, found: Schema) -> Schema:
        if self.null in ("nullable", "x-nullable"):
            return {**found, self.null: True}
        if self.null == "branch":
            return {"anyOf": [found, {"type": "null"}]}
        listed = {"enum": [*found["enum"], None]} if "enum" in found and self.listing == "plain" else {}
        return {**found, "type": [found["type"], "null"], **listed}

    def _nullable_reference(self, name: str) -> Schema:
        reference = {"$ref": f"{self.home}{name}"}
        if self.null == "nullable":
            return {"nullable": True, "allOf": [reference]}
        if self.null == "x-nullable":
            return {"x-nullable": True, "allOf": [reference]}
        return {"oneOf": [reference, {"type": "null"}]}


def _path(kite: Kite) -> str:
    return f"/kites/{{{kite.parameters[0].name}}}"


def _places(kite: Kite) -> list[tuple[str, Field]]:
    return [("path" if at == 0 else "query", found) for at, found in enumerate(kite.parameters)]


def document(kite: Kite, printer: Printer, version: str) -> Schema:
    """An OpenAPI 3 document."""
    body = printer.schema(Shape("object", fields=kite.fields), top=True)
    responses: Schema = {"200": {"description": "A kite", "content": {"application/json": {"schema": body}}}}
    responses |= {status: {"description": "No kite"} for status in kite.errors}
    parameters = [
        {"name": found.name, "in": place, "required": found.required, "schema": printer.schema(found.shape)}
        for place, found in _places(kite)
    ]
    return {
        "openapi": version,
        "info": {"title": "Get Kite", "version": "1"},
        "servers": [{"url": "https://api.kites.example"}],
        "paths": {
            _path(kite): {"get": {"operationId": "getKite", "parameters": parameters, "responses": responses}}
        },
        "components": {"schemas": printer.components},
    }


def openapi_31(kite: Kite) -> str:
    """OpenAPI 3.1 as JSON, null among the types."""
    return json.dumps(document(kite, Printer(), "3.1.0"), indent=1)


def openapi_31_branches(kite: Kite) -> str:
    """OpenAPI 3.1 as YAML, null as a branch, as FastAPI writes it."""
    return to_yaml(document(kite, Printer("branch"), "3.1.0"))


def openapi_30(kite: Kite) -> str:
    """OpenAPI 3.0 as YAML with ``nullable``."""
    return to_yaml(document(kite, Printer("nullable"), "3.0.3"))


def swagger_20(kite: Kite) -> str:
    """Swagger 2.0 as JSON with ``x-nullable`` and definitions."""
    printer = Printer("x-nullable", "#/definitions/")
    body = printer.schema(Shape("object", fields=kite.fields), top=True)
    parameters = [
        {"name": found.name, "in": place, "required": found.required, **printer.schema(found.shape)}
        for place, found in _places(kite)
    ]
    responses: Schema = {"200": {"description": "A kite", "schema": body}}
    responses |= {status: {"description": "No kite"} for status in kite.errors}
    call = {"operationId": "getKite", "produces": ["application/json"], "parameters": parameters}
    return json.dumps(
        {
            "swagger": "2.0",
            "info": {"title": "Get Kite", "version": "1"},
            "host": "api.kites.example",
            "schemes": ["https"],
            "paths": {_path(kite): {"get": {**call, "responses": responses}}},
            "definitions": printer.components,
        }
    )


def fern_objects(kite: Kite) -> str:
    """Fern Markdown whose enum items are objects."""
    return _fern(kite, Printer("branch", home="#/components/schemas/type_", listing="objects"), "type_")


def fern_scalars(kite: Kite) -> str:
    """Fern Markdown with plain enums and component names that hold a slash and a colon."""
    return _fern(kite, Printer("types", home="#/components/schemas/type_kites/air:"), "type_kites/air:")


def _fern(kite: Kite, printer: Printer, prefix: str) -> str:
    found = document(kite, printer, "3.1.1")
    found["components"]["schemas"] = {prefix + name: part for name, part in printer.components.items()}
    head = (
        f"# Get Kite\n\nGET https://api.kites.example{_path(kite)}\n\nOne kite.\n\n## OpenAPI Specification\n"
    )
    return f"{head}\n```yaml\n{to_yaml(found)}```\n"


def mintlify_new(kite: Kite) -> str:
    """Mintlify Markdown: a fence around a real document."""
    body = to_yaml(document(kite, Printer("nullable"), "3.0.1"))
    opening = f"````yaml https://kites.example/openapi.json get {_path(kite)}"
    return f"# Get Kite\n\n> One kite.\n\n## OpenAPI\n\n{opening}\n{body}\n````\n"


def mintlify_old(kite: Kite) -> str:
    """Mintlify Markdown: a fence around Mintlify's own description, first level wrapped."""
    printer = Printer("nullable", required="requiredProperties")
    body = printer.schema(Shape("object", fields=kite.fields), top=True)
    body["properties"] = {name: {"allOf": [schema]} for name, schema in body["properties"].items()}
    body["refIdentifier"] = "#/components/schemas/Kite"
    places: Schema = {"path": {}, "query": {}, "header": {}, "cookie": {}}
    for place, found in _places(kite):
        schema = {**printer.schema(found.shape), "required": found.required}
        places[place][found.name] = {"schema": [schema]}
    media = {"schemaArray": [body], "examples": {}, "description": "A kite"}
    responses: Schema = {"200": {"application/json": media}}
    responses |= {status: {"_mintlify/placeholder": {"schemaArray": []}} for status in kite.errors}
    call = {
        "path": _path(kite),
        "method": "get",
        "servers": [{"url": "https://api.kites.example"}],
        "request": {"security": [], "parameters": places, "body": {}},
        "response": responses,
        "deprecated": False,
        "type": "path",
    }
    content = to_yaml({"paths": call, "components": {"schemas": printer.components}})
    return f"# Get Kite\n\n## OpenAPI\n\n````yaml GET {_path(kite)}\n{content}\n````\n"


def to_yaml(data: Schema) -> str:
    """YAML in the order of the data."""
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=200)
