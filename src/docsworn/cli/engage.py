"""From names on the command line to contracts and targets: what every verb that probes needs first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

import typer

from docsworn.check.subject import Check
from docsworn.cli.choose import Wanted, choose_providers, load_compiled, load_revisions
from docsworn.cli.progress import Progress
from docsworn.contract.compiled import CompiledContract
from docsworn.contract.packs import Provider
from docsworn.contract.settings import BudgetSettings
from docsworn.emulate.server import Emulator
from docsworn.errors import ConfigError, NoKeyError, UsageError
from docsworn.model import Run
from docsworn.observe.history import History
from docsworn.observe.rounds import Sender, check_round
from docsworn.probe.budget import Budget
from docsworn.probe.client import Client
from docsworn.probe.target import Key, Target, resolve_target

# The emulator costs nothing; a budget there bounds a mistake, no bill.
_EMULATOR_BUDGET = BudgetSettings(per_minute=100_000, per_day=100_000_000)


@dataclass(frozen=True, slots=True)
class Engagement:
    """One provider that will be probed: what it promises, in all its revisions, and where it is."""

    contract: CompiledContract
    target: Target
    siblings: tuple[CompiledContract, ...] = ()


@contextmanager
def engaged(wanted: Wanted, environ: Mapping[str, str]) -> Iterator[tuple[Engagement, ...]]:
    """The engagements that are wanted, while the emulator (where it is wanted) lives.

    A named provider without a key is a ConfigError; where none was named, or with ``allow_skip``, it is
    skipped with a notice; where none is left that is a ConfigError too, unless ``allow_skip``.
    """
    if wanted.emulator and wanted.base_url:
        raise UsageError("--emulator and --base-url exclude each other")
    if wanted.emulator and wanted.ca:
        raise UsageError("--ca goes with an API of your own: leave it out with --emulator")
    chosen = choose_providers(wanted)
    loaded = [(provider, load_compiled(provider, revision)) for provider, revision in chosen]
    if not wanted.emulator:
        targets = [
            resolve_target(contract.settings, environ, base_url=wanted.base_url, ca=wanted.ca)
            for _, contract in loaded
        ]
        pairs = zip(loaded, targets, strict=True)
        yield _with_keys(wanted, [_engagement(*provided, target) for provided, target in pairs])
        return
    revisions = {contract.contract.provider: contract.contract.revision for _, contract in loaded}
    with Emulator([provider for provider, _ in chosen], revisions=revisions) as emulator:
        yield tuple(
            _engagement(provider, contract, emulated_target(contract, emulator))
            for provider, contract in loaded
        )


def _engagement(provider: Provider, contract: CompiledContract, target: Target) -> Engagement:
    return Engagement(contract, target, load_revisions(provider, contract))


@contextmanager
def prober(
    engagement: Engagement,
    history: History,
    checks: Sequence[Check],
    counted: Callable[[Sender], Sender] = lambda client: client,
) -> Iterator[Callable[[bool], tuple[Run, ...]]]:
    """What holds a round of one provider each time it is called, with or without the error contract.

    Its connections and its budget live as long as the context. ``counted`` may stand between.
    """
    target = engagement.target
    with Client(target, Budget(target.budget, time.time)) as client:
        yield lambda error_contract: check_round(
            engagement.contract,
            target,
            counted(client),
            history=history,
            checks=checks,
            clock=time.time,
            error_contract=error_contract,
            siblings=engagement.siblings,
        )


def check_once(
    engagement: Engagement,
    history: History,
    checks: Sequence[Check],
    progress: Progress,
    *,
    error_contract: bool = True,
) -> tuple[Run, ...]:
    """One round of one provider, with or without the error contract."""
    name = engagement.target.provider
    with prober(engagement, history, checks, partial(progress.counted, name)) as probe:
        runs = probe(error_contract)
    progress.done(name, runs)
    return runs


def emulated_target(contract: CompiledContract, emulator: Emulator) -> Target:
    """The embedded emulator as the target of one provider; its history is kept under ``emulator``."""
    target = resolve_target(contract.settings, {}, base_url=emulator.base_url)
    ids = emulator.ids(contract.contract.provider)
    return replace(target, key=Key("emulator"), ids=ids, host="emulator", budget=_EMULATOR_BUDGET)


def _with_keys(wanted: Wanted, engagements: Sequence[Engagement]) -> tuple[Engagement, ...]:
    ready: list[Engagement] = []
    missing: list[str] = []
    for engagement in engagements:
        if engagement.target.key is not None or not wanted.needs_key:
            ready.append(engagement)
        else:
            auth = engagement.target.auth
            missing.append(f"{engagement.target.provider}: no key: set {auth.env} or {auth.file_env}")
    if missing and wanted.names and not wanted.allow_skip:
        raise NoKeyError(
            "\n".join([*missing, "or use --allow-skip to go on without, --emulator to need none"])
        )
    for sentence in missing:
        typer.echo(f"skipped {sentence}", err=True)
    if not ready and not wanted.allow_skip:
        raise ConfigError("no provider has a key: nothing was checked (--emulator needs none)")
    return tuple(ready)
