"""Simpler requests than one that failed, the simplest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from docsworn.fuzz.plan import simplest_unknown
from docsworn.fuzz.request import Pairs, Request, Subject, sort_of
from docsworn.fuzz.safety import may_be_sent

_PLAIN = "a"


def shrink(subject: Subject, failed: Request, still_fails: Callable[[Request], bool | None]) -> Request:
    """The simplest request found that still fails; ``still_fails`` says None once no more may be sent."""
    best = failed
    tried = {failed}
    while True:
        for simpler in candidates(subject, best):
            if simpler in tried:
                continue
            tried.add(simpler)
            fails = still_fails(simpler)
            if fails is None:
                return best
            if fails:
                best = simpler
                break
        else:
            return best


def candidates(subject: Subject, request: Request) -> Iterator[Request]:
    """Requests that are one step simpler, with the same sort of id; each may be sent."""
    sort = sort_of(subject, request)
    for simpler in _steps(subject, request):
        if simpler != request and may_be_sent(subject, simpler) and sort_of(subject, simpler) is sort:
            yield simpler


def _steps(subject: Subject, request: Request) -> Iterator[Request]:
    yield replace(request, query=(), headers=())
    yield replace(request, headers=())
    yield replace(request, query=())
    if request.known is None:
        ordinary = simplest_unknown(subject)
        if ordinary is not None:
            yield replace(request, text=ordinary)
        for text in _texts(request.text):
            yield replace(request, text=text)
    elif request.known > 1:
        yield replace(request, known=1)
    for pairs in _pairs(request.query):
        yield replace(request, query=pairs)
    for pairs in _pairs(request.headers):
        yield replace(request, headers=pairs)


def _pairs(pairs: Pairs) -> Iterator[Pairs]:
    for at in range(len(pairs)):
        yield (*pairs[:at], *pairs[at + 1 :])
    for at, (name, value) in enumerate(pairs):
        for text in ("", *_texts(value)):
            yield (*pairs[:at], (name, text), *pairs[at + 1 :])


def _texts(text: str) -> Iterator[str]:
    """Shorter texts first, then as long ones of plainer characters."""
    if not text:
        return
    yield _PLAIN
    yield from dict.fromkeys(text)  # one character alone is often all it takes
    half = len(text) // 2
    if half:
        yield text[:half]
        yield text[half:]
    for at in range(len(text)):
        yield text[:at] + text[at + 1 :]
    for at, character in enumerate(text):
        if not (character.isascii() and character.isalnum()):
            yield text[:at] + _PLAIN + text[at + 1 :]
