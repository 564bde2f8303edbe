"""An HTML page: reduced to its text, which is then a page of another format."""

from __future__ import annotations

from docsworn.derive.format import Format, Reading, detect, load_formats
from docsworn.derive.page import Page
from docsworn.derive.text.family import is_html
from docsworn.derive.text.markup import reduced, title_of
from docsworn.derive.text.notices import without_notices
from docsworn.derive.text.refusals import refusal
from docsworn.errors import DocumentError

NAME = "html"


def _read(page: Page) -> Reading:
    try:
        text = without_notices(reduced(page))
    except RecursionError:
        raise page.error("the page's tags are nested too deep") from None
    known = {name: form for name, form in load_formats().items() if name != NAME}
    try:
        form = detect(text, known)
    except DocumentError:
        reason = refusal(title_of(page), text)
        if reason is not None:
            raise page.error(*reason) from None
        if not any(line.strip() for line in text.lines):
            raise page.error("the page has no text: is it drawn by a script?") from None
        raise
    reading = form.read(text)
    return Reading(reading.openapi, (f"the page's text has the marks of {form.name}", *reading.notes))


FORMAT = Format(NAME, is_html, _read)
