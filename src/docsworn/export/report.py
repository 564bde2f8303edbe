"""What a report format is, and what every format is told beside the runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from docsworn.export.background import NO_BACKGROUND, Background, Key, key_of
from docsworn.model import Run


@dataclass(frozen=True, slots=True)
class ReportInfo:
    """When and by which docsworn a report is made, and the history behind its runs.

    ``width`` (columns) and ``color`` are for consoles.
    """

    created: datetime
    version: str
    width: int = 100
    color: bool = False
    backgrounds: Mapping[Key, Background] = field(default_factory=dict, repr=False)

    def background(self, run: Run) -> Background:
        """What is known of a run beside itself."""
        return self.backgrounds.get(key_of(run), NO_BACKGROUND)


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write runs down; ``render`` gives the whole text of the report."""

    name: str
    summary: str
    render: Callable[[Sequence[Run], ReportInfo], str]
