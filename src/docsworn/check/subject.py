"""What a check is asked about, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from docsworn.check.situation import conversation
from docsworn.check.strict_json import Parsed
from docsworn.contract.breach import Breach
from docsworn.contract.compiled import CompiledOperation, CompiledResponse
from docsworn.contract.look import Look
from docsworn.contract.settings import ProviderSettings
from docsworn.contract.survey import Survey
from docsworn.model import Case, Exchange, Kind, Learned, Profile, Promise, Purpose, Severity


@dataclass(frozen=True, slots=True)
class Subject:
    """One exchange held against one operation.

    ``response`` is what is documented for its status (None where no body is), ``context`` the values at
    the provider's context places (None where one is missing). ``described`` is the response where a
    parsed body is there too; ``survey`` then says what the body shows (None where that failed, by our own
    fault, which is told elsewhere). ``situation`` is what the body is compared within (None where it
    cannot be), ``profile`` what is usual there. A body that is ``usual`` is proven to keep the schema,
    to have documented fields only, and to show nothing that was not there before.
    """

    compiled: CompiledOperation
    settings: ProviderSettings
    exchange: Exchange
    parsed: Parsed
    response: CompiledResponse | None
    learned: Learned
    context: tuple[str, ...] | None
    described: CompiledResponse | None = None
    survey: Survey | None = None
    situation: str | None = None
    profile: Profile | None = None
    usual: bool = False

    @property
    def case(self) -> Case:
        """The case that was sent."""
        return self.exchange.case

    @property
    def missed(self) -> frozenset[str]:
        """The listed fields (by promise id) that are not there though they were always, and here before."""
        if self.survey is None:
            return frozenset()
        missed = self.learned.expected(self.survey.lacking, self.context)
        if not missed or self.profile is None:
            return missed
        return missed - self.profile.lacked(conversation(self.case))

    @property
    def is_good(self) -> bool:
        """Whether the request was meant to be answered well."""
        return self.exchange.case.purpose is Purpose.GOOD


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one body looked like in one situation, and which promises its schema put to the test.

    ``absent`` are listed fields that it lacked, which nobody told; ``claims`` places that were told as novel.
    """

    situation: str = field(repr=False)
    conversation: str = field(repr=False)
    look: Look = field(repr=False)
    shown: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    claims: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Account:
    """What one check says of one exchange, by promise id.

    ``absent`` holds listed fields that are not there though nothing has shown yet that they always are,
    ``lessons`` what a profile can learn from the body, ``crashes`` a sentence for each part of the check
    that failed by our own fault. Accounts are told apart by identity, so that to find one again is quick.
    """

    kept: frozenset[str] = frozenset()
    breaches: tuple[Breach, ...] = ()
    not_evaluable: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    lessons: tuple[Lesson, ...] = ()
    crashes: tuple[str, ...] = ()


NOTHING = Account()


def kept(promise: Promise, *others: Promise) -> Account:
    """The account of promises that were kept."""
    return _kept(promise.id, *[other.id for other in others]) if others else _kept(promise.id)


@lru_cache(maxsize=1024)
def _kept(*promises: str) -> Account:
    return nothing_broken(frozenset(promises))


@lru_cache(maxsize=768)
def nothing_broken(
    kept: frozenset[str],
    not_evaluable: frozenset[str] = frozenset(),
    absent: frozenset[str] = frozenset(),
) -> Account:
    """The account of an exchange in which nothing was wrong: the same one for the same promises."""
    return Account(kept, (), not_evaluable, absent)


def broken(
    promise: Promise,
    observed: str,
    *,
    kind: Kind | None = None,
    severity: Severity | None = None,
    reason: str | None = None,
) -> Account:
    """The account of one promise broken at its own place; ``kind`` and ``severity`` override its own."""
    breach = Breach(promise, kind or promise.kind, promise.pointer, observed, severity, reason)
    return Account(breaches=(breach,))


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name on the command line, what it looks at, and the kinds that it can find."""

    name: str
    summary: str
    kinds: tuple[Kind, ...]
    run: Callable[[Subject], Account]
    order: int = 100
