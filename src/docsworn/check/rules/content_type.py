"""The body is of a documented media type."""

from __future__ import annotations

import re

from docsworn.check.subject import NOTHING, Account, Check, Subject, broken, kept
from docsworn.model import Kind

# The header is the server's text: only names that everybody knows are repeated.
_WELL_KNOWN = frozenset({
    "application/json", "application/problem+json", "application/xml", "application/octet-stream",
    "text/html", "text/plain", "text/xml", "text/event-stream",
})  # fmt: skip

_CHARSET = re.compile(r""";[ \t]*charset[ \t]*=[ \t]*["']?([^"';, \t]*)""", re.IGNORECASE)


def media_type(header: str) -> str:
    """The type and subtype of a ``Content-Type``, lower case, without parameters."""
    return header.partition(";")[0].strip().lower()


def _run(subject: Subject) -> Account:
    exchange = subject.exchange
    response = None if exchange.status is None else subject.compiled.documented(exchange.status)
    if response is None or not response.media_types or not exchange.body:
        return NOTHING
    promise = subject.compiled.promise("content_type")
    header = exchange.header("content-type")
    if header is None:
        return broken(promise, "no Content-Type")
    seen = media_type(header)
    if not any(_matches(seen, media_type(documented)) for documented in response.media_types):
        return broken(promise, seen if seen in _WELL_KNOWN else "another media type")
    if "json" in seen and not _is_utf8(header):
        return broken(promise, "JSON in a charset other than UTF-8")
    return kept(promise)


def _is_utf8(header: str) -> bool:
    """Whether JSON is said to be UTF-8, or nothing is said (RFC 8259, 8.1: it is never anything else)."""
    named = _CHARSET.search(header)
    return named is None or named[1].lower() in ("utf-8", "utf8", "us-ascii", "ascii")


def _matches(seen: str, documented: str) -> bool:
    """Whether a type is the documented one or in its range (``*/*``, ``application/*``)."""
    if documented == "*/*":
        return True
    main, _, sub = documented.partition("/")
    return seen.partition("/")[0] == main if sub == "*" else seen == documented


CHECK = Check(
    name="content_type",
    summary="the Content-Type is a documented one",
    kinds=(Kind.CONTENT_TYPE,),
    run=_run,
    order=40,
)
