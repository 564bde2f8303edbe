"""What ``docsworn watch`` will do: from names or a configuration file to targets, and in words."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from docsworn.check.loader import load_checks
from docsworn.cli.choose import Wanted
from docsworn.cli.engage import Engagement, engaged
from docsworn.cli.pages import Reading, read_source
from docsworn.cli.watch_daemon import Plan, notice
from docsworn.contract.packs import pack_roots
from docsworn.contract.shape import token
from docsworn.derive.compare import compare_documents
from docsworn.export.cardinality import most_series
from docsworn.export.view import count
from docsworn.watch.config import OWN_MODULE
from docsworn.watch.configfile import ConfigFile, read_config
from docsworn.watch.connectivity import parse_address
from docsworn.watch.outlook import Outlook, outlook
from docsworn.watch.targets import Configured, configured
from docsworn.watch.watched import Manner, Watched


def read_plan(path: Path, environ: Mapping[str, str], *, check_only: bool = False) -> tuple[Configured, Plan]:
    """What a configuration file asks for; ConfigError with all that is wrong with it.

    With ``check_only`` a key may be missing, and a schedule above its budget is wrong.
    """
    judges = (_too_many_series, _over_budget) if check_only else (_too_many_series,)
    found = configured(
        read_config(path),
        environ,
        judge=lambda file, targets: (line for judge in judges for line in judge(file, targets)),
        keys_needed=not check_only,
    )
    roots = pack_roots(found.file.contracts)
    references = tuple(parse_address(text) for text in found.config.connectivity)
    config = found.config
    plan = Plan(found.targets, _comparer(roots), references, config.threads, config.history_days)
    return found, plan


@contextmanager
def named_plan(wanted: Wanted, interval: float | None) -> Iterator[Plan]:
    """The plan for providers that were named, or for all with a key, while the emulator lives."""
    with engaged(wanted, os.environ) as engagements:
        targets = tuple(_engaged(engagement, interval) for engagement in engagements)
        yield Plan(targets, _comparer(pack_roots(wanted.contracts)))


def _engaged(engagement: Engagement, interval: float | None) -> Watched:
    seconds = interval or engagement.contract.settings.schedule.interval_seconds
    return Watched(
        name=engagement.target.provider,
        contract=engagement.contract,
        siblings=engagement.siblings,
        target=engagement.target,
        modules={OWN_MODULE: Manner(load_checks(), engagement.target.deadline_seconds)},
        interval_seconds=seconds,
        min_interval_seconds=2 * seconds,
    )


def _comparer(roots: Sequence[Path]) -> Callable[[Watched, str], bool]:
    def differs(watched: Watched, address: str) -> bool:
        document = watched.contract.contract.document
        page = read_source(address, Reading(roots, contract=document))
        return not compare_documents(document, page.derivation.openapi).same

    return differs


def warn(targets: Sequence[Watched]) -> None:
    """Say on stderr what will not go as people may think."""
    for target in targets:
        for problem in outlook(target).problems:
            notice(f"{target.name}: {problem}")
        if not target.target.ids:
            notice(
                f"{target.name}: {target.target.ids_env} names no conversation:"
                " only the error contract is checked"
            )


def describe(targets: Sequence[Watched], missing: Collection[str], max_series: int) -> Iterator[str]:
    """The plan line by line: what each target costs its provider and Prometheus; ``missing`` have no key."""
    total, objectives = 0, _objectives(targets)
    for target in targets:
        cost, series = (
            outlook(target),
            most_series(target.contract, len(target.siblings), objectives=objectives),
        )
        total += series
        contract, budget = target.contract.contract, target.target.budget
        yield f"{target.name}: {contract.provider}@{contract.revision}"
        yield f"  schedule   {_schedule(target, cost)}"
        yield f"  budget     {budget.per_minute} requests a minute, {budget.per_day} a day"
        yield f"  key        {target.target.auth.env}{' (not set)' if target.name in missing else ''}"
        yield f"  ids        {len(target.target.ids)} in {target.target.ids_env}"
        yield f"  modules    {', '.join(sorted(target.modules))}"
        if target.page is not None:
            yield f"  page       read every {target.page[1]:g} s"
        yield f"  series     at most {series} (allowed: {max_series})"
    yield f"in all: {count(len(targets), 'target')}, at most {total} series"


def over_budget(targets: Sequence[Watched]) -> Iterator[str]:
    """A sentence for each schedule that does not fit its budget."""
    for target in targets:
        for problem in outlook(target).problems:
            yield f"{target.name}: {problem}"


def _schedule(target: Watched, cost: Outlook) -> str:
    if target.interval_seconds is None:
        return f"none: only /probe asks, {cost.round} requests each time"
    return (
        f"every {target.interval_seconds:g} s, {cost.round} requests: at most {cost.minute} a minute and"
        f" {cost.day} a day, and {cost.errors} of the error contract"
    )


def _objectives(targets: Sequence[Watched]) -> int:
    return len({one.contract.settings.objectives.latency_seconds for one in targets})


def _too_many_series(file: ConfigFile, targets: Sequence[Watched]) -> Iterator[str]:
    objectives, most = _objectives(targets), file.max_series
    for target in targets:
        series = most_series(target.contract, len(target.siblings), objectives=objectives)
        if most is not None and series > most:
            name = token(target.name) or "*"
            yield (
                f"{file.at('max_series')}: {name} may have {series} series, and max_series"
                f" is {most}: raise it, or name fewer operations and revisions in its pack"
            )


def _over_budget(file: ConfigFile, targets: Sequence[Watched]) -> Iterator[str]:
    for target in targets:
        for problem in outlook(target).problems:
            yield f"{file.about('providers', target.name, 'interval')}: {problem}"
