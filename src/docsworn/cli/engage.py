"""From names on the command line to contracts and targets: what every verb that probes needs first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from importlib import import_module

import typer

from docsworn.check.subject import Check
from docsworn.cli.choose import Wanted, choose_providers, load_compiled, load_revisions
from docsworn.cli.progress import Progress
from docsworn.contract.compiled import CompiledContract
from docsworn.contract.packs import Provider
from docsworn.errors import ConfigError, NoKeyError, UsageError
from docsworn.model import Run
from docsworn.observe.history import History
from docsworn.observe.rounds import Sender, check_round
from docsworn.probe.budget import Budget
from docsworn.probe.client import Client
from docsworn.probe.target import Target, resolve_target


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
    loaded = [
        (provider, load_compiled(provider, revision)) for provider, revision in choose_providers(wanted)
    ]
    with _targets(wanted, loaded, environ) as targets:
        pairs = zip(loaded, targets, strict=True)
        engagements = tuple(_engagement(*provided, target) for provided, target in pairs)
        yield engagements if wanted.emulator else _with_keys(wanted, engagements)


def _targets(
    wanted: Wanted, loaded: Sequence[tuple[Provider, CompiledContract]], environ: Mapping[str, str]
) -> AbstractContextManager[tuple[Target, ...]]:
    """Where each provider is asked; the emulator is imported only where it is."""
    if wanted.emulator:
        emulated: AbstractContextManager[tuple[Target, ...]] = import_module(
            "docsworn.cli.emulated"
        ).emulated_targets(loaded)
        return emulated
    targets = (
        resolve_target(contract.settings, environ, base_url=wanted.base_url, ca=wanted.ca)
        for _, contract in loaded
    )
    return nullcontext(tuple(targets))


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
        skip = "" if wanted.allow_skip is None else "--allow-skip to go on without, "
        raise NoKeyError("\n".join([*missing, f"or use {skip}--emulator to need none"]))
    for sentence in missing:
        typer.echo(f"skipped {sentence}", err=True)
    if not ready and not wanted.allow_skip:
        raise ConfigError("no provider has a key: nothing was checked (--emulator needs none)")
    return tuple(ready)
