"""YAML from strangers: plain data with line numbers, within bounds, without surprises.

Scalars are read as YAML 1.2's core schema reads them (``no`` and ``2026-01-01`` are strings).
Duplicate keys, merge keys, tags, deep nesting and alias bombs are errors with their line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from docsworn.contract.pointer import join
from docsworn.contract.shape import token
from docsworn.errors import ContractError

MAX_DEPTH = 100
MAX_NODES = 2_000_000

_PREFIX = "tag:yaml.org,2002:"
_CORE_SCHEMA = (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
)


class _Loader(yaml.CSafeLoader):
    """The C parser with the resolvers of YAML 1.2's core schema."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own registry, filled once below


for _name, _pattern, _first in _CORE_SCHEMA:
    _Loader.add_implicit_resolver(_PREFIX + _name, re.compile(f"^(?:{_pattern})$"), list(_first))


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A document as far as it can be understood; ``lines`` as ``load_yaml`` gives them.

    ``problems`` are keys that stand twice or are no plain words: mappings that stand twice are one here,
    of other values the last one counts.
    """

    data: Any
    lines: Mapping[str, int]
    problems: tuple[ContractError, ...]


@dataclass(slots=True)
class _Reading:
    name: str
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[ContractError] = field(default_factory=list)
    open_nodes: set[int] = field(default_factory=set)


def load_yaml(text: str, *, name: str) -> tuple[Any, Mapping[str, int]]:
    """The data of one YAML document and the line (from 1) of every JSON pointer in it.

    The line of a mapping's value is that of its key. ContractError names the file and the line of
    what is wrong.
    """
    found = survey_yaml(text, name=name)
    for problem in found.problems:
        raise problem
    return found.data, found.lines


def survey_yaml(text: str, *, name: str) -> Surveyed:
    """One YAML document with all keys that are wrong; ContractError where it cannot be read at all."""
    try:
        _check_depth(text, name)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ContractError(
            name, f"not YAML: {error.problem or 'syntax error'}", mark.line + 1 if mark else None
        ) from None
    except yaml.YAMLError:
        raise ContractError(name, "not YAML: it holds a character that YAML forbids") from None
    if root is None:
        raise ContractError(name, "the document is empty")
    _measure(root, name, {})
    reading = _Reading(name)
    data = _build(root, "", reading)
    return Surveyed(data, reading.lines, tuple(reading.problems))


def _check_depth(text: str, name: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise ContractError(name, f"nested deeper than {MAX_DEPTH} levels", _line(event))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _measure(node: yaml.Node, name: str, known: dict[int, tuple[int, int]]) -> tuple[int, int]:
    """How many values a node becomes once its aliases are followed, and how many levels, both within bounds.

    Each node is looked at once, so that a bomb costs what its text costs.
    """
    if id(node) in known:
        return known[id(node)]
    known[id(node)] = (1, 1)  # for now: one that holds itself is told when it is built
    values = node.value if isinstance(node, yaml.SequenceNode) else ()
    if isinstance(node, yaml.MappingNode):
        values = [value for _, value in node.value]
    below = [_measure(value, name, known) for value in values]
    size, depth = 1 + sum(size for size, _ in below), 1 + max((depth for _, depth in below), default=0)
    if size > MAX_NODES:
        raise ContractError(name, f"more than {MAX_NODES} values (aliases?)", _line(node))
    if depth > MAX_DEPTH + 1:  # a value within the deepest level
        raise ContractError(name, f"nested deeper than {MAX_DEPTH} levels (aliases?)", _line(node))
    known[id(node)] = (size, depth)
    return size, depth


def _line(marked: yaml.Event | yaml.Node) -> int:
    mark = marked.start_mark
    return mark.line + 1 if mark is not None else 0


def _build(node: yaml.Node, pointer: str, reading: _Reading) -> Any:
    line = _line(node)
    if id(node) in reading.open_nodes:
        raise ContractError(reading.name, "an alias that holds itself", line)
    reading.lines.setdefault(pointer, line)
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, reading)
    reading.open_nodes.add(id(node))
    try:
        if isinstance(node, yaml.SequenceNode):
            return [_build(child, f"{pointer}/{index}", reading) for index, child in enumerate(node.value)]
        return _mapping(node, pointer, reading)
    finally:
        reading.open_nodes.discard(id(node))


def _mapping(node: yaml.Node, pointer: str, reading: _Reading) -> dict[str, Any]:
    result: dict[str, Any] = {}
    first: dict[str, int] = {}
    for key_node, value_node in node.value:
        line = _line(key_node)
        if not isinstance(key_node, yaml.ScalarNode) or key_node.value == "<<":
            problem = "a key must be a plain word (no merge keys)"
            reading.problems.append(ContractError(reading.name, problem, line))
            continue
        key = str(key_node.value)
        if key in first:
            problem = f"the key {_quoted(key)}stands twice (first in line {first[key]}): write it once"
            reading.problems.append(ContractError(reading.name, problem, line))
        first.setdefault(key, line)
        below = pointer + join(key)
        reading.lines[below] = line
        value = _build(value_node, below, reading)
        before = result.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            value = {**before, **value}
        result[key] = value
    return result


def _quoted(key: str) -> str:
    """A key in quotes, where it may be said."""
    return f'"{token(key)}" ' if token(key) else ""


def _scalar(node: yaml.ScalarNode, reading: _Reading) -> Any:
    kind, text = str(node.tag).removeprefix(_PREFIX), str(node.value)
    if kind == "str":
        return text
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    try:
        if kind == "int":
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        if kind == "float":
            return float(text)
    except ValueError:
        raise ContractError(reading.name, "a number that is too long", _line(node)) from None
    raise ContractError(reading.name, f"the tag {node.tag} is not allowed", _line(node))
