"""Which part of one list of schemas is which of another: by what it refers to, then by its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docsworn.compat.sameness import Sameness, alike, reference_name

_UNIONS = ("anyOf", "oneOf")


def conjuncts(schema: Mapping[str, Any]) -> list[Any]:
    """The schemas that a value of one keeps all: its ``allOf``, its reference, its union, and the rest."""
    split = ("allOf", "$ref") if len(schema) > 1 else ("allOf",)
    unions = [word for word in _UNIONS if word in schema]
    marks = {"discriminator": schema["discriminator"]} if "discriminator" in schema and unions else {}
    apart = {*split, *unions, *marks}
    rest = {key: value for key, value in schema.items() if key not in apart}
    parts = [*schema.get("allOf", ())]
    if "$ref" in schema and "$ref" in split:
        parts.append({"$ref": schema["$ref"]})
    parts += [{word: schema[word], **marks} for word in unions]
    if rest:
        parts.append(rest)
    return parts or [schema]


def matched_parts(old: list[Any], new: list[Any], names: Sameness) -> list[tuple[int | None, int | None]]:
    """Pairs of parts by their index, None where a side has no like; references only meet references."""
    left = list(range(len(new)))
    partner: dict[int, int] = {}
    for test in (_same_name, _alike, _same_kind):
        for one in range(len(old)):
            if one in partner:
                continue
            at = next((at for at in left if test(old[one], new[at], names)), None)
            if at is not None:
                left.remove(at)
                partner[one] = at
    return [*((one, partner.get(one)) for one in range(len(old))), *((None, at) for at in left)]


def _same_name(one: Any, other: Any, _names: Sameness) -> bool:
    name = reference_name(one)
    return name == reference_name(other) if name is not None else one == other


def _alike(one: Any, other: Any, names: Sameness) -> bool:
    first, second = reference_name(one), reference_name(other)
    if first is not None and second is not None:
        one, other = names.definition((first, first), 0), names.definition((second, second), 1)
    elif first is not None or second is not None:
        return False
    return alike(one, other, names) is not None


def _same_kind(one: Any, other: Any, _names: Sameness) -> bool:
    plain = reference_name(one) is None and reference_name(other) is None
    return plain and _kind(one) == _kind(other)


def _kind(schema: Any) -> Any:
    """What two parts must have in common to be taken for the same one changed."""
    if not isinstance(schema, Mapping):
        return None
    union = next((word for word in ("allOf", *_UNIONS) if word in schema), "")
    return str(schema.get("type")), "union" if union in _UNIONS else union
