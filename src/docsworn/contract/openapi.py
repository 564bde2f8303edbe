"""An OpenAPI 3.1 document as operations with self-contained response schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from docsworn.contract.bundle import bundle
from docsworn.contract.promises import annotation
from docsworn.errors import ContractError
from docsworn.model import Header, Operation, Parameter, Response, Source

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def read_operations(document: Mapping[str, Any], *, file: str) -> dict[str, Operation]:
    """The operations of a document by id; ContractError names the file and what is wrong."""
    version = document.get("openapi")
    if not isinstance(version, str) or not version.startswith("3.1"):
        raise ContractError(file, "is not an OpenAPI 3.1 document")
    found = {operation.id: operation for operation in _operations(document, file)}
    if not found:
        raise ContractError(file, "holds no operation")
    return found


def server_of(document: Mapping[str, Any]) -> str:
    """The first server's URL, or an empty string."""
    servers = document.get("servers") or [{}]
    return str(servers[0].get("url", "")).rstrip("/")


def _operations(document: Mapping[str, Any], file: str) -> Iterator[Operation]:
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield _operation(document, path, method, item, file)


def _operation(
    document: Mapping[str, Any], path: str, method: str, item: Mapping[str, Any], file: str
) -> Operation:
    node = item[method]
    fallback = Source(file, 0)
    identifier = node.get("operationId") or f"{method}_{path.strip('/').replace('/', '_')}"
    parameters = [*item.get("parameters", ()), *node.get("parameters", ())]
    return Operation(
        id=identifier,
        method=method.upper(),
        path=path,
        parameters=tuple(_parameter(parameter, fallback) for parameter in parameters),
        responses={
            str(status): _response(document, str(status), response, fallback)
            for status, response in node.get("responses", {}).items()
        },
        source=annotation(node, "", fallback)[0],
    )


def _parameter(node: Mapping[str, Any], fallback: Source) -> Parameter:
    return Parameter(
        name=node["name"],
        location=node["in"],
        required=bool(node.get("required", False)),
        schema=node.get("schema", {}),
        source=annotation(node, "", fallback)[0],
    )


def _response(
    document: Mapping[str, Any], status: str, node: Mapping[str, Any], fallback: Source
) -> Response:
    source, confidence = annotation(node, "", fallback)
    content = node.get("content", {})
    schema = next((media["schema"] for media in content.values() if "schema" in media), None)
    return Response(
        status=status,
        media_types=tuple(content),
        schema=None if schema is None else bundle(document, schema, keep_annotations=True),
        source=source,
        confidence=confidence,
        headers=tuple(
            _header(document, name, header, source) for name, header in node.get("headers", {}).items()
        ),
    )


def _header(document: Mapping[str, Any], name: str, node: Mapping[str, Any], fallback: Source) -> Header:
    source, confidence = annotation(node, "", fallback)
    schema = bundle(document, node.get("schema", {}), keep_annotations=False)
    return Header(name, bool(node.get("required", False)), schema, source, confidence)
