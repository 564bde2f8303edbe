"""The headers that a page documents for a status are there and keep their schemas."""

from __future__ import annotations

from dataclasses import replace

from docsworn.check.subject import NOTHING, Account, Check, Subject, nothing_broken
from docsworn.contract.breach import Breach
from docsworn.contract.headers import CompiledHeader
from docsworn.model import Kind


def _run(subject: Subject) -> Account:
    status = subject.exchange.status
    response = None if status is None else subject.compiled.documented(status)
    headers = () if response is None else subject.compiled.headers.get(response.status, ())
    if not headers:
        return NOTHING
    judged = [(header, _problem(header, subject.exchange.header(header.name))) for header in headers]
    good = nothing_broken(frozenset(header.promise.id for header, problem in judged if problem == ""))
    breaches = tuple(
        Breach(header.promise, Kind.HEADER, header.promise.pointer, problem)
        for header, problem in judged
        if problem
    )
    return replace(good, breaches=breaches) if breaches else good


def _problem(header: CompiledHeader, text: str | None) -> str | None:
    """What is wrong with a header, empty where nothing is; None where it may be absent, and is."""
    if text is None:
        return "no such header" if header.required else None
    return "" if header.accepts(text) else "a value that its schema does not allow"


CHECK = Check(
    name="headers",
    summary="documented headers are there and keep their schemas",
    kinds=(Kind.HEADER,),
    run=_run,
    order=44,
)
