"""What accounts say together: each promise counts once, and what was said before is found again."""

from __future__ import annotations

from tests.contract.sample import BODY, SETTINGS, contract

from docsworn.check.subject import Account, kept, nothing_broken
from docsworn.check.tally import merged, sum_of
from docsworn.contract.breach import Breach
from docsworn.contract.compiled import compile_contract
from docsworn.model import Kind, Promise, Tally

OPERATION = compile_contract(contract(BODY), SETTINGS).operation("get_call")
STATUS, LATENCY, REDIRECT = (OPERATION.promise(name) for name in ("status", "latency", "redirect"))


def broken(promise: Promise) -> Account:
    """An account of one promise broken, of a kind of its own, that says that it was kept too."""
    breach = Breach(promise, Kind.TIMEOUT, promise.pointer, "seen")
    return Account(kept=frozenset({promise.id}), breaches=(breach,))


def test_each_promise_counts_once() -> None:
    """Broken anywhere is broken, else kept, else not evaluable; the rest was not seen."""
    unsure = nothing_broken(frozenset(), frozenset({STATUS.id, LATENCY.id, REDIRECT.id}))
    account = merged([unsure, kept(STATUS, LATENCY), broken(STATUS)])
    assert account.kept == {LATENCY.id}
    assert account.not_evaluable == {REDIRECT.id}
    assert [breach.promise for breach in account.breaches] == [STATUS]
    total = sum_of(OPERATION, [account, kept(LATENCY)])
    assert total.tally == Tally(1, 1, len(OPERATION.promises) - 3, 1)
    assert total.kinds == {LATENCY.kind, Kind.TIMEOUT}


def test_a_promise_that_is_not_the_operations_adds_to_what_there_is() -> None:
    """A check of a user may keep or leave open what the contract does not list: no count is negative."""
    account = merged([nothing_broken(frozenset({"mine"}), frozenset({"open"}), frozenset({"gone"}))])
    assert sum_of(OPERATION, [account]).tally == Tally(1, 0, len(OPERATION.promises), 1)
    assert account.absent == {"gone"}


def test_what_was_said_before_is_found_again() -> None:
    """The same accounts are united once; one with a breach is no second time the same."""
    first, second = (merged([kept(STATUS), nothing_broken(frozenset({LATENCY.id}))]) for _ in range(2))
    assert first is second
    assert sum_of(OPERATION, [first]) is sum_of(OPERATION, [second])
    assert first.kept == {STATUS.id, LATENCY.id}
    breach = broken(REDIRECT)
    assert merged([kept(STATUS), breach]) is not merged([kept(STATUS), breach])


def test_nothing_said_is_nothing_kept() -> None:
    """No check had anything to say."""
    assert sum_of(OPERATION, []).tally == Tally(0, 0, len(OPERATION.promises), 0)
