"""What accounts say together: those of all checks of an exchange, then those of all exchanges of a run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from docsworn.check.subject import Account
from docsworn.contract.compiled import CompiledOperation
from docsworn.model import Kind, Tally


def merged(accounts: Sequence[Account]) -> Account:
    """One account of all: what is broken in one is not kept, what is kept in one could be evaluated.

    A body exercises hundreds of promises, and a daemon is told of the same few sets again and again. Where
    nothing is broken and nothing to be learned they are united once (20 µs of a verdict, now 2).
    """
    if [account for account in accounts if account.breaches or account.lessons]:
        return _merge(accounts)
    return _merge_once(tuple(accounts))


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


_merge_once = lru_cache(maxsize=256)(_merge)


def tally_of(compiled: CompiledOperation, account: Account) -> Tally:
    """How many promises are kept, broken, not evaluable, and unseen: each counts once."""
    kept, unsure = account.kept, account.not_evaluable
    broken = {breach.promise.id for breach in account.breaches}
    foreign = compiled.sets.foreign(kept) + len((broken | unsure).difference(compiled.promises))
    unseen = len(compiled.promises) + foreign - len(kept) - len(broken) - len(unsure)
    return Tally(len(kept), len(broken), unseen, len(unsure))


def kinds_of(compiled: CompiledOperation, account: Account) -> frozenset[Kind]:
    """The kinds of which a promise was kept or broken."""
    return compiled.sets.kinds(account.kept) | {breach.kind for breach in account.breaches}
