"""The rule table: every change that the diff can tell, in both directions and areas.

A row of ``_FACTS`` is a change of meaning seen from NEW; the table is these rows for each direction
(the reader of responses fears what widens, the reader of requests what narrows) and each area.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from docsworn.compat.changes import Area, Direction, Rule, Verdict
from docsworn.compat.document_rules import DOCUMENT_RULES
from docsworn.model import Severity


class _Effect(Enum):
    """What a change does to the set of valid bodies."""

    WIDENS = auto()
    NARROWS = auto()
    MOVES = auto()  # may do both
    SAYS = auto()  # nothing


@dataclass(frozen=True, slots=True)
class _Fact:
    name: str
    keyword: str
    effect: _Effect
    message: str
    mirror: str | None
    tolerated: bool = False  # by the tolerant reader of responses
    waiver: str | None = None


_CHANGED = "a change is its own opposite"


def _pair(
    keyword: str, wider: tuple[str, str], narrower: tuple[str, str], *, tolerated: bool = False
) -> tuple[_Fact, _Fact]:
    """Two facts that mirror each other: (name, message) of what widens and of what narrows."""
    return (
        _Fact(wider[0], keyword, _Effect.WIDENS, wider[1], narrower[0], tolerated),
        _Fact(narrower[0], keyword, _Effect.NARROWS, narrower[1], wider[0], tolerated),
    )


def _changed(name: str, keyword: str, message: str, *, tolerated: bool = False) -> _Fact:
    return _Fact(name, keyword, _Effect.MOVES, message, None, tolerated, _CHANGED)


def _bound(keyword: str, name: str, *, lower: bool, tolerated: bool = False) -> tuple[_Fact, ...]:
    """The four facts of a bound: set, unset, increased, decreased."""
    up, down = (
        (f"{name}-increased", "{keyword} {old} → {new}"),
        (f"{name}-decreased", "{keyword} {old} → {new}"),
    )
    wider, narrower = (down, up) if lower else (up, down)
    return (
        *_pair(keyword, wider, narrower, tolerated=tolerated),
        *_pair(
            keyword,
            (f"{name}-unset", "{keyword} {old} removed"),
            (f"{name}-set", "{keyword} {new} added"),
            tolerated=tolerated,
        ),
    )


_FACTS: tuple[_Fact, ...] = (
    *_pair("type", ("type-widened", "type {old} → {new}"), ("type-narrowed", "type {old} → {new}")),
    _changed("type-changed", "type", "type {old} → {new}"),
    *_pair("type", ("became-nullable", "null is now allowed"), ("became-not-nullable", "null is gone")),
    *_pair(
        "enum",
        ("enum-value-added", "value {value} added"),
        ("enum-value-removed", "value {value} removed"),
        tolerated=True,
    ),
    *_pair(
        "enum",
        ("enum-removed", "the list of values is gone"),
        ("enum-added", "a list of values came"),
        tolerated=True,
    ),
    _changed("const-changed", "const", "value {old} → {new}", tolerated=True),
    *_pair("const", ("const-removed", "const removed"), ("const-added", "const added"), tolerated=True),
    *_bound("minimum", "min", lower=True, tolerated=True),
    *_bound("maximum", "max", lower=False, tolerated=True),
    *_bound("minLength", "min-length", lower=True),
    *_bound("maxLength", "max-length", lower=False),
    *_bound("minItems", "min-items", lower=True),
    *_bound("maxItems", "max-items", lower=False),
    *_bound("minProperties", "min-properties", lower=True),
    *_bound("maxProperties", "max-properties", lower=False),
    *_bound("minContains", "min-contains", lower=True),
    *_bound("maxContains", "max-contains", lower=False),
    _changed("multiple-of-changed", "multipleOf", "multipleOf {old} → {new}", tolerated=True),
    *_pair(
        "multipleOf",
        ("multiple-of-removed", "multipleOf {old} removed"),
        ("multiple-of-added", "multipleOf {new} added"),
        tolerated=True,
    ),
    _changed("pattern-changed", "pattern", "pattern changed"),
    *_pair("pattern", ("pattern-removed", "pattern removed"), ("pattern-added", "pattern added")),
    _changed("format-changed", "format", "format {old} → {new}"),
    *_pair("format", ("format-removed", "format {old} removed"), ("format-added", "format {new} added")),
    *_pair(
        "uniqueItems",
        ("unique-items-removed", "items may repeat now"),
        ("unique-items-added", "items may no longer repeat"),
    ),
    *_pair(
        "properties",
        ("optional-property-removed", "optional field {name} removed"),
        ("optional-property-added", "optional field {name} added"),
        tolerated=True,
    ),
    _Fact("required-property-added", "properties", _Effect.NARROWS, "required field {name} added",
          "required-property-removed"),
    _Fact("required-property-removed", "properties", _Effect.WIDENS, "required field {name} removed",
          "required-property-added"),
    *_pair(
        "required",
        ("became-optional", "{name} is no longer required"),
        ("became-required", "{name} is required now"),
    ),
    *_pair(
        "additionalProperties",
        ("additional-properties-allowed", "unknown fields are allowed now"),
        ("additional-properties-forbidden", "unknown fields are no longer allowed"),
        tolerated=True,
    ),
    *_pair(
        "additionalProperties",
        ("additional-properties-untyped", "the schema of unknown fields is gone"),
        ("additional-properties-typed", "unknown fields have a schema now"),
    ),
    *_pair(
        "unevaluatedProperties",
        ("unevaluated-properties-allowed", "unevaluated fields are allowed now"),
        ("unevaluated-properties-forbidden", "unevaluated fields are no longer allowed"),
        tolerated=True,
    ),
    *_pair(
        "unevaluatedItems",
        ("unevaluated-items-allowed", "unevaluated items are allowed now"),
        ("unevaluated-items-forbidden", "unevaluated items are no longer allowed"),
    ),
    *_pair(
        "patternProperties",
        ("pattern-properties-removed", "pattern fields removed"),
        ("pattern-properties-added", "pattern fields added"),
    ),
    *_pair(
        "propertyNames",
        ("property-names-removed", "the rule for field names is gone"),
        ("property-names-added", "a rule for field names came"),
    ),
    *_pair(
        "dependentRequired",
        ("dependent-required-removed", "{name} no longer needs other fields"),
        ("dependent-required-added", "{name} needs other fields now"),
    ),
    *_pair(
        "dependentSchemas",
        ("dependent-schema-removed", "{name} no longer needs a schema"),
        ("dependent-schema-added", "{name} needs a schema now"),
    ),
    *_pair("items", ("items-removed", "items have no schema"), ("items-added", "items have a schema")),
    *_pair(
        "items",
        ("additional-items-allowed", "more items are allowed now"),
        ("additional-items-forbidden", "more items are no longer allowed"),
    ),
    *_pair(
        "prefixItems",
        ("prefix-item-removed", "the schema of item {name} is gone"),
        ("prefix-item-added", "item {name} has a schema now"),
    ),
    *_pair("contains", ("contains-removed", "contains removed"), ("contains-added", "contains added")),
    *_pair(
        "oneOf",
        ("one-of-added", "variant {name} added to oneOf"),
        ("one-of-removed", "variant {name} removed from oneOf"),
        tolerated=True,
    ),
    *_pair(
        "anyOf",
        ("any-of-added", "variant {name} added to anyOf"),
        ("any-of-removed", "variant {name} removed from anyOf"),
        tolerated=True,
    ),
    _changed("property-names-changed", "propertyNames", "the rule for field names changed"),
    *_pair("not", ("not-removed", "not removed"), ("not-added", "not added")),
    _changed("not-changed", "not", "not changed"),
    _changed("condition-changed", "if", "the condition changed"),
    *_pair("if", ("condition-removed", "the condition is gone"), ("condition-added", "a condition came")),
    *_pair(
        "oneOf",
        ("one-of-became-any-of", "oneOf became anyOf"),
        ("any-of-became-one-of", "anyOf became oneOf"),
    ),
    _changed("schema-changed", "schema", "the schema means something else"),
    _changed("discriminator-changed", "discriminator", "discriminator {old} → {new}"),
    *_pair("discriminator", ("discriminator-removed", "discriminator {old} removed"),
           ("discriminator-added", "discriminator {new} added")),
    *_pair("schema", ("schema-opened", "anything is allowed"), ("schema-closed", "nothing is allowed")),
)  # fmt: skip

# Where a direction has schemas.
_AREAS: Mapping[Direction, tuple[Area, ...]] = {
    Direction.RESPONSE: (Area.BODY, Area.PROPERTY, Area.HEADER),
    Direction.REQUEST: (Area.BODY, Area.PROPERTY, Area.PARAMETER),
}

# What only says and does not bind.
_SAID = frozenset({"discriminator"})


def _verdicts(fact: _Fact, direction: Direction) -> Mapping[str, Verdict]:
    feared = _Effect.WIDENS if direction is Direction.RESPONSE else _Effect.NARROWS
    if fact.keyword in _SAID or fact.effect not in (feared, _Effect.MOVES):
        return {"strict": Verdict.SAFE, "tolerant": Verdict.SAFE}
    # A new optional field of a request narrows only what nobody was told to send.
    tolerated = fact.tolerated and (direction is Direction.RESPONSE or fact.name == "optional-property-added")
    return {"strict": Verdict.BREAKING, "tolerant": Verdict.SAFE if tolerated else Verdict.BREAKING}


def severity_of(verdicts: Mapping[str, Verdict]) -> Severity:
    """Info where no reader breaks, a warning where the strict one does, an error where both do."""
    breaks = sum(verdict is Verdict.BREAKING for verdict in verdicts.values())
    return (Severity.INFO, Severity.WARNING, Severity.ERROR)[breaks]


def _rows() -> Iterator[Rule]:
    for direction in Direction:
        for area in _AREAS[direction]:
            for fact in _FACTS:
                verdicts = _verdicts(fact, direction)
                yield Rule(
                    id=rule_id(direction, area, fact.name),
                    direction=direction,
                    area=area,
                    keyword=fact.keyword,
                    verdicts=verdicts,
                    message=fact.message,
                    severity=severity_of(verdicts),
                    mirror=None if fact.mirror is None else rule_id(direction, area, fact.mirror),
                    waiver=fact.waiver,
                )


def rule_id(direction: Direction, area: Area, name: str) -> str:
    """The id of a rule, as ``response-property-enum-value-added``."""
    return f"{direction}-{area}-{name}"


RULES: Mapping[str, Rule] = {rule.id: rule for rule in (*_rows(), *DOCUMENT_RULES)}
