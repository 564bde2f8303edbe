"""Two JSON Schemas compared as a user asked: the same report as for documents, without operations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from docsworn.compat.assemble import Asked
from docsworn.compat.changes import Direction
from docsworn.compat.documents import Compare, merged
from docsworn.compat.ignores import ignore
from docsworn.compat.judgement import findings, judged
from docsworn.compat.places import concerns
from docsworn.compat.projection import project
from docsworn.compat.reading import Raw, check_schema
from docsworn.compat.report import Found, Reach, Report
from docsworn.compat.uses import Uses, check_places
from docsworn.errors import ContractError

_OTHER_REFERENCE = re.compile(r'"\$(?:ref|dynamicRef|recursiveRef)": "(?!#/\$defs/[^/"]+")')


def compare_plain(old: Raw, new: Raw, asked: Asked, compare: Compare) -> Report:
    """What the change from one JSON Schema to another does to its reader; ContractError where one is none."""
    for raw in (old, new):
        check_schema(raw)
    if asked.uses is not None:
        check_places(asked.uses, [old.data, new.data])
    try:
        found = merged(
            one for direction in asked.directions for one in _found(old, new, direction, asked, compare)
        )
    except ContractError as error:  # the engine knows the side, we know its name
        raise {"OLD": old, "NEW": new}[error.file].located(error) from None
    marked, notes = ignore(found, asked.ignores, asked.today)
    return Report(
        old=old.name,
        new=new.name,
        reader=asked.reader,
        found=tuple(one for one in marked if one.used),
        outside=tuple(one for one in marked if not one.used),
        notes=notes,
        uses=None if asked.uses is None else len(asked.uses.places),
    )


def _found(old: Raw, new: Raw, direction: Direction, asked: Asked, compare: Compare) -> Iterator[Found]:
    comparison = compare(old.data, new.data, direction)
    uses = asked.uses if direction is Direction.RESPONSE else None
    decided = comparison if uses is None else compare(_narrowed(old.data, uses), new.data, direction)
    reach = Reach("", "", "")
    used = [one for one in comparison.changes if uses is None or concerns(uses, one)]
    yield from findings(replace(decided, changes=tuple(used)), asked.reader, direction, reach)
    for one in comparison.changes:
        if one not in used:
            yield replace(judged(one, comparison, asked.reader, direction, reach), used=False)


def _narrowed(schema: Any, uses: Uses) -> Any:
    """The schema of what is used; whole where its references lead to more than plain definitions."""
    if _OTHER_REFERENCE.search(json.dumps(schema)):
        return schema
    return project(schema, uses.whole)
