"""Fern Markdown without a block: fields as nested bullets under headings."""

from __future__ import annotations

from docsworn.derive.format import Format, Reading
from docsworn.derive.page import Page
from docsworn.derive.text.assemble import document_of
from docsworn.derive.text.bullets import read_bullets
from docsworn.derive.text.family import has_bullets, is_prose
from docsworn.derive.text.sections import sections
from docsworn.derive.text.telling import tell


def _marks(page: Page) -> bool:
    return is_prose(page) and has_bullets(page)


def _read(page: Page) -> Reading:
    return Reading(document_of(page, tell(page, sections(page), read_bullets)))


FORMAT = Format("fern-bullets", _marks, _read)
