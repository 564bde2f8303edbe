"""A contract's bodies tried: valid ones must be taken, each small wrong must be seen for what it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from docsworn.contract.compiled import CompiledOperation, CompiledResponse
from docsworn.contract.layout import name_candidates
from docsworn.fuzz.differences import Difference
from docsworn.fuzz.draw import draw
from docsworn.fuzz.oracle import Answers, Oracle
from docsworn.fuzz.routes import node_at
from docsworn.fuzz.strategies import bodies
from docsworn.fuzz.strength import ELSEWHERE, UNSEEN, Strength, strengths


@dataclass(frozen=True, slots=True)
class BodyReport:
    """What was tried of one documented body, and what came out.

    ``refused`` names keyword and place of drawn bodies that the contract did not take; ``silent`` counts
    where the contract promises nothing, so that nothing can be seen to change.
    """

    status: str
    drawn: int
    refused: tuple[str, ...]
    strengths: tuple[Strength, ...]
    compared: int
    differences: Mapping[Difference, int]
    unknown_differences: tuple[str, ...]
    silent: Mapping[str, int]

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with contract or checks, in words; weakness that has a reason is not."""
        return (
            *(f"a valid body is refused: {each}" for each in self.refused),
            *(f"the validators differ: {each}" for each in self.unknown_differences),
            *_missed(self.strengths),
        )


def try_bodies(compiled: CompiledOperation, count: int, seed: int) -> Iterator[BodyReport]:
    """Every documented body of an operation, tried with at most ``count`` drawn bodies each."""
    for status, response in compiled.responses.items():
        yield _try_body(compiled, status, response, count, seed)


def _try_body(
    compiled: CompiledOperation, status: str, response: CompiledResponse, count: int, seed: int
) -> BodyReport:
    schema = name_candidates(response.response.schema or {})
    oracle = Oracle(schema)
    compared = 0
    differences: Counter[Difference] = Counter()
    unknown: dict[str, None] = {}

    def compare(body: Any) -> Answers:
        nonlocal compared
        compared += 1
        answers = oracle.ask(body)
        if answers.row is not None:
            differences[answers.row] += 1
        elif answers.is_unknown:
            keywords = ", ".join(sorted({" ".join(leaf).strip() for leaf in answers.broken}))
            unknown[f"{keywords}: only {answers.accepts} accepts"] = None
        return answers

    drawn = draw(bodies(schema), count, seed)
    refused: dict[str, None] = {}
    for body in drawn:
        if not compare(body).valid:
            refused |= dict.fromkeys(
                f"{breach.promise.keyword} at {breach.pointer or '/'}" for breach in response.breaches(body)
            )
    found = _by_promise(strengths(response, compiled.promise("undocumented"), compare))
    return BodyReport(
        status, len(drawn), tuple(refused), found, compared, differences, tuple(unknown), _silent(response)
    )


def _by_promise(found: Iterable[Strength]) -> tuple[Strength, ...]:
    """Each promise once: that of undocumented fields is tried at every object."""
    merged: dict[str, Strength] = {}
    for each in found:
        before = merged.get(each.promise.id)
        tried = (*before.tried, *each.tried) if before else each.tried
        merged[each.promise.id] = Strength(each.promise, tried, each.reason)
    return tuple(merged.values())


def _missed(found: tuple[Strength, ...]) -> Iterator[str]:
    for strength in found:
        for tried in strength.tried:
            if tried.outcome == ELSEWHERE or (tried.outcome == UNSEEN and strength.reason is None):
                told = f" ({tried.observed})" if tried.observed else ""
                yield f"{strength.promise.id}: {tried.mutation}: {tried.outcome}{told}"


_RULES = ("enum", "const", "pattern", "format", "minLength", "maxLength")


def _silent(response: CompiledResponse) -> dict[str, int]:
    """How many fields may be left out without a word, and how many texts may say anything."""
    schema = name_candidates(response.response.schema or {})
    optional, texts = set(), set()
    for place in response.places.all:
        promised = {*place.required, *(name for listed in place.listed for name in listed.names)}
        optional |= {(*place.pattern, name) for name in place.properties if name not in promised}
        node = node_at(schema, place)
        if "string" in place.types and not any(rule in node for rule in _RULES):
            texts.add(place.pattern)
    return {"fields that may be absent": len(optional), "texts that may say anything": len(texts)}
