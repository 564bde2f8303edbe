"""What accounts say together: those of all checks of an exchange, then those of all exchanges of a run.

A body exercises hundreds of promises, and a daemon is told of the same few sets of them again and again.
Where nothing is broken and nothing to be learned they are united and counted once (40 µs of a verdict,
now 1). To compare large sets costs too: accounts are told apart by identity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from docsworn.check.subject import Account
from docsworn.contract.compiled import CompiledOperation
from docsworn.model import Kind, Tally

_MAX_KNOWN = 256


@dataclass(frozen=True, slots=True)
class Sum:
    """How many promises of an operation a run has kept and broken, and of which kinds these are."""

    tally: Tally
    kinds: frozenset[Kind]


def merged(accounts: Sequence[Account]) -> Account:
    """One account of all: what is broken in one is not kept, what is kept in one could be evaluated."""
    return _merge_once(tuple(accounts)) if _is_plain(accounts) else _merge(accounts)


def sum_of(compiled: CompiledOperation, accounts: Sequence[Account]) -> Sum:
    """What all accounts of a run come to."""
    return _add_once(compiled, tuple(accounts)) if _is_plain(accounts) else _add(compiled, accounts)


def _is_plain(accounts: Sequence[Account]) -> bool:
    return not [account for account in accounts if account.breaches or account.lessons]


def _merge(accounts: Sequence[Account]) -> Account:
    breaches = tuple(breach for account in accounts for breach in account.breaches)
    broken = {breach.promise.id for breach in breaches}
    kept = frozenset[str]().union(*(account.kept for account in accounts)) - broken
    return Account(
        kept=kept,
        breaches=breaches,
        not_evaluable=frozenset().union(*(account.not_evaluable for account in accounts)) - broken - kept,
        absent=frozenset().union(*(account.absent for account in accounts)),
        lessons=tuple(lesson for account in accounts for lesson in account.lessons),
    )


def _add(compiled: CompiledOperation, accounts: Sequence[Account]) -> Sum:
    """Each promise counts once: broken, kept, not evaluable, else unseen."""
    account = _merge(accounts)
    broken = {breach.promise.id for breach in account.breaches}
    seen = account.kept | broken | account.not_evaluable
    return Sum(
        Tally(
            kept=len(account.kept),
            broken=len(broken),
            unseen=len(compiled.promises.keys() - seen),
            not_evaluable=len(account.not_evaluable),
        ),
        frozenset(kind for kind, ids in compiled.by_kind.items() if not ids.isdisjoint(account.kept))
        | {breach.kind for breach in account.breaches},
    )


_merge_once = lru_cache(_MAX_KNOWN)(_merge)
_add_once = lru_cache(_MAX_KNOWN)(_add)
