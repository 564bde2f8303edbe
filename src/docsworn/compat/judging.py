"""Both validators over a large document: what they say of a body, and how one is mended."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from docsworn.compat.changes import Direction
from docsworn.compat.document import Document
from docsworn.compat.sampling import NoSample, Sampler
from docsworn.contract.bundle import DIALECT, quote_part
from docsworn.contract.portable import jsonschema

_MOST_MENDED = 16


@dataclass(slots=True)
class Judge:
    """Both validators over all definitions of a document, made once."""

    document: Document
    direction: Direction
    roots: Mapping[str, Any]
    sampler: Sampler
    _fast: Any = None
    _careful: Any = None

    def _definitions(self) -> dict[str, Any]:
        waiting, found = list(self.roots), dict(self.roots)
        while waiting:
            for name in self.document.needed(found[waiting.pop()]):
                if name not in found:
                    found[name] = self.document.definition(name, self.direction)
                    waiting.append(name)
        return found

    def _ready(self) -> None:
        if self._fast is None:
            known = self._definitions()
            fields = {name: {"$ref": f"#/$defs/{quote_part(name)}"} for name in self.roots}
            schema = {"$schema": DIALECT, "$defs": known, "properties": fields}
            self._fast = jsonschema_rs.validator_for(schema, validate_formats=True, offline=True)
            kind = jsonschema.Draft202012Validator
            self._careful = kind(schema, format_checker=kind.FORMAT_CHECKER)

    def mended(self, name: str, body: Any) -> Any:
        """A body with plain values where it is wrong; NoSample where that does not help."""
        whole = {name: copy.deepcopy(body)}
        self._ready()
        for _ in range(_MOST_MENDED):
            error = next(self._careful.iter_errors(whole), None)
            if error is None:
                return whole[name]
            _mend(whole, error, self.sampler)
        raise NoSample

    def takes(self, name: str, body: Any) -> bool:
        """What the quick one says of a body as a value of a definition."""
        self._ready()
        return bool(self._fast.is_valid({name: body}))

    def accepts(self, name: str, body: Any) -> tuple[bool, bool]:
        """What both say of a body as a value of a definition."""
        self._ready()
        whole = {name: body}
        return self._fast.is_valid(whole), bool(self._careful.is_valid(whole))


def _mend(whole: Any, error: jsonschema.ValidationError, sampler: Sampler) -> None:
    """Put a plain value where a body is wrong, or the field that it lacks."""
    nearest = _nearest(error)
    for one in nearest:
        _mend(whole, one, sampler)
    if nearest:
        return
    *above, last = error.absolute_path
    holder = whole
    for part in above:
        holder = holder[part]
    schema: Any = error.schema
    if error.validator == "required" and isinstance(holder[last], dict):
        wanted: Any = error.validator_value
        for name in wanted:
            if name not in holder[last]:
                holder[last][name] = _copied(schema.get("properties", {}).get(name, True), sampler)
    else:
        holder[last] = _copied(schema, sampler)


def _copied(schema: Any, sampler: Sampler) -> Any:
    return copy.deepcopy(sampler.sample(schema))


def _nearest(error: jsonschema.ValidationError) -> Sequence[jsonschema.ValidationError]:
    """What is wrong of the variant of a union that a value is meant as; empty where it is meant as none."""
    if error.validator not in ("anyOf", "oneOf"):
        return ()
    variants: dict[Any, list[jsonschema.ValidationError]] = {}
    for one in error.context or ():
        variants.setdefault(one.schema_path[0], []).append(one)
    meant = [found for found in variants.values() if not any(_is_other(one) for one in found)]
    return min(meant, key=len, default=())


def _is_other(error: jsonschema.ValidationError) -> bool:
    """Whether an error says that a value is of another kind: by its type, or by a field that marks it."""
    deep = len(error.relative_path)
    return (error.validator == "type" and not deep) or (error.validator in ("enum", "const") and deep < 2)
