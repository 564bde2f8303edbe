"""Lengths of time on the command line: ``90d``, ``12h``."""

from __future__ import annotations

import re

from docsworn.errors import UsageError

_SECONDS = {"m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}


def parse_duration(text: str) -> float:
    """Seconds of ``90d`` (days), ``12h``, ``30m`` or ``2w``; UsageError for anything else."""
    found = re.fullmatch(r"([0-9]{1,6})([mhdw])", text)
    if found is None or not int(found[1]):
        raise UsageError(f'"{text}" is no length of time: write 90d, 12h, 30m or 2w')
    return int(found[1]) * _SECONDS[found[2]]
