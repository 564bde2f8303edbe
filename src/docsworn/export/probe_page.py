"""``/probe?target=NAME&module=NAME``: one probe, or the last one where it is young enough."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator, Mapping

from aiohttp import web

from docsworn.errors import UnknownNameError
from docsworn.export.exposition import expose
from docsworn.export.text import printable
from docsworn.export.watch_metrics import one_probe
from docsworn.model import Exchange, Run
from docsworn.observe.outcome import judge
from docsworn.watch.config import OWN_MODULE
from docsworn.watch.desk import Desk
from docsworn.watch.outcome import Outcome
from docsworn.watch.watched import Watched

TIMEOUT_HEADER = "X-Prometheus-Scrape-Timeout-Seconds"
_LATEST = 120.0  # how long we answer at all, in seconds, where nobody says how long to wait


async def probe(request: web.Request, desk: Desk, headers: Mapping[str, str]) -> web.Response:
    """The metrics of one target; with ``debug=true`` an account of its probe, without a value of it."""
    name, module = request.query.get("target"), request.query.get("module", OWN_MODULE)
    if name is None:
        return _refused(400, "which target?", desk, headers)
    asked = loop_time()
    limits = scrape_limits(request.headers.get(TIMEOUT_HEADER))
    try:
        before = desk.last(name, module)
        flight = desk.ask(name, module, None if limits is None else limits[0])
    except UnknownNameError as error:
        return _refused(404, printable(str(error)), desk, headers)
    watched = desk.probers[name].watched  # a reload may forget the name meanwhile
    try:
        outcome = await asyncio.wait_for(
            asyncio.shield(asyncio.wrap_future(flight)), limits[1] if limits else _LATEST
        )
    except TimeoutError:
        last = desk.last(name, module)
        if last is None:
            return web.Response(status=503, text="the probe is still under way\n", headers=headers)
        outcome = before = last
    except Exception as error:
        text = f"the probe failed: docsworn's own fault ({type(error).__name__})\n"
        return web.Response(status=500, text=text, headers=headers)
    if request.query.get("debug") == "true":
        account = "\n".join(_account(watched, outcome, _how(outcome, before), loop_time() - asked))
        metrics = expose(one_probe(watched, outcome))[0].decode()
        return web.Response(text=f"{account}\n\n{metrics}", headers=headers)
    body, media_type = expose(one_probe(watched, outcome), request.headers.get("Accept", ""))
    return web.Response(body=body, headers={**headers, "Content-Type": media_type})


def scrape_limits(header: str | None) -> tuple[float, float] | None:
    """For how many seconds to probe and to wait, by the header of a scrape; None where it does not say.

    The probe ends half a second before the scrape does, and half of that is left for the answer.
    """
    try:
        seconds = float(header or "")
    except ValueError:
        return None
    if not math.isfinite(seconds) or seconds <= 0:
        return None
    probing = max(seconds - 0.5, seconds / 2)
    return probing, (probing + seconds) / 2


def loop_time() -> float:
    """Seconds of the running event loop's clock."""
    return asyncio.get_running_loop().time()


def _refused(status: int, what: str, desk: Desk, headers: Mapping[str, str]) -> web.Response:
    lines = [what, "known targets:", *(f"  {name}" for name in sorted(desk.probers))]
    modules = sorted({module for prober in desk.probers.values() for module in prober.watched.modules})
    lines += ["known modules:", *(f"  {name}" for name in modules)]
    return web.Response(status=status, text="\n".join(lines) + "\n", headers=headers)


def _how(outcome: Outcome, before: Outcome | None) -> str:
    """Whether an outcome is of now; during a pause it holds the runs of the one before."""
    if outcome.held:
        return "nothing was sent"
    earlier = before is not None and outcome.runs is before.runs
    return "the result of an earlier probe" if earlier else "probed now"


def _account(watched: Watched, outcome: Outcome, how: str, waited: float) -> Iterator[str]:
    """The probe line by line: cases, statuses, seconds, places and shapes, and nothing that was said."""
    contract = watched.contract.contract
    yield f"target {watched.name}, module {outcome.module}, contract {contract.provider}@{contract.revision}"
    yield f"{how}; it took {outcome.ended - outcome.started:.3f} s; you waited {waited:.3f} s"
    yield f"budget left: {outcome.remaining.minute} this minute, {outcome.remaining.day} today"
    if outcome.hold_until:
        yield f"nothing is sent until {outcome.hold_until:.0f} (Unix time): the provider asked for a pause"
    if outcome.offline:
        yield "no host could be connected to: our own network is gone"
    for run in outcome.runs:
        yield from _run(run, watched)
    for gone in outcome.gone:
        seen = "was never there: is the id right?" if gone.last_seen is None else (
            f"is gone; last seen at {gone.last_seen:.0f} (Unix time)"
        )  # fmt: skip
        yield f"the conversation of {printable(gone.case)} {seen}"


def _run(run: Run, watched: Watched) -> Iterator[str]:
    judgement = judge(run, watched.contract.operation(run.operation))
    said = {True: "success", False: f"failure ({judgement.reason})", None: "nothing learned"}
    yield f"{run.operation}: {said[judgement.success]}, contract {run.verdict}"
    for note in run.notes:
        yield f"  note: {printable(note)}"
    for exchange in run.exchanges:
        yield f"  {_exchange(exchange)}"
    for finding in run.findings:
        where = printable(finding.pointer) or "(the whole response)"
        what = f"{printable(finding.observed)}; documented: {printable(finding.documented)}"
        yield f"  {finding.severity} {finding.kind} at {where}: {what}{' (waived)' if finding.waived else ''}"


def _exchange(exchange: Exchange) -> str:
    timings = exchange.timings
    phases = ("dns", "connect", "tls", "send", "wait", "receive")
    spent = [f"{phase} {value:.3f}" for phase in phases if (value := getattr(timings, phase)) is not None]
    what = exchange.failure.reason.value if exchange.failure else f"status {exchange.status}"
    return f"{printable(exchange.case.id)}: {what}, {timings.total:.3f} s ({', '.join(spent)})"
