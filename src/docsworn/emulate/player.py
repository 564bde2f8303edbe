"""A provider being emulated: who may ask, what is answered, and the drift that it is under now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import orjson

from docsworn.contract.packs import Provider
from docsworn.contract.settings import Auth
from docsworn.emulate.bodies import Query
from docsworn.emulate.drift import Drift, apply_drift
from docsworn.emulate.refusals import Answer, render
from docsworn.emulate.stage import Conversation, Stage, build_stages
from docsworn.errors import ConfigError
from docsworn.model import Purpose

INVALID = "invalid"  # a key that begins so is a wrong one; every other one is right

Answers = Mapping[tuple[str, str], tuple[tuple[Query, Answer], ...]]


class Player:
    """One emulated provider; its answers are rendered when it is made and when its drift changes.

    Changing the drift swaps one reference, so any thread may do it while others answer.
    """

    def __init__(self, provider: Provider, revision: str | None = None, *, seed: int = 0) -> None:
        self.name = provider.settings.provider
        self.revision = revision or provider.settings.current
        self.stages = build_stages(provider, revision, seed)
        self._auth = provider.settings.auth
        self._drift: Drift | None = None
        self._answers = _render_all(self.stages, None)

    @property
    def conversations(self) -> tuple[Conversation, ...]:
        """All conversations of all operations, in the order of the scenarios."""
        return tuple(each for stage in self.stages for each in stage.conversations.values())

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the conversations."""
        return tuple(each.id for each in self.conversations)

    @property
    def drift(self) -> Drift | None:
        """The drift that the answers are under."""
        return self._drift

    @drift.setter
    def drift(self, drift: Drift | None) -> None:
        if drift is not None and drift.conversation is not None and drift.conversation not in self.ids:
            raise ConfigError(f"{self.name} has no conversation with the id that the drift names")
        try:
            answers = _render_all(self.stages, drift)
        except orjson.JSONEncodeError:
            raise ConfigError("the drift's value is no JSON, or nested too deeply") from None
        if drift is not None and answers == _render_all(self.stages, None):
            raise ConfigError(f"the drift changes nothing that {self.name} answers")
        self._answers, self._drift = answers, drift

    def answer(
        self, stage: Stage, identifier: str, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer:
        """The response to a request; ``headers`` are looked up by the header's name, case ignored."""
        refused = _refused_key(self._auth, headers.get(self._auth.header))
        if refused is not None:
            return stage.refusals[refused]
        wanted = identifier if stage.id_parameter is not None else next(iter(stage.conversations))
        if wanted not in stage.conversations:
            is_id = stage.accepts_id(wanted)
            return stage.refusals[Purpose.UNKNOWN_ID if is_id else Purpose.MALFORMED_ID]
        asked = query.items()
        answers = self._answers[stage.operation.id, wanted]
        fitting = (answer for needed, answer in answers if all(pair in asked for pair in needed))
        return next(fitting, answers[-1][1])


def _refused_key(auth: Auth, given: str | None) -> Purpose | None:
    if given is None or not given.strip():
        return Purpose.NO_KEY
    key = given.removeprefix(auth.prefix).strip()
    if not given.startswith(auth.prefix) or not key or key.startswith(INVALID):
        return Purpose.WRONG_KEY
    return None


def _render_all(stages: tuple[Stage, ...], drift: Drift | None) -> Answers:
    return {
        (stage.operation.id, conversation.id): _render(stage, conversation, drift)
        for stage in stages
        for conversation in stage.conversations.values()
    }


def _render(
    stage: Stage, conversation: Conversation, drift: Drift | None
) -> tuple[tuple[Query, Answer], ...]:
    hit = drift is not None and drift.conversation in (None, conversation.id)
    rendered = []
    for variant in conversation.variants:
        status, body = stage.status, variant.body
        if drift is not None and hit:
            status, body = apply_drift(drift, status, body)
        answer = render(status, body, stage.media_type)
        rendered.append((variant.query, answer if stage.has_body else replace(answer, body=b"")))
    return tuple(rendered)
