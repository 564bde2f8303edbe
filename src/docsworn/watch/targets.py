"""From a configuration file and the environment to targets that can be probed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from docsworn.check.loader import select_checks
from docsworn.check.subject import Check
from docsworn.contract.compiled import CompiledContract
from docsworn.contract.packs import pack_roots
from docsworn.contract.settings import ProviderSettings, is_slug
from docsworn.errors import ConfigError, DocswornError, UnknownNameError, UsageError
from docsworn.model import Contract
from docsworn.probe.target import Target, checked_url, resolve_target
from docsworn.probe.tls import tls_context
from docsworn.watch.config import OWN_MODULE, ModuleSettings, TargetSettings, WatchConfig
from docsworn.watch.configfile import ConfigFile, Entry
from docsworn.watch.library import Library
from docsworn.watch.watched import DAY_SECONDS, Manner, Watched

_ERROR_SECONDS = {"daily": DAY_SECONDS, "never": None, "always": 0.0}


Judge = Callable[[ConfigFile, Sequence[Watched]], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Configured:
    """What a configuration file and the environment say together.

    ``missing`` has a sentence for each target whose key is not set.
    """

    config: WatchConfig
    file: ConfigFile
    targets: tuple[Watched, ...]
    missing: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Build:
    """The work on one file: what it needs, and what was wrong so far; without packs their folder is wrong."""

    file: ConfigFile
    environ: Mapping[str, str]
    library: Library = field(default_factory=lambda: Library(()))
    problems: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)

    def wrong(self, error: DocswornError, *place: str) -> None:
        """Keep what is wrong with a place."""
        for line in str(error).splitlines():
            self.problems.append(f"{self.file.about(*place)}: {line}")


def configured(
    file: ConfigFile,
    environ: Mapping[str, str],
    *,
    judge: Judge = lambda _, __: (),
    keys_needed: bool = False,
) -> Configured:
    """The targets that a file describes; ConfigError with all of its problems, a line each.

    ``judge`` says what else is wrong with the targets, ``keys_needed`` makes a missing key a problem.
    """
    build = _Build(file, environ, problems=list(file.problems))
    try:
        build.library = Library(pack_roots(file.contracts))
    except ConfigError as error:
        build.wrong(error, "contracts")
    modules = {
        name: (found.settings, _checks(build, found.settings, "modules", name))
        for name, found in file.modules.items()
    }
    targets = [_watched(build, name, found, modules) for name, found in file.targets.items()]
    ready = tuple(target for target in targets if target is not None)
    build.problems += judge(file, ready)
    build.problems += build.missing.values() if keys_needed else ()
    if build.problems or file.config is None:
        raise ConfigError("\n".join(sorted(set(build.problems), key=_by_line)))
    return Configured(file.config, file, ready, build.missing)


def _by_line(problem: str) -> tuple[int, str]:
    line = problem.split(":", 2)[1]
    return (int(line) if line.isdigit() else 0, problem)


def _watched(
    build: _Build,
    name: str,
    entry: Entry[TargetSettings],
    modules: Mapping[str, tuple[ModuleSettings, tuple[Check, ...]]],
) -> Watched | None:
    """One target; None where something is wrong with it, which is kept."""
    settings, place = entry.settings, ("providers", name)
    checks = _checks(build, settings, *place)
    way = _way(build, settings, *place)
    pack = _pack(build, name, entry)
    if pack is None:
        return None
    known, contract, siblings = pack
    target = _target(build, name, known, settings, way)
    page = _page(build, name, contract.contract, settings)
    if target is None:
        return None
    interval = settings.interval or known.schedule.interval_seconds
    manners = {key: _manner(*found, settings, target) for key, found in modules.items()}
    return Watched(
        name=name,
        contract=contract,
        siblings=siblings,
        target=target,
        modules={**manners, OWN_MODULE: _manner(settings, checks, settings, target)},
        interval_seconds=interval if settings.scheduled else None,
        # What is scheduled is fetched by the schedule, unless that comes much too late.
        min_interval_seconds=settings.min_interval or interval * (2 if settings.scheduled else 1),
        jitter=settings.jitter,
        concurrency=settings.concurrency,
        page=page,
    )


def _pack(
    build: _Build, name: str, entry: Entry[TargetSettings]
) -> tuple[ProviderSettings, CompiledContract, tuple[CompiledContract, ...]] | None:
    """The settings of a target's pack, the revision that is held against, and all of them."""
    settings, place, library = entry.settings, ("providers", name), build.library
    nameless = settings.contract is None and not is_slug(name)
    if "contract" in entry.wrong or nameless or not library.roots:
        return None  # which is told already
    pack, part = settings.contract or name, "contract"
    try:
        known = library.provider(pack).settings
        part = "revision"
        if part in entry.wrong:
            return None
        return known, library.contract(pack, settings.revision), library.revisions(pack)
    except UnknownNameError as error:
        instead = "" if getattr(settings, part) else "; write contract and the NAME of the pack"
        build.wrong(UsageError(f"{error}{instead}"), *place, *([part] if getattr(settings, part) else []))
    except DocswornError as error:
        build.wrong(error, *place, *([part] if getattr(settings, part) else []))
    return None


def _checks(build: _Build, settings: ModuleSettings, *place: str) -> tuple[Check, ...]:
    known = []
    for name in settings.checks:
        try:
            select_checks([name])
        except DocswornError as error:
            build.wrong(error, *place, "checks")
        else:
            known.append(name)
    return select_checks(known)


@dataclass(frozen=True, slots=True)
class _Way:
    """How a target is reached otherwise than its pack says; None where it is not, or where that is wrong."""

    base_url: str | None
    ca: Path | None


def _way(build: _Build, settings: TargetSettings, *place: str) -> _Way:
    base_url, ca = settings.base_url, build.file.path(settings.ca)
    try:
        if base_url is not None:
            checked_url(base_url)
    except ConfigError as error:
        build.wrong(error, *place, "base_url")
        base_url = None
    try:
        if ca is not None:
            tls_context(ca)
    except ConfigError as error:
        build.wrong(ConfigError(str(error).removeprefix("--ca ")), *place, "ca")
        ca = None
    return _Way(base_url, ca)


def _manner(
    settings: ModuleSettings, checks: tuple[Check, ...], usual: TargetSettings, target: Target
) -> Manner:
    """How a module probes a target; what it leaves open about requests is ``usual`` for the target."""
    return Manner(
        checks=checks,
        deadline_seconds=min(settings.deadline or target.deadline_seconds, target.deadline_seconds),
        error_seconds=_ERROR_SECONDS[settings.error_contract],
        scenarios=usual.scenarios if settings.scenarios is None else settings.scenarios,
        at_once=settings.cases_per_round or usual.cases_per_round,
    )


def _target(
    build: _Build, name: str, known: ProviderSettings, settings: TargetSettings, way: _Way
) -> Target | None:
    """Where the target is, with its key and its ids."""
    auth = known.auth.model_copy(update={"env": settings.key_env or known.auth.env})
    operations = {
        operation: own.model_copy(update={"ids_env": settings.ids_env or own.ids_env})
        for operation, own in known.operations.items()
    }
    renamed = known.model_copy(update={"auth": auth, "operations": operations})
    place = ("providers", name)
    try:
        found = resolve_target(renamed, build.environ, base_url=way.base_url)
    except ConfigError as error:
        build.wrong(error, *place)
        return None
    if found.key is None:
        build.missing[name] = f"{build.file.about(*place)}: no key: set {auth.env} or {auth.file_env}"
    deadline = settings.deadline or found.deadline_seconds
    budget = settings.budget or found.budget
    return replace(found, provider=name, ca=way.ca, budget=budget, deadline_seconds=deadline)


def _page(build: _Build, name: str, contract: Contract, settings: TargetSettings) -> tuple[str, float] | None:
    wanted, place = settings.documentation, ("providers", name, "documentation")
    if wanted is None:
        return None
    try:
        address = wanted.address or build.library.address(contract.provider, contract.revision)
    except DocswornError as error:
        build.wrong(error, *place)
        return None
    if address is None:
        unknown = ConfigError("the recipe of the contract names no address: write address here")
        build.wrong(unknown, *place)
        return None
    return address, wanted.interval
