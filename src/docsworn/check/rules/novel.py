"""A body looks as bodies of its situation always did: nothing new in it, nothing gone from it."""

from __future__ import annotations

from collections.abc import Iterator

from docsworn.check.places import matches
from docsworn.check.situation import any_state, conversation, situation
from docsworn.check.subject import NOTHING, Account, Check, Lesson, Subject, kept
from docsworn.contract.breach import Breach
from docsworn.contract.look import Look, Looker
from docsworn.contract.pointer import split
from docsworn.model import Kind, Novelty, Profile, Promise

_UNDOCUMENTED = Looker(None, {})


def _run(subject: Subject) -> Account:
    exchange = subject.exchange
    if exchange.failure is not None or not exchange.body or subject.parsed.problem is not None:
        return NOTHING
    where = situation(subject)
    if where is None:
        return NOTHING
    body, who, profiles = subject.parsed.value, conversation(subject), subject.learned.profiles
    profile = profiles.get(where)
    if profile is not None and profile.is_familiar(body) and not profile.is_curious(who, exchange.started):
        return kept(subject.compiled.promise("novel"))
    look = (subject.response.looker if subject.response else _UNDOCUMENTED).look(body)
    lessons = [(where, profile, look)]
    if subject.is_good and subject.settings.context:
        overall = any_state(subject)
        lessons.append((overall, profiles.get(overall), _state_of(look, subject.settings.context)))
    found = [(name, seen, _novelties(known, seen, who)) for name, known, seen in lessons]
    return _account(subject, profile, found)


def _novelties(profile: Profile | None, look: Look, who: str) -> tuple[Novelty, ...]:
    return profile.novelties(look, who) if profile is not None else ()


def _state_of(look: Look, places: tuple[str, ...]) -> Look:
    return {place: look[place] for place in places if place in look}


def _account(
    subject: Subject, profile: Profile | None, found: list[tuple[str, Look, tuple[Novelty, ...]]]
) -> Account:
    promise, who = subject.compiled.promise("novel"), conversation(subject)
    lessons = tuple(
        Lesson(name, who, look, frozenset(novelty.pointer for novelty in novelties))
        for name, look, novelties in found
    )
    novelties = [novelty for _, _, each in found for novelty in each]
    told = set(_told(subject)) if novelties else set()
    breaches = {
        novelty.pointer: _breach(promise, novelty)
        for novelty in novelties
        if not any(_covers(pointer, novelty.pointer) for pointer in told)
    }
    known = frozenset({promise.id}) if profile is not None and not novelties else frozenset[str]()
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
    for promise, pointer in subject.survey.absent:
        if subject.learned.expects(promise.id, subject.context):
            yield pointer


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
