"""Text of a Mintlify page: names with types, names alone, or only descriptions and examples."""

from __future__ import annotations

from docsworn.derive.format import Format, Reading
from docsworn.derive.page import Page
from docsworn.derive.text.assemble import document_of
from docsworn.derive.text.declare import Layout, declaration_at
from docsworn.derive.text.family import MINTLIFY, family, is_text
from docsworn.derive.text.fields import SAMPLE
from docsworn.derive.text.sections import AUTH, PATH, QUERY, RESPONSE, Section, of_kind, sections
from docsworn.derive.text.telling import in_layout, layout_in, tell, unread_notes, with_samples
from docsworn.derive.text.unnamed import unnamed_document

_OWN = (AUTH, PATH, QUERY)


def _layout(found: tuple[Section, ...]) -> Layout:
    """How the fields are laid out: names alone where there are two or more, descriptions where none."""
    response = of_kind(found, RESPONSE)
    lines = response.body[:SAMPLE] if response else ()
    names = sum(declaration_at(lines, at, Layout.NAMES) is not None for at in range(len(lines)))
    return layout_in(found) or (Layout.NAMES if names > 1 else Layout.DESCRIBED)


def _marks(page: Page) -> bool:
    if not is_text(page):
        return False
    found = sections(page)
    if family(page, found) != MINTLIFY:
        return False
    return layout_in(found) is not None or any(of_kind(found, kind) for kind in _OWN)


def _read(page: Page) -> Reading:
    found = sections(page)
    layout = _layout(found)
    if layout is Layout.DESCRIBED:
        document, count = unnamed_document(page, found)
        fields = f"{count} response field{'' if count == 1 else 's'}"
        return Reading(document, (f"{fields} without a name on the page",))
    notes = ("the page names no types",) if layout is Layout.NAMES else ()
    told = with_samples(page, tell(page, found, in_layout(layout)))
    told.alike = True
    return Reading(document_of(page, told), (*notes, *unread_notes(told)))


FORMAT = Format("mintlify-text", _marks, _read)
