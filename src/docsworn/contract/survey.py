"""One walk of a body over its places: what it exercises, what it lacks, what nobody documented."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs

from docsworn.contract.nodes import Node, Nodes
from docsworn.contract.places import Listed, Places
from docsworn.contract.pointer import join
from docsworn.contract.quick import QuickWalk, Shape
from docsworn.contract.recall import Recall, Test
from docsworn.contract.shape import field_name
from docsworn.contract.trace import trace
from docsworn.model import Promise

_MAX_KNOWN = 256  # surveys that are kept, of the same few bodies again and again
_MAX_CONVERSATIONS = 64  # of which is known what they showed, and that they do it still


@dataclass(frozen=True, slots=True)
class Survey:
    """What one body shows.

    ``exercised`` and ``present`` hold promise ids (of schema keywords, and of listed fields that are
    there), ``lacking`` those of listed fields that are not there, or not everywhere, and ``absent`` the
    same with the pointers of their promises; ``undocumented`` holds pointers.
    """

    exercised: frozenset[str]
    present: frozenset[str]
    lacking: frozenset[str] = frozenset()
    absent: tuple[tuple[Promise, str], ...] = ()
    undocumented: tuple[str, ...] = ()


@dataclass(slots=True)
class _Walk:
    query: Mapping[str, str]
    exercised: set[str] = field(default_factory=set)
    present: set[str] = field(default_factory=set)
    absent: dict[str, Promise] = field(default_factory=dict)
    undocumented: dict[str, None] = field(default_factory=dict)


class Surveyor:
    """Walks bodies over one response's places; safe to share between threads."""

    def __init__(self, places: Places) -> None:
        self._nodes = Nodes(places)
        self._quick = QuickWalk(self._nodes)
        self._known: dict[frozenset[Shape], Survey] = {}
        self._shown: Recall[Survey] = Recall(_MAX_CONVERSATIONS)

    @property
    def nodes(self) -> Nodes:
        """The nodes that it walks over."""
        return self._nodes

    def survey(self, body: Any, query: Mapping[str, str]) -> Survey:
        """What a parsed body shows; ``query`` holds the request's query parameters."""
        shapes = self._quick.walk(body, query)
        if shapes is None:
            return self.look_closer(body, query)
        return self._known.get(shapes) or self._keep(shapes)

    def glance(self, body: Any, query: Mapping[str, str], conversation: str) -> Survey:
        """What a conversation showed before, where its body shows that still; else a survey.

        For bodies that are known to be well: they keep the contract, and have documented fields only. It
        says nothing that the body does not show, and may miss what is there for the first time.
        """
        asked = (conversation, tuple(query.items())) if query else conversation
        shown = self._shown.find(asked, body)
        if shown is not None:
            return shown
        survey = self.survey(body, query)
        return self._shown.keep(asked, survey, lambda: self.still(body, query, survey))

    def still(self, body: Any, query: Mapping[str, str], survey: Survey) -> Test:
        """What says in microseconds whether another body shows all that a body's survey does.

        For bodies that are known to be well, as in ``glance``.
        """
        shown = survey.exercised | survey.present
        schema = trace(self._quick.walker(query), body, shown, survey.lacking)
        return jsonschema_rs.Draft202012Validator(schema, validate_formats=False, offline=True).is_valid

    def look_closer(self, body: Any, query: Mapping[str, str]) -> Survey:
        """The same with the place of all that is undocumented: slower, and always right."""
        walk = _Walk(query)
        self._visit(walk, self._nodes.root, body, ())
        return _survey(walk.exercised, walk.present, walk.absent, tuple(walk.undocumented))

    def _keep(self, shapes: frozenset[Shape]) -> Survey:
        """What these shapes show together; bodies with the same ones are then one look-up."""
        absent: dict[str, Promise] = {}
        for shape in shapes:
            absent.update(shape.absent)
        found = _survey(
            frozenset().union(*(shape.exercised for shape in shapes)),
            frozenset().union(*(shape.present for shape in shapes)),
            absent,
            (),
        )
        if len(self._known) >= _MAX_KNOWN:
            self._known.clear()
        self._known[shapes] = found
        return found

    def _visit(self, walk: _Walk, node: Node, value: Any, pattern: tuple[str, ...]) -> None:
        if node.unions:
            node = self._nodes.settle(node, value)
        walk.exercised |= node.own
        if isinstance(value, dict):
            walk.exercised |= node.required
            self._visit_object(walk, node, value, pattern)
        elif isinstance(value, list):
            for at, item in enumerate(value):
                starts = node.prefix[at] if at < len(node.prefix) else node.items
                if starts:
                    self._visit(walk, self._nodes.of(starts), item, (*pattern, "*"))

    def _visit_object(self, walk: _Walk, node: Node, value: dict[str, Any], pattern: tuple[str, ...]) -> None:
        for listed in node.listed:
            _note_listed(walk, listed, value)
        for name, item in value.items():
            named = node.properties.get(name)
            if named is not None:
                self._visit(walk, self._nodes.of(named), item, (*pattern, name))
            elif node.values:
                self._visit(walk, self._nodes.of(node.values), item, (*pattern, "*"))
            elif node.closed:
                walk.undocumented[join(*pattern, field_name(name))] = None


def _note_listed(walk: _Walk, listed: Listed, value: dict[str, Any]) -> None:
    if not listed.asked(walk.query):
        return
    if listed.there(value):
        walk.present.add(listed.promise.id)
    else:
        walk.absent[listed.promise.id] = listed.promise


def _survey(
    exercised: Iterable[str],
    present: Iterable[str],
    absent: Mapping[str, Promise],
    undocumented: tuple[str, ...],
) -> Survey:
    return Survey(
        exercised=frozenset(exercised),
        present=frozenset(present).difference(absent),
        lacking=frozenset(absent),
        absent=tuple((promise, promise.pointer) for _, promise in sorted(absent.items())),
        undocumented=undocumented,
    )
