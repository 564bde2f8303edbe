"""Our own faults while we check: each is told once, and hides nothing of what else was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Found = TypeVar("_Found")


@dataclass(slots=True)
class Crashes:
    """What failed while one operation was held to its contract."""

    _told: dict[str, None] = field(default_factory=dict)

    @property
    def told(self) -> tuple[str, ...]:
        """What failed, and with which type of exception; messages may hold values and are left out."""
        return tuple(self._told)

    def guard(
        self, what: str, call: Callable[_Given, _Found], *given: _Given.args, **named: _Given.kwargs
    ) -> _Found | None:
        """What a call gives; None where it fails, which is then told."""
        try:
            return call(*given, **named)
        except BaseException as error:
            self.tell(what, error)
            return None

    def tell(self, what: str, error: BaseException) -> None:
        """Note what failed; raise the error again where somebody wants us to stop."""
        if not _is_fault(error):
            raise error
        self.add((f"{what} failed with {type(error).__name__}",))

    def add(self, told: Iterable[str]) -> None:
        """Note what was told elsewhere."""
        self._told.update(dict.fromkeys(told))


def _is_fault(error: BaseException) -> bool:
    """Whether something broke, and nobody wants us to stop: a panic in Rust is no ``Exception``."""
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"
