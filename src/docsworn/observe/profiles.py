"""Profiles in the history file: a row a situation, read anew only where it has changed."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping

import orjson

from docsworn.check.subject import Lesson
from docsworn.observe.profile import Evidence, SituationProfile, State, state_of, teach, tells_states
from docsworn.observe.unusable import reads_rows

Key = tuple[str, str, str, str]

_MAX_SITUATIONS = 100  # of one operation: an API that makes up states must not fill the file
_ALL = "SELECT situation, revision FROM profile WHERE (host, provider, operation, contract) = (?, ?, ?, ?)"
_ONE = """
SELECT revision, state FROM profile
WHERE (host, provider, operation, contract, situation) = (?, ?, ?, ?, ?)
"""
_UPSERT = """
INSERT INTO profile VALUES (?, ?, ?, ?, ?, 1, ?)
ON CONFLICT DO UPDATE SET revision = revision + 1, state = excluded.state
"""


class Profiles:
    """The profiles of a history; whoever calls holds the history's lock."""

    def __init__(self, database: sqlite3.Connection, salt: str) -> None:
        self._database, self._salt = database, salt
        self._states: dict[Key, dict[str, tuple[int, State]]] = {}
        self._profiles: dict[Key, Mapping[str, SituationProfile]] = {}

    def of(self, key: Key) -> Mapping[str, SituationProfile]:
        """The profiles of one host, provider, operation and revision by situation."""
        states = self._states.setdefault(key, {})
        rows = self._database.execute(_ALL, key)
        changed = [name for name, revision in rows if states.get(name, (0,))[0] != revision]
        if changed or key not in self._profiles:
            for name in changed:
                states[name] = _read(self._database, key, name)
            self._profiles[key] = self._made(states)
        return self._profiles[key]

    def states(self, key: Key) -> Mapping[str, frozenset[str]]:
        """The words of states by place, of what ``of`` has read."""
        words: defaultdict[str, set[str]] = defaultdict(set)
        for name, (_, state) in self._states.get(key, {}).items():
            if tells_states(name):
                for place, usual in state.places.items():
                    words[place].update(usual.words.values())
        return {place: frozenset(found) for place, found in words.items()}

    def learn(self, key: Key, lessons: Iterable[Lesson]) -> None:
        """Take lessons in, within the caller's transaction."""
        by_situation: defaultdict[str, list[Lesson]] = defaultdict(list)
        for lesson in lessons:
            by_situation[lesson.situation].append(lesson)
        for name, own in by_situation.items():
            _, state = _read(self._database, key, name)
            if not state.places and self._count(key) >= _MAX_SITUATIONS:
                continue
            for lesson in own:
                teach(state, lesson, self._salt)
            text = orjson.dumps(state.as_json()).decode()
            self._database.execute(_UPSERT, (*key, name, text))

    def _made(self, states: Mapping[str, tuple[int, State]]) -> Mapping[str, SituationProfile]:
        own = [state for name, (_, state) in states.items() if not tells_states(name)]
        conversations = {each for state in own for each in state.conversations}
        evidence = Evidence(sum(state.known_responses for state in own), len(conversations) > 1)
        return {name: SituationProfile(state, evidence, self._salt) for name, (_, state) in states.items()}

    def _count(self, key: Key) -> int:
        return len(self._database.execute(_ALL, key).fetchall())


@reads_rows
def _read(database: sqlite3.Connection, key: Key, situation: str) -> tuple[int, State]:
    """A situation's revision and state; a new one where it is not there."""
    tells_states(situation)  # a name that is none is found here, and not later
    row = database.execute(_ONE, (*key, situation)).fetchone()
    return (row[0], state_of(orjson.loads(row[1]))) if row else (0, State())
