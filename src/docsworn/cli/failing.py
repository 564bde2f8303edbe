"""What ``--fail-on`` means: which findings make the exit code 1."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from docsworn.errors import ExitCode, NothingReachedError
from docsworn.export.report import ReportInfo
from docsworn.export.view import Group, Observation, observations
from docsworn.model import Run, Severity


class FailOn(StrEnum):
    """Which findings make a run fail: new errors, all errors, warnings too, or none."""

    NEW = "new"
    ERROR = "error"
    WARNING = "warning"
    NEVER = "never"


_SEVERITIES = {
    FailOn.NEW: {Severity.ERROR},
    FailOn.ERROR: {Severity.ERROR},
    FailOn.WARNING: {Severity.ERROR, Severity.WARNING},
    FailOn.NEVER: set[Severity](),
}


def exit_code(runs: Sequence[Run], info: ReportInfo, fail_on: FailOn, *, live: bool) -> int:
    """0 or 1; NothingReachedError where live APIs were asked and not one answered."""
    if live and runs and not any(run.reached for run in runs):
        names = ", ".join(sorted({run.provider for run in runs}))
        raise NothingReachedError(f"nothing could be reached: {names}")
    seen = [one for run in runs for one in observations(run, info.background(run))]
    return ExitCode.FINDINGS if any(_fails(one, fail_on) for one in seen) else ExitCode.KEPT


def _fails(one: Observation, fail_on: FailOn) -> bool:
    known = fail_on is FailOn.NEW and one.group is Group.OPEN
    return one.severity in _SEVERITIES[fail_on] and not known
