"""Every keyword of a schema is a promise: what it says in words, its kind, its line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docsworn.contract.shape import token
from docsworn.model import Confidence, Kind, Promise, Severity, Source

KIND_OF_KEYWORD: Mapping[str, Kind] = {
    "type": Kind.TYPE,
    "oneOf": Kind.TYPE,
    "anyOf": Kind.TYPE,
    "enum": Kind.ENUM,
    "const": Kind.ENUM,
    "format": Kind.FORMAT,
    "pattern": Kind.FORMAT,
    "required": Kind.MISSING,
    "dependentRequired": Kind.MISSING,
    "contains": Kind.MISSING,
    "minContains": Kind.MISSING,
    "presence": Kind.VANISHED,
    "optional": Kind.VANISHED,
    "additionalProperties": Kind.UNDOCUMENTED,
    "unevaluatedProperties": Kind.UNDOCUMENTED,
    "unevaluatedItems": Kind.UNDOCUMENTED,
    "propertyNames": Kind.FORMAT,
} | dict.fromkeys(
    (
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength",
        "maxLength", "minItems", "maxItems", "uniqueItems", "maxContains", "minProperties",
        "maxProperties", "not", "if", "then", "else",
    ),
    Kind.BOUND,
)  # fmt: skip

# A field that need not be there: listed by a page that calls no field required, or called optional.
PRESENCE = ("presence", "optional")

_SHOWN_VALUES = 12
_STRUCTURAL = frozenset({"additionalProperties", "unevaluatedProperties", "unevaluatedItems"})


def promised_keywords(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """The keywords of one schema node that can be broken there (``required`` is told apart by name)."""
    return tuple(
        keyword
        for keyword in schema
        if keyword in KIND_OF_KEYWORD
        and keyword not in ("required", *PRESENCE)
        and not (keyword in _STRUCTURAL and schema[keyword] is not False)
    )


def annotation(schema: Mapping[str, Any], keyword: str, fallback: Source) -> tuple[Source, Confidence]:
    """Who says a keyword, and how sure we are: the node's own mark or the keyword's where it differs."""
    own = schema.get("x-source", {})
    special = schema.get("x-keywords", {}).get(keyword, {})
    source = Source(
        special.get("document", own.get("document", fallback.document)),
        special.get("line", own.get("line", fallback.line)),
    )
    confidence = special.get("confidence", schema.get("x-confidence", Confidence.DOCUMENTED))
    return source, Confidence(confidence)


def first_severity(confidence: Confidence) -> Severity:
    """Docs are evidence: only what a page says in so many words is an error from the first day."""
    sure = confidence in (Confidence.DOCUMENTED, Confidence.CORROBORATED)
    return Severity.ERROR if sure else Severity.WARNING


def keyword_promise(
    schema: Mapping[str, Any], keyword: str, *, id: str, pointer: str, fallback: Source
) -> Promise:
    """The promise that a keyword of a schema node makes at a place."""
    return _promise(keyword, annotation(schema, keyword, fallback), _in_words(schema, keyword), id, pointer)


def field_promise(
    holder: Mapping[str, Any], name: str, keyword: str, *, id: str, pointer: str, fallback: Source
) -> Promise:
    """The promise that a field is there: ``required``, or one of ``PRESENCE`` for one that need not be."""
    field = holder.get("properties", {}).get(name, {})
    if keyword == "required":
        inherited = annotation(field, "", fallback)[0] if field else fallback
        source, confidence = annotation(holder, f"required/{name}", inherited)
        if f"required/{name}" not in holder.get("x-keywords", {}) and field:
            source = inherited
        words = "required field"
    else:
        source, confidence = annotation(field, "", fallback)[0], Confidence.INFERRED
        names = (name, *field.get("x-aliases", ()))
        words = "listed field" if keyword == "presence" else "optional field"
        words = words if len(names) == 1 else f"{words}, as {' or '.join(names)}"
    return _promise(keyword, (source, confidence), words, id, pointer)


def _promise(
    keyword: str, said: tuple[Source, Confidence], documented: str, id: str, pointer: str
) -> Promise:
    source, confidence = said
    return Promise(
        id=id,
        pointer=pointer,
        keyword=keyword,
        kind=KIND_OF_KEYWORD[keyword],
        severity=first_severity(confidence),
        confidence=confidence,
        source=source,
        documented=documented,
    )


def whole_body_promise(prefix: str, source: Source) -> Promise:
    """What is broken where a validator names a rule that no keyword of ours stands for."""
    return Promise(
        id=f"{prefix}:#schema",
        pointer="",
        keyword="schema",
        kind=Kind.BOUND,
        severity=Severity.ERROR,
        confidence=Confidence.DOCUMENTED,
        source=source,
        documented="the schema of this body",
    )


def _in_words(schema: Mapping[str, Any], keyword: str) -> str:
    value = schema[keyword]
    if keyword == "type":
        return " or ".join(value) if isinstance(value, list) else str(value)
    if keyword in ("enum", "const"):
        return values_in_words(value if keyword == "enum" else [value])
    if keyword in ("oneOf", "anyOf"):
        return f"one of: {', '.join(_branch(branch) for branch in value)}"
    if keyword in _STRUCTURAL:
        return "no other fields"
    if keyword in ("not", "if", "then", "else", "propertyNames", "dependentRequired"):
        return f"the rule of {keyword}"
    return f"{keyword} {value}"


def values_in_words(values: list[Any]) -> str:
    """The allowed values of an enum, the first dozen of them."""
    shown = [_value(value) for value in values[:_SHOWN_VALUES]]
    rest = f" … ({len(values)} in all)" if len(values) > _SHOWN_VALUES else ""
    return f"one of: {', '.join(shown)}{rest}" if len(values) > 1 else f"always {shown[0] if shown else '-'}"


def _value(value: Any) -> str:
    if isinstance(value, str):
        return token(value) or f'"{value}"'
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _branch(branch: Any) -> str:
    if not isinstance(branch, Mapping):
        return "any"
    if "$ref" in branch:
        return str(branch["$ref"]).rsplit("/", 1)[-1]
    return _in_words(branch, "type") if "type" in branch else "schema"
