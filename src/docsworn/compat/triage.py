"""Documentation, contract and live API held against each other: who has moved, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from docsworn.check.places import matches
from docsworn.contract.pointer import split
from docsworn.derive.compare import Difference
from docsworn.model import Confidence, Finding, Kind, Severity
from docsworn.observe.ledger import Entry


class Situation(StrEnum):
    """What has happened between documentation, contract and live API."""

    AGREE = "all agree"
    ANNOUNCED = "announced"
    DOCUMENTED_CHANGE = "documented change"
    DOCUMENTATION_WRONG = "documentation wrong"
    CHANGED_APART = "changed apart"
    SILENT_CHANGE = "silent change"


class Sureness(StrEnum):
    """How sure a situation is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


ADVICE: Mapping[Situation, str] = {
    Situation.AGREE: "nothing to do",
    Situation.ANNOUNCED: "the documentation has changed, live has not: prepare",
    Situation.DOCUMENTED_CHANGE: "both have changed: take the new revision",
    Situation.DOCUMENTATION_WRONG: "live never matched: tell the provider, or waive it",
    Situation.CHANGED_APART: "both have changed, differently: tell the provider",
    Situation.SILENT_CHANGE: "live has changed, the documentation has not: tell the provider",
}

# The later in this list, the more it matters: the situation of a provider is its worst place's.
_WEIGHT = tuple(Situation)
_SURENESS = (Sureness.LOW, Sureness.MEDIUM, Sureness.HIGH)

# What an API's contract is about; outages and slowness are no change of it.
CONTRACT_KINDS = frozenset({
    Kind.STATUS, Kind.HEADER, Kind.CONTENT_TYPE, Kind.UNPARSEABLE, Kind.MISSING, Kind.TYPE, Kind.ENUM,
    Kind.FORMAT, Kind.BOUND, Kind.UNDOCUMENTED, Kind.INVARIANT, Kind.IDENTITY, Kind.VANISHED, Kind.NOVEL,
})  # fmt: skip

# A key that is refused, an id that is gone or a crowded server say nothing of the contract.
_NO_CHANGE = frozenset({"auth", "refused", "rate_limited", "request_timeout"})


@dataclass(frozen=True, slots=True)
class Concern:
    """One fact on which the three do not agree; ``line`` is the documentation's (0: none says it)."""

    situation: Situation
    sureness: Sureness
    status: str
    pointer: str | None
    documentation: str
    live: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Triage:
    """The situation of a provider, how sure it is and why, and the facts concerned, worst first."""

    situation: Situation
    sureness: Sureness
    why: str
    concerns: tuple[Concern, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found: the documentation's difference from the contract, and what live broke.

    ``contract`` are findings against the contract, ``page`` against the documentation as it is today,
    ``older`` against an earlier revision (None: there is none). ``ledger`` tells of earlier rounds;
    ``answered`` whether a good response with a body was seen.
    """

    difference: Difference
    contract: tuple[Finding, ...]
    page: tuple[Finding, ...]
    ledger: Mapping[str, Entry]
    older: tuple[Finding, ...] | None = None
    confidences: Mapping[str, Confidence] | None = None
    answered: bool = True


@dataclass(frozen=True, slots=True)
class _Move:
    """One thing that the documentation says otherwise now."""

    status: str
    pointer: str | None
    words: str
    line: int


def triage(evidence: Evidence) -> Triage:
    """The situation that the evidence shows."""
    broken = _of_the_contract(evidence.contract)
    moves = list(_moves(evidence.difference))
    concerns = [_documented(move, broken, _of_the_contract(evidence.page), evidence) for move in moves]
    told = {f.fingerprint for f in broken for move in moves if _concerns(move, f)}
    concerns += [_live(finding, evidence) for finding in broken if finding.fingerprint not in told]
    if not concerns:
        return _agreed(evidence)
    worst = max(concerns, key=lambda found: _WEIGHT.index(found.situation)).situation
    leading = [found for found in concerns if found.situation is worst]
    surest = max(leading, key=lambda found: _SURENESS.index(found.sureness))
    ranked = sorted(concerns, key=lambda found: -_WEIGHT.index(found.situation))
    return Triage(worst, surest.sureness, surest.why, tuple(ranked))


def _agreed(evidence: Evidence) -> Triage:
    if not evidence.answered:
        return Triage(Situation.AGREE, Sureness.LOW, "no good response was seen: only documentation agrees")
    return Triage(Situation.AGREE, Sureness.HIGH, "no fact has changed, and live kept what it showed")


def _of_the_contract(findings: Sequence[Finding]) -> list[Finding]:
    return [
        finding
        for finding in findings
        if finding.kind in CONTRACT_KINDS
        and finding.reason not in _NO_CHANGE
        and finding.waived is None
        and finding.severity is not Severity.INFO
    ]


def _moves(difference: Difference) -> Iterator[_Move]:
    for what, facts in (("now documented", difference.added), ("no longer documented", difference.gone)):
        for fact in facts:
            words = f"{what}: {'|'.join(fact.types) or 'a value of any type'}"
            yield _Move(fact.status, fact.pointer, words, fact.line if facts is difference.added else 0)
    for change in difference.changed:
        before, after = (_in_words(side) for side in (change.contract, change.page))
        yield _Move(change.status, change.pointer, f"{change.what}: {before} -> {after}", change.line)


def _in_words(side: object) -> str:
    return ", ".join(str(item) for item in side) or "none" if isinstance(side, tuple) else str(side)


def _concerns(move: _Move, finding: Finding) -> bool:
    """Whether a finding is about what the documentation changed: at its place, or above it."""
    if move.pointer is None or not _same_status(move.status, finding):
        return False
    parts = split(move.pointer)
    above = chain([move.pointer], ("/" + "/".join(parts[:length]) for length in range(len(parts) - 1, 0, -1)))
    exact, *holders = above
    if matches(exact, finding.pointer):
        return True
    return finding.kind is Kind.UNDOCUMENTED and any(matches(place, finding.pointer) for place in holders)


def _same_status(status: str, finding: Finding) -> bool:
    """The status that a finding's promise is of; operational promises are of any."""
    scope = finding.promise.partition(":")[0].partition("#")[0]
    of = scope.rpartition(".")[2] if "." in scope else None
    return of is None or of == status


def _documented(
    move: _Move, broken: Sequence[Finding], page: Sequence[Finding], evidence: Evidence
) -> Concern:
    """A place at which the documentation has moved: has live moved with it?"""
    from_contract = [finding for finding in broken if _concerns(move, finding)]
    from_page = [finding for finding in page if _concerns(move, finding)]
    if from_contract and not from_page:
        verdict = (Situation.DOCUMENTED_CHANGE, Sureness.HIGH, "live keeps the page and not the contract")
    elif from_contract:
        situation, sureness, _ = _when(from_contract[0], evidence)
        if situation is Situation.SILENT_CHANGE:  # silent it is not: the documentation has moved here too
            situation = Situation.CHANGED_APART
        verdict = (situation, sureness, "live keeps neither the contract nor the page")
    elif from_page:
        verdict = (Situation.ANNOUNCED, Sureness.HIGH, "live keeps the contract and not yet the page")
    elif evidence.answered and move.status != "request":
        verdict = (Situation.ANNOUNCED, Sureness.MEDIUM, "live has shown nothing that tells them apart")
    else:
        verdict = (Situation.ANNOUNCED, Sureness.LOW, "live was not seen here")
    live = _seen(from_contract[0]) if from_contract else "keeps the contract, as far as it was seen"
    return Concern(verdict[0], verdict[1], move.status, move.pointer, move.words, live, move.line, verdict[2])


def _live(finding: Finding, evidence: Evidence) -> Concern:
    """A place at which only live differs: has it changed, or was it never so?"""
    situation, sureness, why = _when(finding, evidence)
    scope = finding.promise.partition(":")[0].partition("#")[0]
    status = scope.rpartition(".")[2] if "." in scope else "200"
    documentation = f"unchanged: {finding.documented}"
    line = finding.source.line
    return Concern(situation, sureness, status, finding.pointer, documentation, _seen(finding), line, why)


def _seen(finding: Finding) -> str:
    return f"{finding.kind}: {finding.observed}"


def _when(finding: Finding, evidence: Evidence) -> tuple[Situation, Sureness, str]:
    """Whether a broken promise was ever kept, by what earlier rounds and revisions tell."""
    older = evidence.older
    if older is not None and not any(_same_place(finding, other) for other in older):
        return Situation.ANNOUNCED, Sureness.MEDIUM, "live still keeps the earlier revision"
    known = evidence.ledger.get(finding.promise)
    if known is not None and known.kept and not known.broken:
        return Situation.SILENT_CHANGE, Sureness.HIGH, f"live kept this {known.kept} times before"
    if known is not None and known.kept:
        words = f"live kept this {known.kept} times before and broke it {known.broken} times"
        return Situation.SILENT_CHANGE, Sureness.MEDIUM, words
    if known is not None and known.broken:
        words = f"live broke this {known.broken} times before and never kept it"
        return Situation.DOCUMENTATION_WRONG, Sureness.HIGH, words
    sure = (evidence.confidences or {}).get(finding.promise, Confidence.DOCUMENTED)
    if sure in (Confidence.INFERRED, Confidence.CURATED):
        words = f"no history, and the documentation does not say it in so many words ({sure})"
        return Situation.DOCUMENTATION_WRONG, Sureness.LOW, words
    return Situation.SILENT_CHANGE, Sureness.LOW, "no history: live may never have been otherwise"


def _same_place(finding: Finding, other: Finding) -> bool:
    return other.kind in CONTRACT_KINDS and finding.pointer == other.pointer
