"""Fern Markdown with an OpenAPI block: ``METHOD URL`` in the head, the operation in a YAML fence."""

from __future__ import annotations

import re
from typing import Any

from docsworn.derive.block import Block, load_block
from docsworn.derive.document import frame, operations, ordered
from docsworn.derive.fences import Fence, fences
from docsworn.derive.format import Format, Reading
from docsworn.derive.operations import OperationReader
from docsworn.derive.page import Page
from docsworn.derive.provenance import mark
from docsworn.derive.rewrites import FERN
from docsworn.derive.schemas import SchemaReader

_HEAD = re.compile(r"(?:GET|PUT|POST|DELETE|OPTIONS|HEAD|PATCH|TRACE) (https?://[^/\s]+)(/\S*)")


def _fence(page: Page) -> Fence | None:
    """The block whose first word says that it is an OpenAPI document."""
    wanted = ("yaml", "yml", "json")
    return next(
        (f for f in fences(page) if f.info.lower() in wanted and f.first_words.startswith("openapi:")), None
    )


def _marks(page: Page) -> bool:
    return _fence(page) is not None


def _read(page: Page) -> Reading:
    fence = _fence(page)
    if fence is None:
        raise page.error("no OpenAPI block")
    block = load_block(page, fence)
    if not str(block.data.get("openapi")).startswith("3."):
        raise block.error("the block is not OpenAPI 3", ("openapi",))
    schemas = SchemaReader(block, FERN)
    info = block.mapping(block.data.get("info"), ("info",), '"info"')
    document = frame(str(info.get("title", "untitled")), _text(info.get("version")))
    paths, schemes = OperationReader(block, schemas).read_paths()
    document["paths"] = paths
    components: dict[str, Any] = {"schemas": schemas.components()}
    documented = _schemes(block)
    if schemes or documented:
        components["securitySchemes"] = {**documented, **schemes}
    document["components"] = components
    document.update(_servers(page, block, document))
    return Reading(ordered(document))


def _schemes(block: Block) -> dict[str, Any]:
    components = block.mapping(block.data.get("components"), ("components",), '"components"')
    place = ("components", "securitySchemes")
    found = block.mapping(components.get("securitySchemes"), place, '"securitySchemes"')
    kept = ("type", "scheme", "in", "name", "bearerFormat", "flows", "openIdConnectUrl")
    return {
        name: mark(
            {
                key: value
                for key, value in block.mapping(scheme, (*place, name), "a scheme").items()
                if key in kept
            },
            block.document,
            block.line((*place, name)),
        )
        for name, scheme in found.items()
    }


def _servers(page: Page, block: Block, document: dict[str, Any]) -> dict[str, Any]:
    """The servers of the block, or the host of the head where its URL ends with the block's path."""
    servers = [
        mark({"url": str(item["url"])}, block.document, block.line(("servers", str(at))))
        for at, item in enumerate(block.list_of(block.data.get("servers"), ("servers",), '"servers"'))
        if isinstance(item, dict) and "url" in item
    ]
    if servers:
        return {"servers": servers}
    paths = [path for path, _method, _operation in operations(document)]
    for number, line in page.numbered()[: block.opening]:
        match = _HEAD.fullmatch(line.strip())
        path = next((path for path in paths if match and match[2].endswith(path)), None)
        if match and path is not None:
            url = match[1] + match[2].removesuffix(path)
            return {"servers": [mark({"url": url}, page.document, number)]}
    return {"x-missing": ["server"]}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


FORMAT = Format("fern-openapi", _marks, _read)
