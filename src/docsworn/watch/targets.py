"""From a configuration file and the environment to targets that can be probed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from docsworn.check.loader import select_checks
from docsworn.check.subject import Check
from docsworn.contract.packs import pack_roots
from docsworn.contract.pointer import join
from docsworn.contract.settings import ProviderSettings
from docsworn.errors import ConfigError, DocswornError
from docsworn.probe.target import Target, resolve_target
from docsworn.watch.config import OWN_MODULE, ModuleSettings, TargetSettings, WatchConfig
from docsworn.watch.configfile import ConfigFile
from docsworn.watch.library import Library
from docsworn.watch.watched import DAY_SECONDS, Manner, Watched

_ERROR_SECONDS = {"daily": DAY_SECONDS, "never": None, "always": 0.0}


@dataclass(frozen=True, slots=True)
class Configured:
    """What a configuration file and the environment say together; ``missing`` are keys that are not set."""

    config: WatchConfig
    file: ConfigFile
    targets: tuple[Watched, ...]
    missing: tuple[str, ...] = ()


@dataclass(slots=True)
class _Build:
    """The work on one file: what it needs, and what was wrong so far."""

    file: ConfigFile
    environ: Mapping[str, str]
    library: Library
    problems: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def wrong(self, error: DocswornError, *place: str) -> None:
        """Keep what is wrong with a place."""
        for line in str(error).splitlines():
            self.problems.append(f"{self.file.at(*place)}: {join(*place)}: {line}")


def configured(file: ConfigFile, environ: Mapping[str, str]) -> Configured:
    """The targets that a file describes; ConfigError with all of its problems, a line each."""
    try:
        roots = pack_roots(file.contracts)
    except ConfigError as error:
        raise ConfigError(
            "\n".join([*file.problems, f"{file.at('contracts')}: /contracts: {error}"])
        ) from None
    build = _Build(file, environ, Library(roots), list(file.problems))
    modules = {name: _checks(build, settings, "modules", name) for name, settings in file.modules.items()}
    targets = [_watched(build, name, settings, modules) for name, settings in file.targets.items()]
    if build.problems or file.config is None:
        raise ConfigError("\n".join(sorted(set(build.problems), key=_by_line)))
    ready = tuple(target for target in targets if target is not None)
    return Configured(file.config, file, ready, tuple(build.missing))


def _by_line(problem: str) -> tuple[int, str]:
    line = problem.split(":", 2)[1]
    return (int(line) if line.isdigit() else 0, problem)


def _watched(
    build: _Build,
    name: str,
    settings: TargetSettings,
    modules: Mapping[str, tuple[ModuleSettings, tuple[Check, ...]]],
) -> Watched | None:
    """One target; None where something is wrong with it, which is kept."""
    pack = settings.contract or name
    place = ("providers", name)
    try:
        known = build.library.provider(pack).settings
    except DocswornError as error:
        build.wrong(error, *place, *(["contract"] if settings.contract else []))
        return None
    try:
        contract = build.library.contract(pack, settings.revision)
        siblings = build.library.revisions(pack)
    except DocswornError as error:
        build.wrong(error, *place, *(["revision"] if settings.revision else []))
        return None
    _, checks = _checks(build, settings, *place)
    target = _target(build, name, known, settings)
    page = _page(build, name, pack, contract.contract.revision, settings)
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


def _checks(build: _Build, settings: ModuleSettings, *place: str) -> tuple[ModuleSettings, tuple[Check, ...]]:
    try:
        return settings, select_checks(settings.checks)
    except DocswornError as error:
        build.wrong(error, *place, "checks")
        return settings, ()


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


def _target(build: _Build, name: str, known: ProviderSettings, settings: TargetSettings) -> Target | None:
    """Where the target is, with its key and its ids."""
    auth = known.auth.model_copy(update={"env": settings.key_env or known.auth.env})
    operations = {
        operation: own.model_copy(update={"ids_env": settings.ids_env or own.ids_env})
        for operation, own in known.operations.items()
    }
    renamed = known.model_copy(update={"auth": auth, "operations": operations})
    ca = build.file.path(settings.ca)
    try:
        found = resolve_target(renamed, build.environ, base_url=settings.base_url, ca=ca)
    except ConfigError as error:
        build.wrong(error, "providers", name)
        return None
    if found.key is None:
        build.missing.append(f"{name}: no key: set {auth.env} or {auth.file_env}")
    deadline = settings.deadline or found.deadline_seconds
    budget = settings.budget or found.budget
    return replace(found, provider=name, budget=budget, deadline_seconds=deadline)


def _page(
    build: _Build, name: str, pack: str, revision: str, settings: TargetSettings
) -> tuple[str, float] | None:
    wanted = settings.documentation
    if wanted is None:
        return None
    try:
        address = wanted.address or build.library.address(pack, revision)
    except DocswornError as error:
        build.wrong(error, "providers", name, "documentation")
        return None
    if address is None:
        unknown = ConfigError("the recipe of the contract names no address: write address here")
        build.wrong(unknown, "providers", name, "documentation")
        return None
    return address, wanted.interval
