"""An OpenAPI document of any version as one of 3.1 with sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docsworn.derive.block import Block
from docsworn.derive.cycles import check_cycles
from docsworn.derive.document import frame, ordered
from docsworn.derive.format import Reading
from docsworn.derive.operations import OperationReader
from docsworn.derive.provenance import rewrite
from docsworn.derive.rewrites import Rewrite
from docsworn.derive.schemas import SchemaReader
from docsworn.derive.servers import read_schemes, read_servers
from docsworn.derive.swagger import upgrade_swagger
from docsworn.derive.upgrades import OPENAPI

_ANY_VERSION = ("2.", "3.0", "3.1", "3.2")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a kind of page writes OpenAPI.

    ``key_headers``: header parameters that carry the key are security. ``drops_null``: an exporter that
    may drop null wrote it, so that a document in which null is nowhere says nothing of null, nor does a
    field's type where its description speaks of null.
    """

    rewrites: tuple[Rewrite, ...] = OPENAPI
    key_headers: bool = False
    drops_null: bool = False


def read_openapi(block: Block, dialect: Dialect, wanted: str | None = None) -> Reading:
    """The document that a block is, or its one operation of an id or ``METHOD /path``.

    DocumentError with a line for what cannot be read, UnknownNameError for an unknown operation.
    """
    version = _version(block)
    swagger = version.startswith("2.")
    source = upgrade_swagger(block) if swagger else block
    silent = (swagger or dialect.drops_null) and not _tells_null(block.data)
    schemas = SchemaReader(source, dialect.rewrites, silent, dialect.drops_null)
    declared = read_schemes(source, schemas.references)
    operations = OperationReader(source, schemas, dialect.key_headers, declared)
    info = block.mapping(block.data.get("info"), ("info",), '"info"')
    document = frame(_text(info.get("title")) or "untitled", _text(info.get("version")))
    document["paths"] = operations.read_paths(wanted)
    components: dict[str, Any] = {"schemas": schemas.components(everything=wanted is None)}
    check_cycles(components["schemas"], block.document)
    schemes = {**declared, **operations.schemes}
    if schemes:
        components["securitySchemes"] = schemes
    document["components"] = components
    servers = read_servers(source, source.data.get("servers"), ("servers",))
    document.update({"servers": servers} if servers else {"x-missing": ["server"]})
    if not version.startswith("3.1"):
        key = "swagger" if swagger else "openapi"
        document["x-normalised"] = [rewrite(key, f"version {version[:3]}, read as 3.1", block.line((key,)))]
    return Reading(ordered(document), block.notes)


def _version(block: Block) -> str:
    for key in ("openapi", "swagger"):
        if key in block.data:
            version = str(block.data[key])
            if not version.startswith(_ANY_VERSION) or (key == "swagger") != version.startswith("2."):
                raise block.error("the block is not OpenAPI 2 or 3", (key,))
            return version
    raise block.error("the block is not OpenAPI 2 or 3")


def _tells_null(data: Any) -> bool:
    """Whether a document says of anything at all that it may be null, or may not."""
    return any(
        isinstance(node.get("nullable"), bool)
        or isinstance(node.get("x-nullable"), bool)
        or _holds_null(node.get("type"))
        or _holds_null(node.get("enum"))
        for node in _mappings(data)
    )


def _holds_null(value: Any) -> bool:
    return value == "null" or (isinstance(value, list) and ("null" in value or None in value))


def _mappings(data: Any) -> Iterator[dict[str, Any]]:
    """Every mapping of a document once, however often aliases name it."""
    waiting, seen = [data], set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict | list) and id(node) not in seen:
            seen.add(id(node))
            waiting.extend(node.values() if isinstance(node, dict) else node)
            if isinstance(node, dict):
                yield node


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
