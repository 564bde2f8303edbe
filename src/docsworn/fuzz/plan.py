"""Which requests a seed stands for: drawn before the first one is sent, the same ones each time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any
from urllib.parse import unquote

from hypothesis import strategies as st

from docsworn.fuzz.draw import draw
from docsworn.fuzz.request import Pairs, Request, Subject
from docsworn.fuzz.safety import clean_headers, may_be_sent
from docsworn.fuzz.strategies import Parts, request_parts
from docsworn.model import Purpose

_ALPHABET = "0123456789abcdef"


def plan_requests(subject: Subject, ids: Sequence[str], count: int, seed: int) -> tuple[Request, ...]:
    """At most ``count`` different requests: configured ids, ids like theirs, and any ids, in turn.

    Each comes with parameters that keep their schemas and with ones that do not.
    """
    draws = count // 3 + 5
    found = _draw_requests(subject, ids, draws, seed)
    while len(found) < count and draws < count * 3:  # many were equal, or must not be sent
        draws *= 3
        found = _draw_requests(subject, ids, draws, seed)
    return found[:count]


def _draw_requests(subject: Subject, ids: Sequence[str], draws: int, seed: int) -> tuple[Request, ...]:
    valid = draw(request_parts(subject.operation, valid=True), draws, seed)
    wrong = draw(request_parts(subject.operation, valid=False), draws, seed + 1)
    alike = draw(_alike(subject), draws, seed + 2)
    streams = (
        _of_known(subject, ids, valid),
        (Request(text=text) for text in alike),
        (_request(subject, parts) for parts in valid),
        _of_known(subject, ids, wrong),
        (_request(subject, parts) for parts in wrong),
    )
    found: dict[Request, None] = {}
    for turn in zip_longest(*streams):
        for request in turn:
            if request is not None and may_be_sent(subject, request):
                found[_as_known(request, ids)] = None
    return tuple(found)


def simplest_unknown(subject: Subject) -> str | None:
    """The well-formed id of nobody that the error contract asks for, where it has one."""
    cases = subject.settings.error_cases
    return next((case.value for case in cases if case.purpose is Purpose.UNKNOWN_ID and case.value), None)


def _of_known(subject: Subject, ids: Sequence[str], drawn: Sequence[Parts]) -> Iterator[Request]:
    for at, (_, query, headers) in enumerate(drawn if ids else ()):
        number = at % len(ids) + 1
        yield Request(
            known=number, query=_pairs(query), headers=clean_headers(subject, _texts(headers).items())
        )


def _request(subject: Subject, parts: Parts) -> Request:
    path, query, headers = parts
    text = unquote(str(path.get(subject.settings.id_parameter, "")), errors="replace")
    return Request(text=text, query=_pairs(query), headers=clean_headers(subject, _texts(headers).items()))


def _alike(subject: Subject) -> st.SearchStrategy[str]:
    """Ids as the error contract's id of nobody, with other digits for its zeros."""
    pattern = simplest_unknown(subject)
    if pattern is None:
        return st.nothing()
    zeros = pattern.count("0")
    digits = st.lists(st.sampled_from(_ALPHABET), min_size=zeros, max_size=zeros)
    return digits.map(lambda drawn: _fill(pattern, drawn))


def _fill(pattern: str, drawn: Sequence[str]) -> str:
    waiting = iter(drawn)
    return "".join(next(waiting) if character == "0" else character for character in pattern)


def _as_known(request: Request, ids: Sequence[str]) -> Request:
    """An id that was drawn and is a configured one is told by its number, as everywhere."""
    if request.known is None and request.text in ids:
        return Request(ids.index(request.text) + 1, query=request.query, headers=request.headers)
    return request


def _pairs(query: dict[str, Any]) -> Pairs:
    found: list[tuple[str, str]] = []
    for name, value in query.items():
        values = value if isinstance(value, list) else [value]
        found.extend((str(name), _text(each)) for each in values)
    return tuple(found)


def _texts(headers: dict[str, Any]) -> dict[str, str]:
    return {str(name): _text(value) for name, value in headers.items()}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
