"""A good request is answered within the objective."""

from __future__ import annotations

from docsworn.check.subject import NOTHING, Account, Check, Subject, broken, kept
from docsworn.model import Kind


def _run(subject: Subject) -> Account:
    exchange = subject.exchange
    if not subject.is_good or exchange.failure is not None or exchange.status is None:
        return NOTHING
    promise = subject.compiled.promise("latency")
    if exchange.timings.total <= subject.settings.objectives.latency_seconds:
        return kept(promise)
    return broken(promise, f"an answer after {exchange.timings.total:.1f} s")


CHECK = Check(
    name="latency",
    summary="a good request is answered within the latency objective",
    kinds=(Kind.LATENCY,),
    run=_run,
    order=110,
)
