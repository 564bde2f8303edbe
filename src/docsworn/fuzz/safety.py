"""What may leave the house: a GET on the operation's own path, whatever a server makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlencode

from docsworn.fuzz.request import Pairs, Request, Subject
from docsworn.probe.cases import encode_segment

_MAX_ID, _MAX_QUERY, _MAX_HEADERS = 400, 1500, 2000  # characters, encoded
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}", re.ASCII)
_HEADER_VALUE = re.compile(r"(?:[!-~](?:[ -~]*[!-~])?)?", re.ASCII)
# What changes the way of a request, its method or its path, is no data.
_NEVER_SENT = frozenset({
    "connection", "content-length", "content-type", "cookie", "expect", "host", "http2-settings",
    "keep-alive", "range", "te", "trailer", "transfer-encoding", "upgrade", "authorization",
    "accept", "accept-encoding", "user-agent",
})  # fmt: skip
_NEVER_SENT_BEGIN = ("proxy-", "sec-", "x-http", "x-method", "x-forwarded", "x-original", "x-rewrite")


def may_be_sent(subject: Subject, request: Request) -> bool:
    """Whether a request stays a GET on the operation's own path, whatever a server makes of it."""
    if request.known is None and not _is_one_segment(request.text):
        return False
    if any("method" in name.lower() for name, _ in request.query):
        return False
    texts = [part for pair in (*request.query, *request.headers) for part in pair]
    if not all(_is_unicode(text) for text in texts) or len(urlencode(request.query)) > _MAX_QUERY:
        return False
    if sum(map(len, (part for pair in request.headers for part in pair))) > _MAX_HEADERS:
        return False
    return all(_is_free_header(subject, name, value) for name, value in request.headers)


def clean_headers(subject: Subject, headers: Iterable[tuple[str, str]]) -> Pairs:
    """The headers that may be sent, each name once."""
    kept: dict[str, tuple[str, str]] = {}
    for name, value in headers:
        if _is_free_header(subject, name, value):
            kept.setdefault(name.lower(), (name, value))
    return tuple(kept.values())


def _is_one_segment(text: str) -> bool:
    """Whether an id stays one path segment, also for a server that decodes once or twice too often."""
    if not _is_unicode(text) or len(encode_segment(text)) > _MAX_ID:
        return False
    for _ in range(3):
        if not text.strip().strip(".\0").strip() or text.startswith(";") or "/" in text or "\\" in text:
            return False
        text = unquote(text, errors="replace")
    return True


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _is_free_header(subject: Subject, name: str, value: str) -> bool:
    low = name.lower()
    if low == subject.auth_header.lower() or low in _NEVER_SENT or low.startswith(_NEVER_SENT_BEGIN):
        return False
    return bool(_HEADER_NAME.fullmatch(name)) and bool(_HEADER_VALUE.fullmatch(value))
