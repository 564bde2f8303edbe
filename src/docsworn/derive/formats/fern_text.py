"""Text of a Fern page: names with types, glued or on lines of their own, or names alone."""

from __future__ import annotations

from docsworn.derive.format import Format, Reading
from docsworn.derive.page import Page
from docsworn.derive.text.assemble import document_of
from docsworn.derive.text.declare import Layout, declaration_at
from docsworn.derive.text.family import FERN, family, is_text
from docsworn.derive.text.sections import RESPONSE, Section, of_kind, sections
from docsworn.derive.text.telling import in_layout, layout_in, tell, unread_notes, with_samples


def _layout(found: tuple[Section, ...]) -> Layout | None:
    """How the fields are laid out; names alone only where no line names a type."""
    layout = layout_in(found)
    response = of_kind(found, RESPONSE)
    if layout is None and response is not None:
        lines = response.body
        if any(declaration_at(lines, at, Layout.NAMES) for at in range(len(lines))):
            return Layout.NAMES
    return layout


def _marks(page: Page) -> bool:
    if not is_text(page):
        return False
    found = sections(page)
    return family(page, found) == FERN and _layout(found) is not None


def _read(page: Page) -> Reading:
    found = sections(page)
    layout = _layout(found) or Layout.GLUED
    notes = ("the page names no types",) if layout is Layout.NAMES else ()
    told = with_samples(page, tell(page, found, in_layout(layout)))
    return Reading(document_of(page, told), (*notes, *unread_notes(told)))


FORMAT = Format("fern-text", _marks, _read)
