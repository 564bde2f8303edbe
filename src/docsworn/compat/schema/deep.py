"""Room for schemas that nest deeper than Python's stack."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

_FRAMES = 60_000
_STACK = 512 * 1024 * 1024  # bytes of address space; only what is used is taken

T = TypeVar("T")


def with_room(work: Callable[[], T]) -> T:
    """What the work returns; once more, on a larger stack, where it nests too deeply. RecursionError where
    that does not do either."""
    try:
        return work()
    except RecursionError:
        return _on_large_stack(work)


def _on_large_stack(work: Callable[[], T]) -> T:
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # handed to the thread that waits
            done.set_exception(error)

    frames, stack = sys.getrecursionlimit(), threading.stack_size(_STACK)
    try:
        sys.setrecursionlimit(max(frames, _FRAMES))
        thread = threading.Thread(target=run, name="docsworn-deep")
        thread.start()
        thread.join()
    finally:
        threading.stack_size(stack)
        sys.setrecursionlimit(frames)
    return done.result()
