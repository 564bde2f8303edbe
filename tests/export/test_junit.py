"""JUnit XML as Jenkins, GitLab and Ant's schema expect it."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from docsworn.export.loader import load_format
from docsworn.export.report import ReportInfo
from docsworn.model import Exchange, FailureReason, Finding, Kind, Run, Severity, Verdict

# Per element: the attributes it needs, those it may have, and its children in their order.
SHAPE: dict[str, tuple[set[str], set[str], tuple[str, ...]]] = {
    "testsuites": ({"name", "tests", "failures", "errors", "time"}, {"skipped"}, ("testsuite",)),
    "testsuite": (
        {"name", "tests", "failures", "errors", "time", "timestamp", "hostname"},
        {"skipped"},
        ("properties", "testcase", "system-out", "system-err"),
    ),
    "properties": (set(), set(), ("property",)),
    "property": ({"name", "value"}, set(), ()),
    "testcase": (
        {"name", "classname", "time"},
        set(),
        ("skipped", "error", "failure", "system-out", "system-err"),
    ),
    "failure": ({"type", "message"}, set(), ()),
    "skipped": ({"message"}, set(), ()),
    "system-out": (set(), set(), ()),
}
AT_MOST_ONE = {"properties", "skipped", "failure", "system-out"}


def _hold_to_shape(element: ElementTree.Element) -> None:
    needed, possible, children = SHAPE[element.tag]
    assert needed <= set(element.keys()) <= needed | possible, element.tag
    tags = [child.tag for child in element]
    assert tags == sorted(tags, key=children.index), element.tag
    assert all(tags.count(tag) <= 1 for tag in AT_MOST_ONE)
    assert not children or not (element.text or "").strip()
    for child in element:
        _hold_to_shape(child)


@pytest.fixture
def document(
    make_run: Callable[..., Run],
    make_finding: Callable[..., Finding],
    make_exchange: Callable[..., Exchange],
    info: ReportInfo,
) -> ElementTree.Element:
    """A broken run with every sort of finding, and one that nothing answered."""
    broken = make_run(
        make_finding(),
        make_finding(pointer="/id"),
        make_finding(case="get_conversation/good/2"),
        make_finding(Kind.ENUM, Severity.WARNING),
        make_finding(Kind.MISSING, Severity.INFO, pointer="/note"),
        make_finding(Kind.LATENCY, waived="slow by contract, until 2030-01-01"),
        notes=("ids are missing",),
    )
    silent = make_run(
        make_finding(Kind.UNREACHABLE, pointer=""),
        exchanges=(make_exchange(failure=FailureReason.CONNECT),),
        verdict=Verdict.UNSEEN,
        provider="other",
    )
    report = load_format("junit").render([broken, silent], info)
    assert report.startswith('<?xml version="1.0" encoding="UTF-8"?>\n')
    return ElementTree.fromstring(report.encode())


def test_it_has_the_shape_of_the_schema(document: ElementTree.Element) -> None:
    """Elements, their order and their attributes are those of the schema that CI systems share."""
    _hold_to_shape(document)


def test_the_numbers_add_up(document: ElementTree.Element) -> None:
    """Counts in the attributes are the counts of the elements."""
    for element in (document, *document.findall("testsuite")):
        assert int(element.get("tests", "")) == len(element.findall(".//testcase"))
        assert int(element.get("failures", "")) == len(element.findall(".//failure"))
        assert int(element.get("skipped", "")) == len(element.findall(".//skipped"))
        assert element.get("errors") == "0"
    assert [suite.get("time") for suite in document] == ["0.25", "0.25"]
    assert document.get("time") == "0.5"


def test_names_are_stable(document: ElementTree.Element) -> None:
    """Every suite has a case per kind, whatever was found, so that CI can follow it over time."""
    names = [kind.value for kind in Kind]
    for suite, provider in zip(document, ("acme", "other"), strict=True):
        assert [case.get("name") for case in suite.findall("testcase")] == names
        assert suite.get("name") == f"docsworn.{provider}.get_conversation"


def test_only_errors_fail(document: ElementTree.Element) -> None:
    """A case fails for its errors; warnings, remarks and waived findings stand in its output."""
    broken = document[0]
    failing = broken.findall(".//testcase[failure]")
    assert [case.get("name") for case in failing] == ["missing"]
    failure = failing[0].find("failure")
    assert failure is not None
    assert failure.get("message") == "/id: absent (and 1 more finding)"
    assert "case: get_conversation/good/1 and 1 more" in (failure.text or "")
    output = {case.get("name"): case.findtext("system-out") for case in broken.findall("testcase")}
    assert "info missing /note" in (output["missing"] or "")
    assert "warning enum /status" in (output["enum"] or "")
    assert "waived: slow by contract" in (output["latency"] or "")
    assert "ids are missing" in (broken.findtext("system-out") or "")


def test_what_was_not_seen_is_skipped(document: ElementTree.Element) -> None:
    """Where nothing answered, no kind claims to be kept."""
    silent = document[1]
    assert len(silent.findall(".//skipped")) == len(Kind) - 1
    assert silent.find(".//testcase[failure]") is not None


def test_only_a_kind_that_was_put_to_the_test_passes(make_run: Callable[..., Run], info: ReportInfo) -> None:
    """A green case says that a promise of its kind was kept, not that nobody looked."""
    run = make_run(kinds=frozenset({Kind.TYPE, Kind.MISSING}))
    suite = ElementTree.fromstring(load_format("junit").render([run], info))
    passed = {case.get("name") for case in suite.iter("testcase") if case.find("skipped") is None}
    assert passed == {"type", "missing"}
