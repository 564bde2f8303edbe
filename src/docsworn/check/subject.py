"""What a check is asked about, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from docsworn.check.strict_json import Parsed
from docsworn.contract.breach import Breach
from docsworn.contract.compiled import CompiledOperation, CompiledResponse
from docsworn.contract.settings import ProviderSettings
from docsworn.model import Exchange, Kind, Learned


@dataclass(frozen=True, slots=True)
class Subject:
    """One exchange held against one operation.

    ``response`` is what is documented for its status (None where no body is), ``context`` the values at
    the provider's context places (None where one is missing).
    """

    compiled: CompiledOperation
    settings: ProviderSettings
    exchange: Exchange
    parsed: Parsed
    response: CompiledResponse | None
    learned: Learned
    context: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Account:
    """What one check says of one exchange, by promise id.

    ``absent`` holds listed fields that are not there though nothing has shown yet that they always are.
    """

    kept: frozenset[str] = frozenset()
    breaches: tuple[Breach, ...] = ()
    not_evaluable: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name on the command line, what it looks at, and the kinds that it can find."""

    name: str
    summary: str
    kinds: tuple[Kind, ...]
    run: Callable[[Subject], Account]
    order: int = 100
