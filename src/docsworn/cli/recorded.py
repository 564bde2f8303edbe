"""Recorded responses from a file or standard input, for the verbs that take ``--recorded``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from docsworn.contract.compiled import CompiledContract
from docsworn.errors import ConfigError
from docsworn.model import Exchange
from docsworn.probe.recorded import read_recorded

HOST = "recorded"
NOTE = "recorded responses: nothing was sent"


def recorded_exchanges(contract: CompiledContract, recorded: str) -> tuple[str, tuple[Exchange, ...]]:
    """The first operation of a contract and its exchanges in an NDJSON file, or ``-`` for standard input."""
    operation, settings = next(iter(contract.settings.operations.items()))
    name = "standard input" if recorded == "-" else Path(recorded).name
    with _opened(recorded) as lines:
        return operation, tuple(read_recorded(lines, operation, settings, name=name))


def _opened(recorded: str) -> AbstractContextManager[Iterable[bytes]]:
    if recorded == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(recorded).open("rb")
    except OSError as error:
        raise ConfigError(f"{recorded}: cannot be read: {error.strerror}") from None
