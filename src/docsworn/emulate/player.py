"""A provider being emulated: who may ask, what is answered, and what its answers are under now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property

import orjson

from docsworn.contract.packs import Provider
from docsworn.contract.settings import Auth
from docsworn.emulate.bodies import Query, Variant
from docsworn.emulate.dice import Dice
from docsworn.emulate.drift import Drift, apply
from docsworn.emulate.drifts import drifts_of
from docsworn.emulate.lives import answers_as, by_name, later_states, next_state
from docsworn.emulate.refusals import Answer, render
from docsworn.emulate.script import Script, script_of
from docsworn.emulate.stage import Conversation, Stage, build_stages
from docsworn.errors import ConfigError, UnknownNameError
from docsworn.model import Purpose

INVALID = "invalid"  # a key that begins so is a wrong one; every other one is right

Answers = tuple[tuple[Query, Answer], ...]


@dataclass(frozen=True, slots=True)
class Playing:
    """All answers as they are now: ``good`` by operation and conversation, ``refused`` by operation."""

    good: Mapping[tuple[str, str], Answers]
    refused: Mapping[str, Mapping[Purpose, Answer]]


class Player:
    """One emulated provider; answers are rendered when it is made, drifts, or a conversation moves.

    A change swaps one reference, so any thread may make it while others answer.
    """

    def __init__(self, script: Script, *, seed: int = 0) -> None:
        self.script = script
        self.name, self.revision = script.name, script.contract.revision
        self.stages = build_stages(script, seed)
        self._states: dict[tuple[str, str], str] = {}
        self._drift: Drift | None = None
        self._dice = Dice()
        self._plain = self._drifted = self._render(None)

    @property
    def conversations(self) -> tuple[Conversation, ...]:
        """All conversations of all operations, in the order of the scenarios."""
        return tuple(each for stage in self.stages for each in stage.conversations.values())

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the conversations."""
        return tuple(each.id for each in self.conversations)

    @cached_property
    def listed_drifts(self) -> tuple[Drift, ...]:
        """Every drift that the contract makes possible and a scenario shows."""
        return drifts_of(self.script.contract, self.stages, asks_key=self.script.auth is not None)

    def listed_drift(self, identifier: str) -> Drift:
        """A drift by its id; ConfigError with a guess where there is none."""
        known = {each.id: each for each in self.listed_drifts}
        if identifier not in known:
            close = get_close_matches(identifier[:200], known, n=1, cutoff=0.0)
            hint = f'did you mean "{close[0]}"?' if close else "none is possible"
            raise ConfigError(f'unknown drift of {self.name} "{identifier[:200]}": {hint}')
        return known[identifier]

    @property
    def drift(self) -> Drift | None:
        """The drift that the answers are under."""
        return self._drift

    @drift.setter
    def drift(self, drift: Drift | None) -> None:
        self.set_drift(drift, Dice())

    def set_drift(self, drift: Drift | None, dice: Dice) -> None:
        """Puts a share of the answers under a drift, or ends it; ConfigError where it changes nothing."""
        self._drifted, self._drift, self._dice = self._under(drift), drift, dice

    def state(self, stage: Stage, identifier: str) -> str:
        """The name of the scenario that a conversation is in."""
        return self._states.get((stage.operation.id, identifier), stage.conversations[identifier].name)

    def later(self, stage: Stage, identifier: str) -> tuple[str, ...]:
        """The states that a conversation may still come to."""
        return later_states(by_name(stage.conversations.values()), self.state(stage, identifier))

    def move(self, stage: Stage, identifier: str, state: str | None = None) -> str:
        """Moves a conversation on in its life, to the usual next state or a later one; returns its name."""
        names = by_name(stage.conversations.values())
        reached = next_state(names, self.state(stage, identifier), state)
        self._put(stage, identifier, reached)
        return reached

    def restart(self, stage: Stage, identifier: str) -> None:
        """Puts a conversation back into the state that its life began with."""
        self._put(stage, identifier, stage.conversations[identifier].name)

    def find(self, identifier: str) -> Stage:
        """The operation that has a conversation; UnknownNameError where none has."""
        for stage in self.stages:
            if identifier in stage.conversations:
                return stage
        raise UnknownNameError(f"conversation of {self.name}", identifier[:200], self.ids)

    def answer(
        self,
        stage: Stage,
        identifier: str,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        drift: Drift | None = None,
    ) -> Answer:
        """The response to a request; ``headers`` are looked up by name, case ignored.

        ``drift`` is one for this answer only.
        """
        auth = self.script.auth
        refused = None if auth is None else _refused_key(auth, headers.get(auth.header))
        wanted = identifier if stage.id_parameter is not None else next(iter(stage.conversations))
        if refused is None and wanted not in stage.conversations:
            refused = stage.purpose_of(wanted)
        playing = self._drifted if self._drift is None or self._dice.falls() else self._plain
        if refused is not None:
            refusals = playing.refused[stage.operation.id] if drift is None else _refusals(stage, drift)
            return refusals[refused]
        answers = (
            playing.good[stage.operation.id, wanted] if drift is None else self._one(stage, wanted, drift)
        )
        if not query:
            return answers[-1][1]
        asked = query.items()
        fitting = (answer for needed, answer in answers if all(pair in asked for pair in needed))
        return next(fitting, answers[-1][1])

    def _put(self, stage: Stage, identifier: str, state: str) -> None:
        self._states[stage.operation.id, identifier] = state
        plain = self._render(None)
        self._plain, self._drifted = plain, plain if self._drift is None else self._render(self._drift)

    def _under(self, drift: Drift | None) -> Playing:
        """All answers under a drift; ConfigError where it changes none of them."""
        if drift is None:
            return self._plain
        if drift.conversation is not None and drift.conversation not in self.ids:
            raise ConfigError(f"{self.name} has no conversation with the id that the drift names")
        try:
            playing = self._render(drift)
        except orjson.JSONEncodeError:
            raise ConfigError("the drift's value is no JSON, or nested too deeply") from None
        if playing == self._plain:
            raise ConfigError(f"the drift changes nothing that {self.name} answers")
        return playing

    def _render(self, drift: Drift | None) -> Playing:
        good = {
            (stage.operation.id, identifier): self._one(stage, identifier, drift)
            for stage in self.stages
            for identifier in stage.conversations
        }
        return Playing(good, {stage.operation.id: _refusals(stage, drift) for stage in self.stages})

    def _one(self, stage: Stage, identifier: str, drift: Drift | None) -> Answers:
        """The answers of one conversation in its state, under a drift."""
        state = by_name(stage.conversations.values())[self.state(stage, identifier)]
        answers = answers_as(stage.conversations[identifier], state, stage.life)
        return _good(stage, identifier, answers, drift)


def player_of(provider: Provider, revision: str | None = None, *, seed: int = 0) -> Player:
    """A player of one revision of a pack, the current one where none is named."""
    return Player(script_of(provider, revision), seed=seed)


def _refused_key(auth: Auth, given: str | None) -> Purpose | None:
    if given is None or not given.strip():
        return Purpose.NO_KEY
    key = given.removeprefix(auth.prefix).strip()
    if not given.startswith(auth.prefix) or not key or key.startswith(INVALID):
        return Purpose.WRONG_KEY
    return None


def _good(stage: Stage, identifier: str, told: tuple[Variant, ...], drift: Drift | None) -> Answers:
    hit = drift is not None and drift.hits(stage.operation.id, identifier)
    rendered = []
    for variant in told:
        status, body = stage.status, variant.body
        if drift is not None and hit:
            status, body = apply(drift, status, body)
        answer = render(status, body, stage.media_type)
        rendered.append((variant.query, answer if stage.has_body else replace(answer, body=b"")))
    return tuple(rendered)


def _refusals(stage: Stage, drift: Drift | None) -> Mapping[Purpose, Answer]:
    """How an operation refuses, the one purpose that a drift is about under the drift."""
    if drift is None or drift.purpose is Purpose.GOOD or drift.operation not in (None, stage.operation.id):
        return stage.refusals
    answer = stage.refusals[drift.purpose]
    status, body = apply(drift, answer.status, orjson.loads(answer.body))
    return {**stage.refusals, drift.purpose: render(status, body, answer.media_type)}
