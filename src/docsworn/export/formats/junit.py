"""JUnit XML for CI: a suite per operation, and in each a case per kind, so that names stay the same.

A kind with an error fails; what only warns, informs or is waived stands in the output of a case that
passes; a kind of which no promise was put to the test is skipped.
"""

# mypy: allow-untyped-calls
# (junitparser ships types, but half of its methods have none)

from __future__ import annotations

from collections.abc import Sequence

from junitparser import Error, Failure, JUnitXml, Skipped, SystemOut, TestCase, TestSuite

from docsworn.export.report import Format, ReportInfo
from docsworn.export.text import printable
from docsworn.export.view import Observation, count, day, duration, observations
from docsworn.model import Kind, Run, Severity

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def render(runs: Sequence[Run], info: ReportInfo) -> str:
    """The runs as one ``testsuites`` document."""
    document = JUnitXml("docsworn")
    suites = [_suite(run, info) for run in runs]
    for suite in suites:
        document.append(suite)
    document.update_statistics()
    # The parser adds up the times of cases, and ours have none: the exchanges took the time.
    for suite, run in zip(suites, runs, strict=True):
        suite.time = round(duration(run), 3)
    document.time = round(sum(duration(run) for run in runs), 3)
    return DECLARATION + str(document.tostring().decode("utf-8")) + "\n"


def _suite(run: Run, info: ReportInfo) -> TestSuite:
    suite = TestSuite(printable(f"docsworn.{run.provider}.{run.operation}"))
    suite.timestamp = info.created.strftime("%Y-%m-%dT%H:%M:%S")
    suite.hostname = "localhost"
    suite.add_property("revision", printable(run.revision))
    suite.add_property("verdict", run.verdict.value)
    suite.add_property("docsworn", printable(info.version))
    seen = observations(run, info.background(run))
    for kind in Kind:
        suite.append(_case(run, kind, [one for one in seen if one.kind == kind.value]))
    if run.crashes:
        suite.append(_own_fault(run))
    notes = [printable(note) for note in run.notes]
    notes += [printable(f"not evaluable: {promise}") for promise in run.not_evaluable]
    suite.append(SystemOut("\n".join([_totals(run), *notes])))
    return suite


def _case(run: Run, kind: Kind, seen: Sequence[Observation]) -> TestCase:
    case = TestCase(kind.value, printable(f"docsworn.{run.provider}.{run.operation}"), 0.0)
    failing = [one for one in seen if one.severity is Severity.ERROR and not one.waived]
    passing = [one for one in seen if one not in failing]
    if failing:
        more = f" (and {count(len(failing) - 1, 'more finding')})" if len(failing) > 1 else ""
        failure = Failure(f"{failing[0].place}: {failing[0].observed}{more}", kind.value)
        failure.text = "\n\n".join(_account(one) for one in failing)
        case.result = [failure]
    elif not seen and kind not in run.kinds:
        case.result = [Skipped("no such promise was put to the test")]
    if passing:
        case.system_out = "\n\n".join(_account(one) for one in passing)
    return case


def _own_fault(run: Run) -> TestCase:
    """A case that is there only where a check crashed: an error of ours and no failure of the API."""
    case = TestCase("docsworn", printable(f"docsworn.{run.provider}.{run.operation}"), 0.0)
    case.result = [Error(printable("; ".join(run.crashes)), "own fault of docsworn")]
    return case


def _account(one: Observation) -> str:
    head = f"{one.severity.value} {one.kind} {one.place}"
    rows = {
        "waived": one.waived,
        "state": _state(one),
        "documented": one.documented,
        "seen": one.observed,
        "source": one.source,
        "case": one.seen_in,
        "reason": one.reason,
        "promise": one.promise,
        "fingerprint": one.fingerprint,
        "reproduce": one.curl,
    }
    return "\n".join([head, *(f"  {name}: {value}" for name, value in rows.items() if value)])


def _state(one: Observation) -> str:
    life = one.life
    return f"{life.state}, first seen {day(life.first_seen)}, {count(life.count, 'run')}" if life else ""


def _totals(run: Run) -> str:
    tally = run.promises
    return (
        f"{count(len(run.exchanges), 'exchange')}; promises: {tally.kept} kept, {tally.broken} broken,"
        f" {tally.unseen} unseen, {tally.not_evaluable} not evaluable"
    )


FORMAT = Format("junit", "JUnit XML for CI systems", render)
