"""A body looks as bodies of its situation always did: nothing new in it, nothing gone from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from docsworn.check.evidence import GONE
from docsworn.check.places import matches
from docsworn.check.situation import any_state, conversation
from docsworn.check.subject import NOTHING, Account, Check, Lesson, Subject, kept
from docsworn.contract.breach import Breach
from docsworn.contract.look import Look, Looker
from docsworn.contract.pointer import split
from docsworn.model import Exchange, Kind, Novelty, Profile, Promise

_UNDOCUMENTED = Looker(None, {})


def _run(subject: Subject) -> Account:
    if subject.usual:
        return kept(subject.compiled.promise("novel"))
    exchange, where = subject.exchange, subject.situation
    if exchange.failure is not None or not exchange.body or subject.parsed.problem is not None:
        return NOTHING
    if where is None:
        return NOTHING
    body, who, profile = subject.parsed.value, conversation(subject.case), subject.profile
    shown = subject.survey.exercised if subject.survey else frozenset[str]()
    lost = profile.lost(shown, who) if profile is not None else frozenset[str]()
    if profile is not None and not lost and _nothing_to_see(profile, body, who, exchange):
        return kept(subject.compiled.promise("novel"))
    look = (subject.response.looker if subject.response else _UNDOCUMENTED).look(body)
    novelties = _novelties(profile, look, who)
    seen = _Seen(where, look, (*novelties, *_gone(subject, lost, novelties)))
    if not (subject.is_good and subject.settings.context):
        return _account(subject, shown, [seen])
    overall, states = any_state(exchange), _state_of(look, subject.settings.context)
    profiles = subject.learned.profiles
    return _account(
        subject, shown, [seen, _Seen(overall, states, _novelties(profiles.get(overall), states, who))]
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a body showed in one situation, and what of that is new there."""

    situation: str
    look: Look
    novelties: tuple[Novelty, ...]


def _nothing_to_see(profile: Profile, body: object, who: str, exchange: Exchange) -> bool:
    return profile.is_familiar(body) and not profile.is_curious(who, exchange.started)


def _novelties(profile: Profile | None, look: Look, who: str) -> tuple[Novelty, ...]:
    return profile.novelties(look, who) if profile is not None else ()


def _state_of(look: Look, places: tuple[str, ...]) -> Look:
    return {place: look[place] for place in places if place in look}


def _gone(subject: Subject, lost: frozenset[str], told: Sequence[Novelty]) -> Iterator[Novelty]:
    """The outermost places that the conversation always had and has no longer, and nothing else tells."""
    known = {novelty.pointer for novelty in told}
    places = {
        subject.compiled.promises[promise].pointer for promise in lost & subject.compiled.promises.keys()
    }
    for place in sorted(places):
        if not any(place.startswith(f"{other}/") for other in places | known):
            usual = "always there in the responses of this conversation"
            yield Novelty(Kind.NOVEL, place, usual, GONE)


def _account(subject: Subject, shown: frozenset[str], found: Sequence[_Seen]) -> Account:
    promise, who = subject.compiled.promise("novel"), conversation(subject.case)
    absent = subject.survey.lacking - subject.missed if subject.survey else frozenset[str]()
    lessons = tuple(
        Lesson(
            seen.situation, who, seen.look, shown, absent, frozenset(each.pointer for each in seen.novelties)
        )
        for seen in found
    )
    novelties = [novelty for seen in found for novelty in seen.novelties]
    told = set(_told(subject)) if novelties else set()
    breaches: dict[str, Breach] = {}
    for novelty in novelties:
        if not any(_covers(pointer, novelty.pointer) for pointer in told):
            breaches.setdefault(novelty.pointer, _breach(promise, novelty))
    known = frozenset() if breaches else frozenset({promise.id})
    return Account(kept=known, breaches=tuple(breaches.values()), lessons=lessons)


def _breach(promise: Promise, novelty: Novelty) -> Breach:
    return Breach(
        promise, novelty.kind, novelty.pointer, novelty.observed, promise.severity, None, novelty.usual
    )


def _told(subject: Subject) -> Iterator[str]:
    """The places of which another check tells already."""
    if subject.response is None or subject.survey is None:
        return
    if not subject.response.is_valid(subject.parsed.value):
        yield from (breach.pointer for breach in subject.response.breaches(subject.parsed.value))
    missed = subject.missed
    yield from (pointer for promise, pointer in subject.survey.absent if promise.id in missed)


def _covers(told: str, pointer: str) -> bool:
    """Whether a place is one that was told, or lies below it."""
    depth = len(split(told))
    parts = pointer.split("/")
    return matches(told, "/".join(parts[: depth + 1]))


CHECK = Check(
    name="novel",
    summary="the body looks as bodies in its situation always did (learned with --history)",
    kinds=(Kind.NOVEL, Kind.VANISHED),
    run=_run,
    order=75,
)
