"""Output whose reader has gone is forgotten: the exit code is still the verdict's."""

from __future__ import annotations

import io
import sys
from typing import Any

_STDOUT = 1


class _Patient(io.FileIO):
    """A file that takes what is written to it whether or not anybody reads it."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            return memoryview(data).nbytes


def keep_verdicts() -> None:
    """For a process that is ours alone: ``docsworn check | head -1`` ends with the exit code of the check."""
    before = sys.stdout
    if before is None or before.fileno() != _STDOUT:  # None where a shell has closed it
        return
    file = io.BufferedWriter(_Patient(_STDOUT, "wb", closefd=False))
    sys.stdout = io.TextIOWrapper(
        file, encoding=before.encoding, errors=before.errors, line_buffering=bool(before.line_buffering)
    )
