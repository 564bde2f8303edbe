"""What responses show of a comparison: which revision is served, and which predicted breaks are real.

Only counts and places leave this file, never a value of a body.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import jsonschema_rs

from docsworn.compat.calls import Call
from docsworn.compat.changes import Direction, Verdict
from docsworn.compat.document import Document
from docsworn.compat.report import Found, Report
from docsworn.compat.responses import Seen, fits_path
from docsworn.contract.pointer import join, split
from docsworn.errors import UsageError

_DEPTH = 40


@dataclass(slots=True)
class _Side:
    """One document as what a body can be held to; validators are made once."""

    document: Document
    _validators: dict[str, Any] = field(default_factory=dict)

    def breaches(self, call: Call, seen: Seen) -> list[str] | None:
        """The places at which a body breaks what is documented for its status; None where nothing is."""
        answer = call.answers.get(seen.status) or call.answers.get(f"{seen.status[:1]}XX")
        answer = answer or call.answers.get("default")
        node = next(iter(answer.content.values()), None) if answer is not None else None
        if node is None:
            return None
        if node.pointer not in self._validators:
            schema = self.document.schema(node, Direction.RESPONSE)
            made = jsonschema_rs.validator_for(schema, validate_formats=True, offline=True)
            self._validators[node.pointer] = made
        return [_place(error) for error in self._validators[node.pointer].iter_errors(seen.body)]


def settle(
    report: Report, sides: tuple[Document, Document], pairs: Sequence[tuple[Call, Call]], seen: Sequence[Seen]
) -> Report:
    """The report with what responses have shown; UsageError where nobody knows which call they answer."""
    old, new = (_Side(document) for document in sides)
    held = [_held(one, pairs, old, new) for one in seen]
    known = [one for one in held if one is not None]
    counts = tuple(
        (
            name,
            sum(not breaches[at] for _call, _seen, breaches in known if breaches[at] is not None),
            len(known),
        )
        for at, name in enumerate((report.old, report.new))
    )
    lost = len(held) - len(known)
    notes = (f"{lost} of {len(held)} responses answer no operation that both documents have",) if lost else ()
    return replace(
        report,
        found=tuple(_shown(one, known) for one in report.found),
        outside=tuple(_shown(one, known) for one in report.outside),
        served=counts,
        notes=(*report.notes, *notes),
    )


_Held = tuple[Call, Seen, tuple[list[str] | None, list[str] | None]]


def _held(seen: Seen, pairs: Sequence[tuple[Call, Call]], old: _Side, new: _Side) -> _Held | None:
    """A response against both documents."""
    fitting = [pair for pair in pairs if _answers(seen, pair)]
    if len(fitting) > 1 and not seen.path:
        raise UsageError("the responses do not say which call they answer: choose one with --operation")
    if not fitting:
        return None
    before, after = fitting[0]
    return after, seen, (old.breaches(before, seen), new.breaches(after, seen))


def _answers(seen: Seen, pair: tuple[Call, Call]) -> bool:
    if not seen.path:
        return True
    return any(
        call.title.partition(" ")[0] == seen.method and fits_path(call.title.partition(" ")[2], seen.path)
        for call in pair
    )


def _shown(one: Found, held: Sequence[_Held]) -> Found:
    """A finding with what the responses say of it."""
    if one.direction is not Direction.RESPONSE or not one.reached:
        return one
    here = [
        each for each in held if any(_reaches(reach.operation, reach.part, each) for reach in one.reached)
    ]
    if not here:
        return one
    places = {split(reach.place) for reach in one.reached}
    whole = one.change.rule.endswith(("body-incompatible", "body-undecided"))
    if one.change.rule == "response-property-renamed":
        return replace(one, settled=_renamed(one, here))
    broken = sum(
        any(whole or any(_same(split(place), wanted) for wanted in places) for place in breaches[0] or ())
        for _call, _seen, breaches in here
    )
    if one.verdict is Verdict.SAFE and not broken:
        return one
    words = "the break is real" if broken else "none of them shows the break"
    return replace(one, settled=f"{broken} of {len(here)} responses break the old contract here: {words}")


def _reaches(operation: str, part: str, held: _Held) -> bool:
    call, seen, _breaches = held
    status = part.partition(" ")[0]
    return call.title == operation and status in (seen.status, f"{seen.status[:1]}XX", "default", "")


def _renamed(one: Found, held: Sequence[_Held]) -> str:
    names = one.change.details
    counts = {
        name: sum(any(name in value for value in _objects(each.body, one)) for _call, each, _breaches in held)
        for name in (names["old"], names["new"])
    }
    told = " and ".join(f"{name} in {count} of {len(held)}" for name, count in counts.items())
    if counts[names["new"]] and not counts[names["old"]]:
        return f"responses have {told}: the break is real"
    if counts[names["old"]] and not counts[names["new"]]:
        return f"responses have {told}: the old name is still the one that is sent"
    return f"responses have {told}: " + ("both are sent" if counts[names["old"]] else "neither is sent")


def _objects(body: Any, one: Found) -> Iterator[Mapping[str, Any]]:
    """The objects of a body that the renamed field is of."""
    for reach in one.reached:
        values = [body]
        for part in split(reach.place)[:-1]:
            values = [child for value in values for child in _members(value, part)]
        yield from (value for value in values if isinstance(value, dict))


def _members(value: Any, part: str) -> Iterable[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return value.values() if part == "*" else [value[part]] if part in value else []
    return []


def _place(error: Any) -> str:
    """The place of a breach; of a field that is missing the field's own."""
    missing = getattr(error.kind, "property", None)
    parts = ["*" if isinstance(part, int) else str(part) for part in error.instance_path]
    return join(*parts, *([missing] if isinstance(missing, str) else []))


def _same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return len(one) == len(other) and all(a == b or "*" in (a, b) for a, b in zip(one, other, strict=True))


def values_seen(seen: Iterable[Seen]) -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Digests of the scalar values at each field of each object, by the object's place; for renames."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    waiting: list[tuple[Any, tuple[str, ...]]] = [(one.body, ()) for one in seen]
    while waiting:
        value, place = waiting.pop()
        if isinstance(value, list) and len(place) < _DEPTH:
            waiting.extend((item, (*place, "*")) for item in value)
        elif isinstance(value, dict) and len(place) < _DEPTH:
            for name, child in value.items():
                if isinstance(child, dict | list):
                    waiting.append((child, (*place, name)))
                elif isinstance(child, str | int | float) and not isinstance(child, bool):
                    digest = hashlib.blake2b(json.dumps(child).encode(), digest_size=8).hexdigest()
                    found[join(*place)][name].add(digest)
    return {
        place: {name: frozenset(values) for name, values in fields.items()} for place, fields in found.items()
    }
