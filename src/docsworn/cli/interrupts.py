"""Ctrl-C that comes where Python can raise nothing, as in a callback of a library, is not lost."""

from __future__ import annotations

import signal
import sys
import threading

_AGAIN_SECONDS = 0.05


def keep_interrupts() -> None:
    """For a process that is ours alone: from now on such a Ctrl-C comes again, without a traceback."""
    sys.unraisablehook = _again


def _again(lost: sys.UnraisableHookArgs) -> None:
    if not issubclass(lost.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(lost)
        return
    # Not here and now: here nothing can be raised either.
    timer = threading.Timer(_AGAIN_SECONDS, _interrupt)
    timer.daemon = True
    timer.start()


def _interrupt() -> None:
    """A signal to the main thread, so that a call that waits there ends as well."""
    main = threading.main_thread().ident
    if main is not None:
        signal.pthread_kill(main, signal.SIGINT)
