"""The exception tree and the exit codes.

DocswornError                 our own fault                      exit 5
├── UsageError                the command line is wrong          exit 2
│   └── UnknownNameError      a name nobody knows, with a guess  exit 2
├── ConfigError               settings or environment are wrong  exit 2
│   ├── NoKeyError            a provider's key is not set        exit 2
│   └── observe.unusable.HistoryError   a history file that is damaged or held   exit 2
├── DocumentError             a page that cannot be derived      exit 2
├── ContractError             a pack that is not a contract      exit 3
├── NothingReachedError       no provider could be reached       exit 4
├── probe.budget.BudgetSpent      ┐ these two never leave the probe: they become
└── probe.meter.ExchangeError     ┘ the failure of an exchange

Errors are for the user's or our mistakes; what an API does wrong is a finding.
Messages never hold a key or a value from a response body.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from enum import IntEnum

_MOST_NAMES = 12


class ExitCode(IntEnum):
    """What the process says when it ends."""

    KEPT = 0
    FINDINGS = 1
    USAGE = 2
    CONTRACT_INVALID = 3
    NOTHING_REACHED = 4
    INTERNAL = 5
    INTERRUPTED = 130


class DocswornError(Exception):
    """The root of every error that docsworn raises on purpose."""

    exit_code = ExitCode.INTERNAL


class UsageError(DocswornError):
    """The command was called with words that do not fit."""

    exit_code = ExitCode.USAGE


class UnknownNameError(UsageError):
    """A provider, revision, check or other name that nobody knows.

    The message has the nearest name, or the first known ones and how many there are.
    """

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        close = get_close_matches(name, names, n=1, cutoff=0.5)
        known_ones = ", ".join(names[:_MOST_NAMES]) or "none"
        if len(names) > _MOST_NAMES:
            known_ones += f", … ({len(names)} in all)"
        hint = f'did you mean "{close[0]}"?' if close else f"known: {known_ones}"
        super().__init__(f'unknown {what} "{name}": {hint}')


class ConfigError(DocswornError):
    """Settings, environment variables or files named by the user are wrong."""

    exit_code = ExitCode.USAGE


class NoKeyError(ConfigError):
    """The environment has no key for a provider that needs one."""


class DocumentError(DocswornError):
    """A documentation page from which nothing can be derived; ``problem`` is the bare sentence."""

    exit_code = ExitCode.USAGE

    def __init__(self, document: str, problem: str, line: int | None = None) -> None:
        self.document, self.problem, self.line = document, problem, line
        where = document if line is None else f"{document}:{line}"
        super().__init__(f"{where}: {problem}")


class ContractError(DocswornError):
    """A contract pack that cannot be read as a contract; ``problem`` is the bare sentence, ``pointer`` the
    place as a JSON pointer, if that is known."""

    exit_code = ExitCode.CONTRACT_INVALID

    def __init__(
        self, file: str, problem: str, line: int | None = None, *, pointer: str | None = None
    ) -> None:
        self.file, self.problem, self.line, self.pointer = file, problem, line, pointer
        where = file if line is None else f"{file}:{line}"
        super().__init__(f"{where}: {problem}")


class NothingReachedError(DocswornError):
    """Not one provider could be reached."""

    exit_code = ExitCode.NOTHING_REACHED
