"""Changes to a JSON value at a place: merge patches, and setting, changing or dropping by pointer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from docsworn.contract.pointer import split


def merge_patch(target: Any, patch: Any) -> Any:
    """The target with an RFC 7396 merge patch applied: null removes, arrays come whole."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


def put(body: Any, pointer: str, value: Any) -> bool:
    """Sets ``value`` in place wherever the pointer pattern leads; False where it leads nowhere.

    The last part may name a new field of an object; ``*`` stands for each item or field.
    """
    done = False
    for holder, key in list(_holders(body, split(pointer), new_fields=True)):
        holder[key] = value
        done = True
    return done


def drop(body: Any, pointer: str) -> bool:
    """Removes in place what the pointer pattern leads to; False where it leads nowhere."""
    found = list(_holders(body, split(pointer), new_fields=False))
    for holder, key in reversed(found):  # from the end, so that list indices keep their meaning
        del holder[key]
    return bool(found)


def alter(body: Any, pointer: str, change: Callable[[Any], Any]) -> Any:
    """The body with each value that the pointer pattern leads to replaced by what ``change`` makes of it.

    The change is in place, but for the empty pointer, which is the body itself.
    """
    if not pointer:
        return change(body)
    for holder, key in list(_holders(body, split(pointer), new_fields=False)):
        holder[key] = change(holder[key])
    return body


def rename(body: Any, pointer: str, name: str) -> bool:
    """Gives the fields that the pointer pattern leads to another name; False where there are none."""
    found = [each for each in _holders(body, split(pointer), new_fields=False) if isinstance(each[0], dict)]
    for holder, key in found:
        fields = [(name if each == key else each, value) for each, value in holder.items()]
        holder.clear()
        holder.update(fields)
    return bool(found)


def values_at(body: Any, parts: tuple[str, ...]) -> Iterator[Any]:
    """Every value that the parts of a pointer pattern lead to."""
    if not parts:
        yield body
        return
    for key in _keys(body, parts[0], new_fields=False):
        yield from values_at(body[key], parts[1:])


def _holders(value: Any, parts: tuple[str, ...], *, new_fields: bool) -> Iterator[tuple[Any, Any]]:
    """The container and key of every place that a pattern leads to; the root itself is none."""
    if not parts:
        return
    for key in _keys(value, parts[0], new_fields=new_fields and len(parts) == 1):
        if len(parts) == 1:
            yield value, key
        else:
            yield from _holders(value[key], parts[1:], new_fields=new_fields)


def _keys(value: Any, part: str, *, new_fields: bool) -> list[Any]:
    if isinstance(value, dict):
        return list(value) if part == "*" else [part] if new_fields or part in value else []
    if isinstance(value, list):
        if part == "*":
            return list(range(len(value)))
        is_index = part.isascii() and part.isdigit() and len(part) < 10
        return [int(part)] if is_index and int(part) < len(value) else []
    return []
