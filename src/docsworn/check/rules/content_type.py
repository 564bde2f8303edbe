"""The body is of a documented media type."""

from __future__ import annotations

import re
from functools import lru_cache

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
    problem = _problem(header, response.media_types)
    return broken(promise, problem) if problem else kept(promise)


@lru_cache(maxsize=256)
def _problem(header: str, documented: tuple[str, ...]) -> str | None:
    """What is wrong with a ``Content-Type``; None where it is one of the documented media types."""
    seen = media_type(header)
    if not any(_matches(seen, media_type(each)) for each in documented):
        return seen if seen in _WELL_KNOWN else "another media type"
    if "json" in seen and not _is_utf8(header):
        return "JSON in a charset other than UTF-8"
    return None


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
