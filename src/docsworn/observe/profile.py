"""The profile of one situation: what its bodies have looked like, and which novelty may be told.

A novelty is told on evidence only. Of a conversation that was read before in the same situation the
question is how often such a conversation brought anything new: not in 20 responses in a row, of two
conversations or more. Of a conversation that is new there, 20 others must have brought nothing new.
With n straight responses without it a thing has a probability of at most 3/n, at 95 %.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any

import jsonschema_rs

from docsworn.check.evidence import always_there, bound
from docsworn.check.situation import ANY_STATE
from docsworn.check.subject import Lesson
from docsworn.contract.look import DOCUMENTED, Facts, Look, Sort
from docsworn.contract.pointer import join, split
from docsworn.model import Kind, Novelty
from docsworn.observe.familiar import compile_familiar
from docsworn.observe.memory import Memory, memory_of
from docsworn.observe.novelty import News, news_at
from docsworn.observe.usual import Teacher, Usual, learn, usual_of

ENOUGH = 20
ACQUAINTED = 5  # responses after which a conversation is known
_SETTLED = 40  # responses of a conversation after which only some of them teach
_EVERY = 32  # of a settled conversation's responses one in so many teaches
_MAX_CONVERSATIONS = 1_000
_MAX_PLACES = 5_000


@dataclass(frozen=True, slots=True)
class Evidence:
    """What all situations of an operation have shown: responses of known conversations, and of how many."""

    known_responses: int = 0
    several: bool = False


@dataclass(slots=True)
class State:
    """What is stored of a situation; ``conversations`` maps anonymous names to numbers of responses."""

    conversations: dict[str, int] = field(default_factory=dict)
    known_responses: int = 0
    places: dict[str, Usual] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)

    def as_json(self) -> dict[str, Any]:
        """The state as JSON data."""
        return {
            "conversations": self.conversations,
            "known_responses": self.known_responses,
            "places": {pointer: usual.as_json() for pointer, usual in self.places.items()},
            "memory": self.memory.as_json(),
        }


def state_of(stored: Mapping[str, Any]) -> State:
    """The state from what was stored."""
    places = {pointer: usual_of(record) for pointer, record in stored["places"].items()}
    return State(stored["conversations"], stored["known_responses"], places, memory_of(stored["memory"]))


def anonymous(salt: str, text: str) -> str:
    """A text told from another without keeping it: 12 hex digits, others in another history."""
    data = text.encode("utf-8", "backslashreplace")
    return hashlib.blake2b(data, key=salt.encode(), digest_size=6).hexdigest()


def teach(state: State, lesson: Lesson, salt: str) -> None:
    """Take in what one body looked like."""
    conversation = anonymous(salt, lesson.conversation)
    times = state.conversations.get(conversation, 0)
    if not times and len(state.conversations) >= _MAX_CONVERSATIONS:
        return
    state.known_responses += bool(times)
    teacher = Teacher(
        conversation,
        known=times >= ACQUAINTED,
        known_responses=state.known_responses,
        conversations=len(state.conversations),
        hashed=_hasher(salt),
        of_states=tells_states(lesson.situation),
    )
    for pointer, facts in lesson.look.items():
        usual = state.places.get(pointer)
        if usual is None:
            if len(state.places) >= _MAX_PLACES or _below(pointer, lesson.claims):
                continue
            usual = state.places[pointer] = Usual()
        learn(usual, facts, teacher, claimed=pointer in lesson.claims)
    if not lesson.claims:
        state.memory.keep(conversation, lesson.shown, lesson.absent, state.known_responses)
    state.conversations[conversation] = times + 1


class SituationProfile:
    """One situation's profile; what it says never changes, so threads may share it."""

    def __init__(self, state: State, evidence: Evidence, salt: str) -> None:
        self._state, self._evidence, self._salt = state, evidence, salt
        # A daemon asks for the same few conversations again and again.
        self._name = lru_cache(_MAX_CONVERSATIONS)(partial(anonymous, salt))
        # The validator of what is usual within a closed schema (True: within none).
        self._validators: dict[int, tuple[Mapping[str, Any] | bool, jsonschema_rs.Draft202012Validator]] = {}
        # Words by place and hash that are not stored in clear, but were heard again since.
        self._heard: dict[str, dict[str, str]] = {}
        self._shown: dict[str, frozenset[str]] = {}
        # What lost nothing, by conversation: a survey gives the same set for the same shapes.
        self._kept: dict[str, frozenset[str]] = {}

    @property
    def conversations(self) -> int:
        """How many conversations were read in this situation."""
        return len(self._state.conversations)

    @property
    def is_ready(self) -> bool:
        """Whether there is evidence for anything at all."""
        return self._evidence.several and self._evidence.known_responses >= ENOUGH

    def is_familiar(self, body: Any) -> bool:
        """Whether a body shows nothing that was not there before: the fast way."""
        return self.is_ready and self._validator(True).is_valid(body)

    def is_usual(self, body: Any, closed: Mapping[str, Any] | None) -> bool:
        """Whether a body is familiar and keeps a closed schema (None: there is no such proof)."""
        if closed is None or not self.is_ready:
            return False
        return self._validator(closed).is_valid(body)

    def _validator(self, closed: Mapping[str, Any] | bool) -> jsonschema_rs.Draft202012Validator:
        known = self._validators.get(id(closed))
        if known is None or known[0] is not closed:
            known = self._validators[id(closed)] = closed, compile_familiar(self._places(), closed)
        return known[1]

    def _places(self) -> Mapping[str, Usual]:
        places = self._state.places
        return places | {
            place: replace(places[place], words=places[place].words | heard)
            for place, heard in self._heard.copy().items()  # another thread may hear meanwhile
        }

    def is_curious(self, conversation: str, started: float) -> bool:
        """Whether a familiar body should teach all the same: always at first, then now and then."""
        times = self._state.conversations.get(self._name(conversation), 0)
        return times < _SETTLED or int(started * 1000) % _EVERY == 0

    def lost(self, shown: frozenset[str], conversation: str) -> frozenset[str]:
        """The promises that a conversation always put to the test, and now does not."""
        memory = self._state.memory
        if not self.is_ready or not self._is_steady(memory.losses, memory.lost_at):
            return frozenset()
        always = self._shown.get(conversation)
        if always is None:
            name = self._name(conversation)
            known = self._state.conversations.get(name, 0) >= ACQUAINTED
            always = memory.shown(name) if known else frozenset()
            if known:
                self._shown[conversation] = always
        if self._kept.get(conversation) is shown:
            return frozenset()
        if always <= shown:
            self._kept[conversation] = shown
            return frozenset()
        return always - shown

    def lacked(self, conversation: str) -> frozenset[str]:
        """The promises of listed fields that a conversation lacked when it was read last, as it may."""
        return self._state.memory.absent(self._name(conversation))

    def novelties(self, look: Look, conversation: str) -> tuple[Novelty, ...]:
        """What a look shows that there is enough evidence against, each place once, outer ones first."""
        if not self.is_ready:
            return ()
        times = self._state.conversations.get(self._name(conversation), 0)
        hashed = _hasher(self._salt)
        found: dict[str, Novelty] = {}
        for pointer, facts in sorted(look.items()):
            usual = self._state.places.get(pointer)
            if usual is None:
                continue
            self._hear(pointer, usual, facts, hashed)
            for news in news_at(usual, facts, hashed):
                if self._is_sure(usual, news.sort, times):
                    told = _told(pointer, usual, news, self.conversations)
                    found.setdefault(told.pointer, told)
        return tuple(found.values())

    def _hear(self, pointer: str, usual: Usual, facts: Facts, hashed: Callable[[str], str]) -> None:
        """Keep the words of an enum that are known by their hash only, in memory: a validator has none."""
        if not usual.is_enum:
            return
        known, heard = usual.known(Sort.TOKEN) or (), self._heard.get(pointer, {})
        told = {hashed(each): each.removeprefix(DOCUMENTED) for each in map(str, facts.get(Sort.TOKEN, ()))}
        fresh = {
            name: word for name, word in told.items() if name in known and name not in usual.words | heard
        }
        if fresh:
            self._heard[pointer] = heard | fresh
            self._validators.clear()

    def _is_sure(self, usual: Usual, sort: Sort, times: int) -> bool:
        """Whether there is evidence that nothing new of a sort comes at a place."""
        if times < ACQUAINTED:
            return len(self._state.conversations) - usual.since.get(sort, 0) > ENOUGH
        count, at = usual.surprises.get(sort, (0, 0))
        return self._is_steady(count, at)

    def _is_steady(self, surprises: int, at: int) -> bool:
        """Whether known conversations bring nothing new: each surprise asks for twice the evidence."""
        return not surprises or self._state.known_responses - at >= ENOUGH * 2 ** min(surprises, 20)


def tells_states(situation: str) -> bool:
    """Whether a situation has no state itself: what is learned there is what states there are."""
    return bool(json.loads(situation)[-1] == ANY_STATE)


def _told(pointer: str, usual: Usual, news: News, conversations: int) -> Novelty:
    sure = f"in {usual.seen} response{'' if usual.seen == 1 else 's'}"
    if usual.seen >= ENOUGH:
        sure += f"; otherwise in at most {bound(usual.seen)} at 95 %"
    place = pointer if news.gone is None else join(*split(pointer), news.gone)
    steady = usual.seen >= ENOUGH and usual.several and news.gone in (usual.always or ())
    if steady:
        return Novelty(Kind.VANISHED, place, always_there(usual.seen, conversations), news.observed)
    return Novelty(Kind.NOVEL, place, f"{news.usual} {sure}", news.observed)


def _below(pointer: str, claims: frozenset[str]) -> bool:
    return any(pointer == claim or pointer.startswith(f"{claim}/") for claim in claims)


def _hasher(salt: str) -> Callable[[str], str]:
    """Tokens as they are stored: the page's own as they are, others anonymous."""
    return lambda token: token if not token or token[0] == "=" else anonymous(salt, token)
