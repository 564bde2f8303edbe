"""What a report format is, and what every format is told beside the runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from docsworn.model import Run


@dataclass(frozen=True, slots=True)
class ReportInfo:
    """When and by which docsworn a report is made; ``width`` (columns) and ``color`` are for consoles."""

    created: datetime
    version: str
    width: int = 100
    color: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write runs down; ``render`` gives the whole text of the report."""

    name: str
    summary: str
    render: Callable[[Sequence[Run], ReportInfo], str]
