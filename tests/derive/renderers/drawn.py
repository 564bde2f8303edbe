"""A small contract as hypothesis draws it, and the facts that it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from hypothesis import strategies as st

FORMATS = {
    "string": (None, "date-time", "date", "uuid", "uri", "email"),
    "integer": (None, "int64"),
    "number": (None, "double"),
    "boolean": (None,),
}
ANY_FORMAT = tuple(form for forms in FORMATS.values() for form in forms)


@dataclass(frozen=True)
class Shape:
    """A type and all that a page may say of it; ``inner`` is what a list or a map holds."""

    type: str
    nullable: bool = False
    enum: tuple[str, ...] = ()
    format: str | None = None
    fields: tuple[Field, ...] = ()
    inner: Shape | None = None


@dataclass(frozen=True)
class Field:
    """A named field of an object."""

    name: str
    shape: Shape
    required: bool


class Truth(NamedTuple):
    """What is so at a place."""

    type: str
    nullable: bool
    required: bool
    enum: tuple[str, ...]
    format: str | None


@dataclass(frozen=True)
class Kite:
    """A contract: the fields of a 200, the parameters of the request, the error statuses."""

    fields: tuple[Field, ...]
    parameters: tuple[Field, ...]
    errors: tuple[str, ...]

    def truths(self) -> dict[tuple[str, str], Truth]:
        """Status and place of everything in it."""
        body = Shape("object", fields=self.fields)
        found = {("200", place): truth for place, truth in _truths(body, "", False)}
        for parameter in self.parameters:
            found["request", f"/{parameter.name}"] = _truth(parameter.shape, parameter.required)
        return found | {(status, ""): Truth("any", False, False, (), None) for status in self.errors}


def _truth(shape: Shape, required: bool) -> Truth:
    kind = "object" if shape.type == "map" else shape.type
    return Truth(kind, shape.nullable, required, shape.enum, shape.format)


def _truths(shape: Shape, place: str, required: bool) -> Iterator[tuple[str, Truth]]:
    yield place, _truth(shape, required)
    for field in shape.fields:
        name = field.name.replace("~", "~0").replace("/", "~1")
        yield from _truths(field.shape, f"{place}/{name}", field.required)
    if shape.inner is not None:
        yield from _truths(shape.inner, f"{place}/*", False)


PLAIN_NAMES = st.from_regex(r"[a-z]{2,8}_[a-z0-9]{1,6}", fullmatch=True)
WILD_NAMES = PLAIN_NAMES | st.sampled_from(
    ["type", "enum", "$ref", "properties", "required", "x-note", "a/b", "~tilde", "name with space", "größe",
     "*", "nullable", "items", "200", "null", "yes", "-", "description", "@id", "0"]
)  # fmt: skip
VALUES = st.from_regex(r"[a-z]{2,8}([_\-][a-z0-9]{1,5})?", fullmatch=True)


def scalars(*, nullable: bool = True, listed: bool = True) -> st.SearchStrategy[Shape]:
    """Scalars with formats, and texts with listed values."""
    null = st.booleans() if nullable else st.just(False)
    plain = st.sampled_from(list(FORMATS)).flatmap(
        lambda kind: st.builds(Shape, st.just(kind), null, format=st.sampled_from(FORMATS[kind]))
    )
    values = st.lists(VALUES, min_size=1, max_size=4, unique=True).map(tuple)
    enums = st.builds(Shape, st.just("string"), null, enum=values)
    return plain | enums if listed else plain


def fields(
    names: st.SearchStrategy[str], shapes: st.SearchStrategy[Shape]
) -> st.SearchStrategy[tuple[Field, ...]]:
    """One to four fields of different names."""
    drawn = st.builds(Field, names, shapes, st.booleans())
    return st.lists(drawn, min_size=1, max_size=4, unique_by=lambda field: field.name).map(tuple)


def nested(
    names: st.SearchStrategy[str], leaves: st.SearchStrategy[Shape], held: st.SearchStrategy[Shape]
) -> st.SearchStrategy[Shape]:
    """Scalars, objects, lists and maps in each other; ``held`` are the scalars in lists and maps."""

    def grown(children: st.SearchStrategy[Shape]) -> st.SearchStrategy[Shape]:
        objects = st.builds(Shape, st.just("object"), st.booleans(), fields=fields(names, children))
        inner = held | objects.map(lambda shape: Shape("object", fields=shape.fields))
        lists = st.builds(Shape, st.sampled_from(["array", "map"]), st.booleans(), inner=inner)
        return children | objects | lists

    return st.recursive(leaves, grown, max_leaves=8)


PARAMETERS = fields(PLAIN_NAMES, scalars(nullable=False, listed=False))
ERRORS = st.lists(st.sampled_from(["400", "401", "404", "422", "500"]), max_size=3, unique=True).map(
    lambda found: tuple(sorted(found))
)


def kites(shapes: st.SearchStrategy[Shape], names: st.SearchStrategy[str]) -> st.SearchStrategy[Kite]:
    """Contracts of fields with these shapes and names; the first parameter is the path's, so required."""
    parameters = PARAMETERS.map(lambda found: (Field(found[0].name, found[0].shape, True), *found[1:]))
    return st.builds(Kite, fields(names, shapes), parameters, ERRORS)


ANY_KITE = kites(nested(WILD_NAMES, scalars(), scalars()), WILD_NAMES)
PLAIN_KITE = kites(nested(PLAIN_NAMES, scalars(), scalars(nullable=False, listed=False)), PLAIN_NAMES)
