"""JUnit XML for CI: a case a change; what fails the run is a failure, what else is unknown is skipped."""

# mypy: allow-untyped-calls
# (junitparser ships types, but half of its methods have none)

from __future__ import annotations

from junitparser import Failure, JUnitXml, Skipped, SystemOut, TestCase, TestSuite

from docsworn.compat.changes import Verdict
from docsworn.compat.report import Found, Report
from docsworn.export.change_report import ChangeFormat, headline, summary, view
from docsworn.export.text import printable

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def render(report: Report, failing: frozenset[Verdict]) -> str:
    """The comparison as one ``testsuites`` document."""
    document = JUnitXml("docsworn compat")
    suite = TestSuite(printable(f"{report.old} → {report.new}"))
    suite.add_property("verdict", report.verdict.value)
    suite.add_property("reader", printable(report.reader))
    for one in report.found:
        suite.append(_case(one, failing))
    if not report.found:
        suite.append(TestCase("no change", "docsworn.compat", 0.0))
    for one in report.outside:
        case = _case(one, frozenset())
        case.classname = "docsworn.compat.outside"
        suite.append(case)
    suite.append(SystemOut("\n".join((headline(report), *summary(report), *map(printable, report.notes)))))
    document.append(suite)
    document.update_statistics()
    return DECLARATION + str(document.tostring().decode("utf-8")) + "\n"


def _case(one: Found, failing: frozenset[Verdict]) -> TestCase:
    seen = view(one)
    case = TestCase(f"{seen.rule} {seen.where}".strip(), "docsworn.compat", 0.0)
    account = "\n".join(
        [f"{seen.verdict}: {seen.message}", *(f"  {name}: {text}" for name, text in seen.rows)]
    )
    if one.ignored is None and one.verdict in failing:
        failure = Failure(seen.message, seen.rule)
        failure.text = account
        case.result = [failure]
    elif one.verdict is Verdict.UNKNOWN and one.ignored is None:
        case.result = [Skipped(one.reason or seen.message)]
    else:
        case.system_out = account
    return case


FORMAT = ChangeFormat("junit", "JUnit XML, a case a change", render)
