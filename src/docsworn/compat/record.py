"""A stand-in for a response body that remembers what is read of it; its values are the body's own.

    seen = record(body)
    consume(seen)
    places_read(seen)  # ("/status", "/transcript/*/role")

An object that is handed on and never looked into counts as read with all that it holds. Libraries in C that
read a dict behind its methods (orjson, pydantic) are not seen: add ``/**`` where one gets an object of which
other members are read too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from docsworn.contract.pointer import join

ALL = "**"
Place = tuple[str, ...]


@dataclass(slots=True)
class Recording:
    """The places that were read; the body itself always is."""

    places: set[Place] = field(default_factory=lambda: {()})

    def watch(self, body: Any, place: Place = ()) -> Any:
        """A value whose reads are remembered under a place; what holds nothing is itself."""
        if isinstance(body, dict):
            return RecordedDict(body, place, self)
        if isinstance(body, list):
            return RecordedList(body, place, self)
        return body


def record(body: Any, recording: Recording | None = None) -> Any:
    """The body as a dict or list that remembers what is read of it, in its own recording or a shared one."""
    return (recording or Recording()).watch(body)


def places_read(body: Any) -> tuple[str, ...]:
    """The places that were read of a recorded body, sorted, as a uses file has them."""
    recording = body.recording if isinstance(body, RecordedDict | RecordedList) else Recording()
    return tuple(dump_uses(recording.places).splitlines())


def dump_uses(places: Iterable[Place]) -> str:
    """Places as the text of a uses file, sorted, one a line."""
    return "".join(f"{join(*place) or '/'}\n" for place in sorted(set(places)))


class RecordedDict(dict[str, Any]):
    """A dict that remembers which of its members are read; a copy of it is plain and counts as a whole."""

    def __init__(self, body: dict[str, Any], place: Place, recording: Recording) -> None:
        super().__init__({key: recording.watch(value, (*place, key)) for key, value in body.items()})
        self.place, self.recording = place, recording

    def _read(self, *parts: str) -> None:
        self.recording.places.add((*self.place, *parts))

    def __getitem__(self, key: str) -> Any:
        self._read(str(key))
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        """The member, or the default; both read its place."""
        self._read(str(key))
        return super().get(key, default)

    def setdefault(self, key: str, default: Any = None) -> Any:
        """The member, or the default, which is one then; both read its place."""
        self._read(str(key))
        return super().setdefault(key, default)

    def pop(self, key: str, *default: Any) -> Any:
        """The member, taken out; that reads its place."""
        self._read(str(key))
        return super().pop(key, *default)

    def popitem(self) -> tuple[str, Any]:
        """Any member, taken out; which there are is read too."""
        self._read(ALL)
        return super().popitem()

    def __contains__(self, key: object) -> bool:
        self._read(str(key))
        return super().__contains__(key)

    def __iter__(self) -> Iterator[str]:
        self._read("*")
        return super().__iter__()

    def __reversed__(self) -> Iterator[str]:
        self._read("*")
        return super().__reversed__()

    def __len__(self) -> int:
        self._read()
        return super().__len__()

    def keys(self) -> Any:
        """The names; which there are is read."""
        self._read("*")
        return super().keys()

    def values(self) -> Any:
        """The members, each of them read."""
        self._read_all()
        return super().values()

    def items(self) -> Any:
        """The names and members, each of them read."""
        self._read_all()
        return super().items()

    def _read_all(self) -> None:
        self._read("*")
        for key in dict.__iter__(self):
            self._read(key)

    def copy(self) -> dict[str, Any]:
        """A plain copy: what becomes of it nobody sees, so all of it counts as read."""
        self._read(ALL)
        return _plain_dict(self)

    def __eq__(self, other: object) -> bool:
        return bool(self.copy() == other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None

    def __or__(self, other: Any) -> Any:
        return self.copy() | other

    def __ror__(self, other: Any) -> Any:
        return other | self.copy()

    def __repr__(self) -> str:
        return repr(self.copy())

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return dict, (self.copy(),)


class RecordedList(list[Any]):
    """A list that remembers whether its items are read; ``*`` stands for each of them."""

    def __init__(self, body: list[Any], place: Place, recording: Recording) -> None:
        super().__init__(recording.watch(item, (*place, "*")) for item in body)
        self.place, self.recording = place, recording

    def _read(self, *parts: str) -> None:
        self.recording.places.add((*self.place, *parts))

    def __getitem__(self, at: Any) -> Any:
        self._read("*")
        return super().__getitem__(at)

    def __iter__(self) -> Iterator[Any]:
        self._read("*")
        return super().__iter__()

    def __reversed__(self) -> Iterator[Any]:
        self._read("*")
        return super().__reversed__()

    def __len__(self) -> int:
        self._read()
        return super().__len__()

    def pop(self, *at: Any) -> Any:
        """An item, taken out; that reads it."""
        self._read("*")
        return super().pop(*at)

    def __contains__(self, item: object) -> bool:
        return item in self.copy()

    def index(self, *sought: Any) -> int:
        """Where an item is; all of them are read for it."""
        return self.copy().index(*sought)

    def count(self, item: Any) -> int:
        """How often an item is there; all of them are read for it."""
        return self.copy().count(item)

    def copy(self) -> list[Any]:
        """A plain copy: what becomes of it nobody sees, so all of it counts as read."""
        self._read(ALL)
        return _plain_list(self)

    def __eq__(self, other: object) -> bool:
        return bool(self.copy() == other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None

    def __add__(self, other: Any) -> Any:
        self._read("*")
        return super().__add__(other)

    def __mul__(self, times: Any) -> Any:
        self._read("*")
        return super().__mul__(times)

    def __repr__(self) -> str:
        return repr(self.copy())

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return list, (self.copy(),)


def _plain(value: Any) -> Any:
    """The value without memory, and without a trace of this."""
    if isinstance(value, RecordedDict):
        return _plain_dict(value)
    return _plain_list(value) if isinstance(value, RecordedList) else value


def _plain_dict(value: RecordedDict) -> dict[str, Any]:
    return {key: _plain(child) for key, child in dict.items(value)}


def _plain_list(value: RecordedList) -> list[Any]:
    return [_plain(child) for child in list.__iter__(value)]
