"""The embedded emulator as the target of a probe; ``engage`` imports this only where it is wanted.

A live check needs no server, whose import is a good part of its start.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from docsworn.contract.compiled import CompiledContract
from docsworn.contract.packs import Provider
from docsworn.contract.settings import BudgetSettings
from docsworn.emulate.server import Emulator
from docsworn.probe.target import Key, Target, resolve_target

# The emulator costs nothing; a budget there bounds a mistake, no bill.
_BUDGET = BudgetSettings(per_minute=100_000, per_day=100_000_000)


@contextmanager
def emulated_targets(loaded: Sequence[tuple[Provider, CompiledContract]]) -> Iterator[tuple[Target, ...]]:
    """A target for each contract, in their order, while the emulator lives."""
    revisions = {contract.contract.provider: contract.contract.revision for _, contract in loaded}
    with Emulator([provider for provider, _ in loaded], revisions=revisions) as emulator:
        yield tuple(emulated_target(contract, emulator) for _, contract in loaded)


def emulated_target(contract: CompiledContract, emulator: Emulator) -> Target:
    """The embedded emulator as the target of one provider; its history is kept under ``emulator``."""
    target = resolve_target(contract.settings, {}, base_url=emulator.base_url)
    ids = emulator.ids(contract.contract.provider)
    return replace(target, key=Key("emulator"), ids=ids, host="emulator", budget=_BUDGET)
