"""JUnit XML as Jenkins, GitLab and Ant's schema expect it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema

from docsworn.export.loader import load_format
from docsworn.export.report import ReportInfo
from docsworn.model import Exchange, FailureReason, Finding, Kind, Run, Severity, Verdict
from tests.export.whole import INFO, RUNS

SCHEMA = xmlschema.XMLSchema(Path(__file__).parent / "junit.xsd")


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


def test_it_keeps_the_schema(document: ElementTree.Element) -> None:
    """Elements, their order, their attributes and the types of these are those that CI systems share."""
    SCHEMA.validate(document)
    SCHEMA.validate(load_format("junit").render(RUNS, INFO))


@pytest.mark.parametrize("tag", ["properties", "testcase", "failure"])
def test_the_schema_refuses_what_is_none(document: ElementTree.Element, tag: str) -> None:
    """An element with an attribute that nobody knows is refused: the schema looks at each."""
    found = document.find(f".//{tag}")
    assert found is not None
    found.set("odd", "1")
    assert not SCHEMA.is_valid(document)


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
