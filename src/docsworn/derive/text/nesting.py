"""Which field stands in which: by indentation, by dotted names, by the count on the button that opens it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from docsworn.derive.text.declare import ANY_KEY, NAME
from docsworn.derive.text.fields import Field
from docsworn.derive.text.notation import Schema, unite

MAX_DEPTH = 40


@dataclass(slots=True)
class _Frame:
    """An open field; ``left`` is how many more it holds without being moved in, None for any number."""

    field: Field
    left: int | None


def nest(fields: Iterable[Field], *, dotted: bool = False) -> list[Field]:
    """The outermost of these fields, each with the fields that it holds.

    Where names are ``dotted``, as parameters' are, one that stands in no other is a name as it is; elsewhere
    it tells of an object that nothing else on the page declares.
    """
    nester = _Nester([], [], {}, {}, dotted)
    for found in fields:
        nester.add(found)
    return nester.roots


def may_hold(schema: Schema | None) -> bool:
    """Whether a value of this type may have fields in it, by itself or in its items or values."""
    if not schema:
        return True
    if any(may_hold(branch) for branch in schema.get("anyOf", ())):
        return True
    types = schema.get("type", ())
    named = [types] if isinstance(types, str) else types
    if "array" in named:
        return may_hold(schema.get("items"))
    return "object" in named and may_hold(schema.get("additionalProperties"))


@dataclass(slots=True)
class _Nester:
    roots: list[Field]
    stack: list[_Frame]
    named: dict[str, Field]
    owners: dict[int, Field]
    dotted: bool

    def add(self, found: Field) -> None:
        self._declare_parent(found)
        if self._by_name(found) or self._as_variant(found):
            return
        while self.stack and not self._holds(self.stack[-1], found):
            self.stack.pop()
        path = found.name
        if self.stack:
            frame = self.stack[-1]
            moved_in = found.indent > frame.field.indent
            if not moved_in:
                found.sure = frame.left is not None
                frame.left = None if frame.left is None else frame.left - 1
            toggle = frame.field.toggle
            variants = toggle is not None and toggle[2]
            (frame.field.variants if variants else frame.field.held).append(found)
            self.owners[id(found)] = frame.field
        else:
            self.roots.append(found)
        self._open(found, path)

    def _open(self, found: Field, path: str) -> None:
        self.named[path.replace("[]", "")] = found
        if may_hold(found.schema) and len(self.stack) < MAX_DEPTH:
            opened, count, _variants = found.toggle or (False, None, False)
            self.stack.append(_Frame(found, count if opened else 0))

    @staticmethod
    def _holds(frame: _Frame, found: Field) -> bool:
        if found.indent != frame.field.indent:
            return found.indent > frame.field.indent
        return frame.left is None or frame.left > 0

    def _declare_parent(self, found: Field) -> None:
        """An object that only the names of its fields tell of is a field of an unknown type."""
        prefix, dot, _last = found.name.replace("[]", "").rpartition(".")
        if not dot or prefix in self.named or self.dotted or not NAME.fullmatch(found.name):
            return
        if prefix.count(".") < MAX_DEPTH:
            self.add(Field(prefix, found.line, found.indent, sure=False, unread=True))

    def _by_name(self, found: Field) -> bool:
        """``address.city`` stands in ``address``, where that is a field of the page."""
        prefix, dot, last = found.name.replace("[]", "").rpartition(".")
        holder = self.named.get(prefix) if dot else None
        if holder is None or not may_hold(holder.schema):
            return False
        for frame in self.stack:  # where fields say whose they are, one that does not is nobody's
            frame.left = 0 if frame.left is None else frame.left
        path, found.name = found.name, last
        if ANY_KEY.fullmatch(last):
            holder.each = holder.each or found
        else:
            holder.held.append(found)
        self.named[path.replace("[]", "")] = found
        return True

    def _as_variant(self, found: Field) -> bool:
        """What stands after ``OR`` is another variant of what stands before it; its title is no field."""
        if not found.variant:
            return False
        frame = next((one for one in reversed(self.stack) if one.field.variants and one.left != 0), None)
        if frame is not None:
            del self.stack[self.stack.index(frame) + 1 :]
            return False
        here = self._siblings(found)
        if not here:
            return False
        owner, previous = self.owners.get(id(here[-1])), here[-1]
        holder = here[-2] if len(here) > 1 else None
        if owner is not None and previous in owner.variants:
            owner.variants.append(found)
            self.owners[id(found)] = owner
        elif holder is not None and may_hold(holder.schema) and not holder.held and not holder.prose:
            holder.variants += [here.pop(), found]
            self.owners[id(previous)] = self.owners[id(found)] = holder
        elif previous.variants:
            previous.variants.append(found)
        elif previous.schema is not None and found.schema is not None:
            previous.schema = unite([previous.schema, found.schema])
        self._open(found, "")
        return True

    def _siblings(self, found: Field) -> list[Field]:
        for frame in reversed(self.stack):
            if found.indent == frame.field.indent:
                owner = self.owners.get(id(frame.field))
                if owner is not None:
                    return owner.variants if frame.field in owner.variants else owner.held
                return self.roots
        return self.roots
