"""A page's text becomes an OpenAPI document: read, aligned with a base, completed by a recipe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from docsworn.derive.align import align
from docsworn.derive.disjoint import Prover, settle_unions
from docsworn.derive.document import operations, ordered
from docsworn.derive.facts import Fact, facts_of
from docsworn.derive.format import detect, load_formats
from docsworn.derive.overlay import apply_overlay
from docsworn.derive.page import open_page
from docsworn.derive.recipe import FILE, Recipe
from docsworn.derive.roles import ROOT, role_below, walk
from docsworn.derive.select import select_operation
from docsworn.derive.text.notices import without_notices
from docsworn.errors import ContractError, UnknownNameError


@dataclass(frozen=True, slots=True)
class Derivation:
    """What came of a page: OpenAPI 3.1 with sources, sentences for people, the page's format."""

    openapi: dict[str, Any]
    notes: tuple[str, ...]
    format: str

    @property
    def facts(self) -> tuple[Fact, ...]:
        """One row a place; UsageError where the document describes several operations."""
        return facts_of(self.openapi)


def derive(
    text: str,
    *,
    document: str = "page",
    recipe: Recipe | None = None,
    base: Mapping[str, Any] | None = None,
    format: str | None = None,
    operation: str | None = None,
) -> Derivation:
    """The OpenAPI document of a page; ``document`` is its name in sources, ``base`` an earlier revision's.

    ``format`` names the page's format where its marks are not to decide (UnknownNameError for one that
    is none), ``operation`` the one that is wanted of several, by id or ``METHOD /path``. DocumentError
    says why a page cannot be derived, ContractError why a recipe does not fit it.
    """
    wanted = recipe.call if operation is None and recipe is not None else operation
    page = without_notices(replace(open_page(text, document), operation=wanted))
    known = load_formats()
    if format is not None and format not in known:
        raise UnknownNameError("format", format, known)
    form = known[format] if format is not None else detect(page, known)
    reading = form.read(page)
    openapi, notes = reading.openapi, list(reading.notes)
    if wanted is not None:
        openapi = select_operation(openapi, wanted)
    if base is not None:
        openapi, aligned = align(openapi, base)
        notes.extend(aligned)
    if recipe is not None:
        if recipe.format != form.name:
            raise ContractError(
                FILE, f'the format is "{recipe.format}", the page has the marks of "{form.name}"'
            )
        if recipe.base is not None and base is None:
            raise ContractError(FILE, f'the recipe needs the base revision "{recipe.base}"')
        openapi = _named(apply_overlay(openapi, recipe, base), recipe.operation)
    openapi = ordered(_settled(openapi))
    return Derivation(openapi, (*notes, *_summary(openapi)), form.name)


def _named(openapi: dict[str, Any], operation: str) -> dict[str, Any]:
    """The document with the recipe's name for its one operation."""
    found = operations(openapi)
    if not found:
        raise ContractError(FILE, "the page names no path: an overlay in the recipe must give it")
    if len(found) > 1:
        raise ContractError(
            FILE, f'a recipe names one operation, the page describes {len(found)}: say "call"'
        )
    path, method, node = found[0]
    named = {"operationId": operation, **{key: node[key] for key in node if key != "operationId"}}
    item = {**openapi["paths"][path], method: named}
    return {**openapi, "paths": {**openapi["paths"], path: item}}


def _settled(openapi: dict[str, Any]) -> dict[str, Any]:
    prover = Prover(openapi.get("components", {}).get("schemas", {}))

    def settle(node: Any, role: str | None) -> Any:
        if role == "schema":
            return settle_unions(node, prover)
        if isinstance(node, list):
            return [settle(item, role_below(role, str(at))) for at, item in enumerate(node)]
        if isinstance(node, dict) and role is not None:
            return {key: settle(value, role_below(role, key)) for key, value in node.items()}
        return node

    result: dict[str, Any] = settle(openapi, ROOT)
    return result


def _summary(openapi: dict[str, Any]) -> tuple[str, ...]:
    """What was rewritten, counted by reason, and what the page does not say."""
    counts: dict[str, int] = {}
    for _path, _role, node in walk(openapi):
        for entry in node.get("x-normalised", ()) if isinstance(node, dict) else ():
            text = f"{entry['keyword']}: {entry['reason']}"
            counts[text] = counts.get(text, 0) + 1
    rewritten = tuple(f"normalised {count} x {text}" for text, count in counts.items())
    missing = openapi.get("x-missing", ())
    return (*rewritten, f"the page does not say: {', '.join(missing)}") if missing else rewritten
