"""Draws from a hypothesis strategy: so many, from a seed, and nothing of this machine in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.configuration import set_hypothesis_home_dir, storage_directory
from hypothesis.errors import HypothesisException
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider
from hypothesis.strategies import SearchStrategy

Drawn = TypeVar("Drawn")

_BACKEND = "docsworn"


class _Provider(HypothesisProvider):
    """Hypothesis's own draws without constants from the modules that happen to be loaded.

    Those would make a seed mean something else in each process, and send a program's own texts away.
    """

    def _maybe_draw_constant(self, *_: Any, **__: Any) -> None:
        return None


def draw(strategy: SearchStrategy[Drawn], count: int, from_seed: int) -> list[Drawn]:
    """At most ``count`` values, the same ones for the same seed; fewer where the strategy has no more."""
    drawn: list[Drawn] = []
    if count < 1:
        return drawn

    def note(value: Drawn) -> None:
        drawn.append(value)

    with _alone():
        run = settings(
            max_examples=count,
            backend=_BACKEND,
            database=None,
            deadline=None,
            derandomize=False,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        try:
            seed(from_seed)(run(given(strategy)(note)))()
        except HypothesisException:
            return drawn  # nothing can be drawn, or no more: what there is counts
    return drawn[:count]


@contextmanager
def _alone() -> Iterator[None]:
    """Hypothesis with our provider, and with its caches in a folder that goes away."""
    before = storage_directory(intent_to_write=False).home_directory
    with TemporaryDirectory(prefix="docsworn-") as folder:
        AVAILABLE_PROVIDERS[_BACKEND] = _Provider
        set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            set_hypothesis_home_dir(before)
            AVAILABLE_PROVIDERS.pop(_BACKEND, None)
