"""Whose history: a host's, as it serves one revision of one operation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """One host, provider, operation and revision, under which everything is remembered."""

    host: str
    provider: str
    operation: str
    revision: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """The scope as the columns that begin each row."""
        return (self.host, self.provider, self.operation, self.revision)
