"""``docsworn triage``: documentation, contract and live API held against each other."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from docsworn.check.hold import hold
from docsworn.check.loader import load_checks
from docsworn.cli.choose import Wanted, choose_providers, load_compiled, load_revisions
from docsworn.cli.engage import engaged, prober
from docsworn.cli.options import AsJson, BaseUrl, Ca, Contracts, HistoryFile, UseEmulator
from docsworn.cli.output import raise_own_faults
from docsworn.cli.pages import Page, Reading, read_source
from docsworn.cli.recorded import HOST, NOTE, recorded_exchanges
from docsworn.cli.tell_facts import printable
from docsworn.compat.documented import documented_contract
from docsworn.compat.triage import ADVICE, Concern, Evidence, Situation, Triage, triage
from docsworn.contract.compiled import CompiledContract, compile_contract
from docsworn.contract.packs import Provider, pack_roots
from docsworn.derive.compare import Difference, compare_documents
from docsworn.derive.recipe import FILE, load_recipe
from docsworn.errors import ExitCode, NothingReachedError, UsageError
from docsworn.model import Learned, Purpose, Run
from docsworn.observe.history import History
from docsworn.observe.ledger import Entry
from docsworn.observe.rounds import hold_and_learn, scope_of

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A round of the live API, and what earlier rounds had shown."""

    run: Run
    ledger: Mapping[str, Entry]


@app.command("triage")
def triage_provider(
    provider: Annotated[str, typer.Argument(metavar="PROVIDER[@REVISION]")],
    page: Annotated[
        str | None,
        typer.Option("--page", metavar="FILE|URL", help="The documentation (default: its recipe's address)."),
    ] = None,
    base_url: BaseUrl = None,
    ca: Ca = None,
    emulator: UseEmulator = False,
    recorded: Annotated[
        str | None,
        typer.Option("--recorded", metavar="FILE|-", help="NDJSON of responses in place of the live API."),
    ] = None,
    history: HistoryFile = None,
    contracts: Contracts = None,
    as_json: AsJson = False,
) -> int:
    """Say who has moved: the documentation, the live API, both or neither, and where.

    The situation is one of: all agree, announced, documented change, changed apart, silent change,
    documentation wrong.
    Exit code 0 all agree, 1 any other.
    """
    wanted = Wanted((provider,), contracts, base_url=base_url, ca=ca, emulator=emulator)
    ((chosen, revision),) = choose_providers(wanted)
    contract = load_compiled(chosen, revision)
    documented = _documentation(chosen, contract, page, contracts)
    with History(history) as known:
        seen = _live(wanted, contract, known, recorded)
    difference = compare_documents(contract.contract.document, documented.derivation.openapi)
    found = triage(_evidence(chosen, contract, documented, difference, seen))
    for note in (*documented.notes, *seen.run.notes):
        typer.echo(note, err=True)
    if as_json:
        typer.echo(json.dumps(_as_data(contract, found, difference), indent=1, ensure_ascii=False))
    else:
        _tell(contract, found)
    return ExitCode.KEPT if found.situation is Situation.AGREE else ExitCode.FINDINGS


def _documentation(
    provider: Provider, contract: CompiledContract, page: str | None, contracts: Path | None
) -> Page:
    source = page
    if source is None:
        recipe = provider.directory / contract.contract.revision / FILE
        source = load_recipe(recipe).address if recipe.is_file() else None
    if source is None:
        name = f"{contract.contract.provider}@{contract.contract.revision}"
        raise UsageError(f"the recipe of {name} names no address of its page: give --page FILE or URL")
    return read_source(source, Reading(pack_roots(contracts), contract=contract.contract.document))


def _live(wanted: Wanted, contract: CompiledContract, history: History, recorded: str | None) -> _Seen:
    """One round, of the live API or of what was recorded of it; NothingReachedError where none came."""
    operation = next(iter(contract.settings.operations))
    if recorded is not None:
        if wanted.emulator or wanted.base_url:
            raise UsageError("--recorded sends nothing: it excludes --emulator and --base-url")
        operation, exchanges = recorded_exchanges(contract, recorded)
        ledger = history.ledger(scope_of(contract, operation, HOST))
        run = hold_and_learn(
            contract,
            operation,
            exchanges,
            host=HOST,
            history=history,
            checks=load_checks(),
            clock=time.time,
            notes=(NOTE,),
        )
        raise_own_faults([run])
        return _Seen(run, ledger)
    with ExitStack() as stack:
        (engagement,) = stack.enter_context(engaged(wanted, os.environ))
        ledger = history.ledger(scope_of(contract, operation, engagement.target.host))
        probe = stack.enter_context(prober(engagement, history, load_checks()))
        run = next(run for run in probe(True) if run.operation == operation)
    raise_own_faults([run])
    if not run.reached:
        raise NothingReachedError(f"nothing could be reached: {run.provider}")
    return _Seen(run, ledger)


def _evidence(
    provider: Provider, contract: CompiledContract, documented: Page, difference: Difference, seen: _Seen
) -> Evidence:
    """Live's answers held to the contract, to the page, and to the revision before."""
    run = seen.run
    stated = documented_contract(contract.contract, run.operation, documented.derivation.openapi)
    page = contract if difference.same else compile_contract(stated, contract.settings)
    revisions = load_revisions(provider, contract)
    before = next((at for at, one in enumerate(revisions) if one is contract), 0) - 1
    older = revisions[before] if before >= 0 and difference.same else None
    promises = contract.operation(run.operation).promises
    return Evidence(
        difference=difference,
        contract=run.findings,
        page=_held(page, run).findings,
        ledger=seen.ledger,
        older=None if older is None else _held(older, run).findings,
        confidences={name: promise.confidence for name, promise in promises.items()},
        answered=any(
            exchange.case.purpose is Purpose.GOOD and exchange.status == 200 and exchange.body
            for exchange in run.exchanges
        ),
    )


def _held(contract: CompiledContract, run: Run) -> Run:
    today = datetime.now(UTC).date()
    return hold(
        contract, run.operation, run.exchanges, learned=Learned(), checks=load_checks(), today=today
    ).run


def _tell(contract: CompiledContract, found: Triage) -> None:
    name = f"{contract.contract.provider}@{contract.contract.revision}"
    typer.echo(f"{name}: {found.situation} (confidence {found.sureness}: {found.why})")
    typer.echo(f"  {ADVICE[found.situation]}")
    for concern in found.concerns:
        where = printable(concern.pointer) or "/" if concern.pointer is not None else "{unnamed}"
        line = f" (line {concern.line})" if concern.line else ""
        typer.echo(f"  {concern.situation}, {concern.sureness}: {concern.status} {where}")
        typer.echo(f"    documentation  {printable(concern.documentation)}{line}")
        typer.echo(f"    live           {concern.live}; {concern.why}")


def _as_data(contract: CompiledContract, found: Triage, difference: Difference) -> dict[str, Any]:
    return {
        "provider": contract.contract.provider,
        "revision": contract.contract.revision,
        "situation": found.situation,
        "confidence": found.sureness,
        "why": found.why,
        "advice": ADVICE[found.situation],
        "facts": [_concern(concern) for concern in found.concerns],
        "documentation": difference.as_data(),
    }


def _concern(concern: Concern) -> dict[str, Any]:
    data = asdict(concern)
    return {("confidence" if key == "sureness" else key): value for key, value in data.items()}
