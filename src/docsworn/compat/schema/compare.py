"""Two schemas compared for one reader: proof, witness, changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from docsworn.compat.changes import Comparison, Direction, Verdict
from docsworn.compat.readers import STRICT, Reader, find_reader
from docsworn.compat.schema.confirm import Judge, breaks, surely_breaks
from docsworn.compat.schema.deep import with_room
from docsworn.compat.schema.dialects import DRAFT202012, OPENAPI_30, find_dialect, spoken
from docsworn.compat.schema.diff import Differ
from docsworn.compat.schema.documents import Document
from docsworn.compat.schema.jsonlike import check_json
from docsworn.compat.schema.openapi import modern
from docsworn.compat.schema.prove import Prover
from docsworn.compat.schema.relax import relaxed
from docsworn.compat.schema.search import search
from docsworn.errors import UnknownNameError


def compare_schemas(
    old: Any,
    new: Any,
    *,
    reader: str | Path | Mapping[str, Any] | Reader = STRICT,
    assert_formats: bool = True,
    direction: str = Direction.RESPONSE,
    dialect: str | None = None,
) -> Comparison:
    """What the change from one JSON Schema to another does to a reader of the old one.

    ``old`` and ``new`` are parsed schemas. ``direction`` *request* asks whether NEW still allows all that OLD
    allows. ``dialect`` is a draft's name or ``openapi-3.0``; by default each schema's ``$schema``, else
    what it shows it speaks, else what the other speaks, else 2020-12. Raises ContractError for what is no
    schema of its dialect and for references that lead nowhere, UnknownNameError for a reader or a direction
    that is none.
    """
    chosen = find_reader(reader)
    if direction not in set(Direction):
        raise UnknownNameError("direction", str(direction), list(Direction))
    before, after = documents(old, new, dialect)
    way = Direction(direction)
    is_request = way is Direction.REQUEST
    reading, written = (after, before) if is_request else (before, after)

    def compare() -> Comparison:
        # A provider reads requests as it documents them.
        taken = STRICT if is_request else chosen
        prover = Prover(before, after, formats=assert_formats)
        own = None if is_request else prover
        compared = decide(reading, written, taken, formats=assert_formats, prover=own)
        differ = Differ(before, after, prover, way)
        return replace(compared, changes=tuple(differ.changes(before.start, after.start)))

    try:
        return with_room(compare)
    except RecursionError:
        return Comparison(Verdict.UNKNOWN, (), reason="it nests too deeply")


def decide(
    old: Document, new: Document, reader: Reader, *, formats: bool, prover: Prover | None = None
) -> Comparison:
    """The verdict on two documents: whether all that NEW allows the reader of OLD takes.

    ``prover`` is one of these documents, where there is one already.
    """
    taken = relaxed(old.root, reader)
    if taken is not old.root:
        strict = decide(old, new, STRICT, formats=formats, prover=prover)
        if strict.verdict is Verdict.SAFE:
            return strict
        old, prover = Document(taken, old.dialect, old.name), None
    judges = [Judge(side, formats=formats) for side in (old, new)]
    prover = prover or Prover(old, new, formats=formats)
    forms = prover.forms(old.start, new.start)
    if prover.is_endless:
        return Comparison(Verdict.UNKNOWN, (), reason="a reference leads to itself")
    reason = ""
    are_refuted = True
    for answer, bodies in prover.candidates(*forms):
        if answer.is_none and are_refuted:
            return Comparison(Verdict.SAFE, ())
        truths = [breaks(judges[0], judges[1], body) for body in bodies]
        if True in truths:
            return Comparison(Verdict.BREAKING, (), bodies[truths.index(True)], True)
        # A body that is only likely may be refuted; a sure one the validators read in another way.
        are_refuted = are_refuted and not answer.sure and None not in truths
        reason = reason or answer.reason or "the validators differ on the body found"
    seeds = prover.bodies(forms[1])
    witness = search(old, new, seeds, lambda body: surely_breaks(judges[0], judges[1], body))
    if witness is not None:
        return Comparison(Verdict.BREAKING, (), witness[0], True)
    return Comparison(Verdict.UNKNOWN, (), reason=reason)


def documents(old: Any, new: Any, dialect: str | None = None) -> tuple[Document, Document]:
    """Both schemas as documents, each in the dialect that it speaks."""
    for schema, name in ((old, "OLD"), (new, "NEW")):
        check_json(schema, name)
    names = [str(dialect or "") or spoken(schema) for schema in (old, new)]
    # A schema that does not show what it speaks speaks as its neighbour does.
    known = [one or other or DRAFT202012.name for one, other in (names, names[::-1])]
    return _document(old, known[0], "OLD"), _document(new, known[1], "NEW")


def _document(schema: Any, dialect: str, name: str) -> Document:
    if dialect == OPENAPI_30:
        return Document(modern(schema), DRAFT202012, name)
    return Document(schema, find_dialect(dialect), name)
