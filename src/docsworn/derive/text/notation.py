"""The words in which pages name types, as JSON Schema: ``list of strings or null``, ``enum<string>[]``.

One grammar for all page families, for none of their notations contradict each other. Number decides what
a list holds: in ``list of strings or integers`` the plural belongs to the items, in ``list of strings or
integer`` the singular is an alternative to the list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]

OPEN_ENUM = "x-open-enum"
SEVERAL = "x-several"  # one object for several that the page does not tell apart; never in a document
_ENUM: Schema = {"type": "string", OPEN_ENUM: True}

# Words in the singular; the plural stands after "list of" and "map from".
SCALARS: dict[str, Schema] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "long": {"type": "integer", "format": "int64"},
    "double": {"type": "number", "format": "double"},
    "float": {"type": "number", "format": "float"},
    "boolean": {"type": "boolean"},
    "datetime": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "uuid": {"type": "string", "format": "uuid"},
    "enum": _ENUM,
    "object": {"type": "object"},
    "any": {},
    "file": {"type": "string", "format": "binary"},
}
# Found where a type stands by itself, never glued to a name: names end in these words too.
_ALONE: dict[str, Schema] = {
    "number": {"type": "number"},
    "array": {"type": "array"},
    "list": {"type": "array"},
    "map": {"type": "object"},
    "dict": {"type": "object"},
    "dictionary": {"type": "object"},
    "record": {"type": "object"},
    "int": {"type": "integer"},
    "bool": {"type": "boolean"},
    "str": {"type": "string"},
    "uint": {"type": "integer"},
    "uint64": {"type": "integer"},
    "int32": {"type": "integer", "format": "int32"},
    "int64": {"type": "integer", "format": "int64"},
    "date-time": {"type": "string", "format": "date-time"},
    "unknown": {},
    "true": {"type": "boolean", "enum": [True]},
    "false": {"type": "boolean", "enum": [False]},
}
_INVARIABLE = frozenset({"any", "true", "false", "unknown"})  # one form for both numbers
_SINGULAR = SCALARS | _ALONE
_PLURAL = {f"{word}s": schema for word, schema in _SINGULAR.items() if word not in _INVARIABLE}
_PLURAL |= {"dictionaries": {"type": "object"}}

_TOKEN = re.compile(r"\"[^\"]*\"|“[^”]*”|'[^']*'|`[^`]*`|\[\]|[<>()\[\]|,?]|[^\s<>()\[\]|,?\"“']+")
_LISTS = frozenset({"list", "lists", "set", "sets", "array", "arrays"})
_MAPS = frozenset({"map", "maps", "dictionary", "record"})
_GENERIC_LISTS = frozenset({"list", "array", "set", "sequence"})
_GENERIC_MAPS = frozenset({"map", "dict", "record", "dictionary", "object", "mapping"})
_MOST_TOKENS = 80
_QUOTES = "\"'“”`"
_FORMAT = re.compile(r"[A-Za-z][A-Za-z0-9.\-]*")
_NO_TYPE = "is not a type"


def parse_type(words: str) -> Schema | None:
    """The schema of a type in words; None where these are not the words of a type."""
    tokens = [token for match in _TOKEN.finditer(words) if (token := match[0]) != "`"]
    if not tokens or len(tokens) > _MOST_TOKENS or "".join(tokens) != "".join(words.split()):
        return None
    parser = _Parser(tokens)
    try:
        schema = parser.union()
    except ValueError:
        return None
    return schema if parser.at == len(tokens) else None


def nullable(schema: Schema) -> Schema:
    """The schema with null allowed too; one that allows anything stays as it is."""
    result = dict(schema)
    types = result.get("type")
    if types is not None and types != "null" and "null" not in types:
        result["type"] = [*(types if isinstance(types, list) else [types]), "null"]
    if "enum" in result and None not in result["enum"]:
        result["enum"] = [*result["enum"], None]
    if "anyOf" in result and {"type": "null"} not in result["anyOf"]:
        result["anyOf"] = [*result["anyOf"], {"type": "null"}]
    return result


def unite(branches: Sequence[Schema]) -> Schema:
    """One schema for alternatives: literals become an enum, equal branches one."""
    null = any(branch == {"type": "null"} for branch in branches)
    others: list[Schema] = []
    for branch in branches:
        if branch == {"type": "null"}:
            continue
        if branch in others or {**branch, SEVERAL: True} in others:
            if branch.get("type") == "object":
                others = [{**one, SEVERAL: True} if one == branch else one for one in others]
            continue
        if others and _literal(others[-1]) and _literal(branch) and others[-1]["type"] == branch["type"]:
            values = list(dict.fromkeys([*others[-1]["enum"], *branch["enum"]]))
            others[-1] = {"type": branch["type"], "enum": values}
        else:
            others.append(branch)
    if not others:
        return {"type": "null"}
    if {} in others:
        return {}
    if len(others) == 1:
        schema = others[0]
    elif all(set(branch) == {"type"} for branch in others):
        names = [branch["type"] for branch in others]
        flat = [name for item in names for name in (item if isinstance(item, list) else [item])]
        schema = {"type": list(dict.fromkeys(flat))}
    else:
        schema = {"anyOf": others}
    return nullable(schema) if null else schema


def _literal(schema: Schema) -> bool:
    return "enum" in schema and set(schema) == {"type", "enum"} and isinstance(schema["type"], str)


@dataclass(slots=True)
class _Parser:
    """Reads a type from its tokens by descent; ValueError where they are none."""

    tokens: list[str]
    at: int = 0

    def union(self) -> Schema:
        """Alternatives parted by ``or`` or ``|``."""
        branches = [self.term()[0]]
        while self.take("or", "OR", "|", "Or"):
            branches.append(self.term()[0])
        return unite(branches)

    def items(self) -> Schema:
        """What a list or map holds: alternatives as long as they are in the plural."""
        first, plural = self.term()
        branches = [first]
        while plural and self.peek() in ("or", "|") and self.ahead() in _PLURAL.keys() | _LISTS | _MAPS:
            if self.ahead() in ("list", "set", "array", "map"):
                break
            self.at += 1
            branches.append(self.term()[0])
        return unite(branches)

    def term(self) -> tuple[Schema, bool]:
        """One alternative, and whether it is in the plural."""
        token = self.next()
        if token == "(":  # noqa: S105 - no password
            schema, plural = self.union(), False
            self.expect(")")
        elif token[0] in _QUOTES:
            schema, plural = _quoted(token), False
        elif token.lower() in _LISTS and self.take("of"):
            schema, plural = {"type": "array", "items": self.items()}, token.endswith("s")
        elif token.lower() in _MAPS and self.take("from"):
            schema, plural = self.mapping(), token.endswith("s")
        else:
            schema, plural = self.word(token)
        while self.take("[]"):
            schema = {"type": "array", "items": schema}
        if self.take("?"):
            schema = nullable(schema)
        return schema, plural

    def mapping(self) -> Schema:
        """What follows ``map from``: the keys of JSON objects are strings."""
        if self.next() not in ("string", "strings", "enum", "enums", "any", "uuid", "uuids"):
            raise ValueError(_NO_TYPE)
        self.expect("to")
        return {"type": "object", "additionalProperties": self.items()}

    def word(self, token: str) -> tuple[Schema, bool]:
        """A type's name, perhaps with arguments in angle or square brackets."""
        name = token.lower() if token.lower() in ("array", "list", "record", "map", "dict", "any") else token
        if name == "File":
            name = "file"
        if name == "null":
            return {"type": "null"}, False
        opened = self.take("<", "[")
        if opened:
            return self.generic(name, ">" if opened == "<" else "]"), False
        if name in _SINGULAR:
            return dict(_SINGULAR[name]), False
        if name in _PLURAL:
            return dict(_PLURAL[name]), True
        raise ValueError(_NO_TYPE)

    def generic(self, name: str, close: str) -> Schema:
        """``enum<string>``, ``string<date-time>``, ``array<object>``, ``record<string, any>``."""
        if name in _GENERIC_LISTS:
            schema: Schema = {"type": "array", "items": self.union()}
        elif name in _GENERIC_MAPS and self.ahead() == ",":
            self.at += 2
            schema = {"type": "object", "additionalProperties": self.union()}
        elif name == "enum":
            schema = {**self.union(), OPEN_ENUM: True}
        elif name in ("string", "number", "integer") and _FORMAT.fullmatch(self.peek()):
            schema = {**_SINGULAR[name], "format": self.next()}
        else:
            raise ValueError(_NO_TYPE)
        self.expect(close)
        return schema

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def ahead(self) -> str:
        return self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else ""

    def next(self) -> str:
        if self.at >= len(self.tokens):
            raise ValueError(_NO_TYPE)
        self.at += 1
        return self.tokens[self.at - 1]

    def take(self, *wanted: str) -> str | None:
        """The next token if it is one of these, and then past it."""
        if self.peek() in wanted:
            return self.next()
        return None

    def expect(self, token: str) -> None:
        if self.next() != token:
            raise ValueError(_NO_TYPE)


def _quoted(token: str) -> Schema:
    text = token.strip(_QUOTES)
    if token[0] == "`" or not text:
        raise ValueError(_NO_TYPE)
    return {"type": "string", "enum": [text]}


def innermost(schema: Schema, wanted: Callable[[Schema], bool], change: Callable[[Schema], Schema]) -> Schema:
    """The schema with the first wanted node changed: itself, or below items, map values or branches."""
    if wanted(schema):
        return change(schema)
    for keyword in ("items", "additionalProperties"):
        below = schema.get(keyword)
        if isinstance(below, dict):
            changed = innermost(below, wanted, change)
            if changed is not below:
                return {**schema, keyword: changed}
    for at, branch in enumerate(schema.get("anyOf", ())):
        changed = innermost(branch, wanted, change)
        if changed is not branch:
            return {**schema, "anyOf": [*schema["anyOf"][:at], changed, *schema["anyOf"][at + 1 :]]}
    return schema
