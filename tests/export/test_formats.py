"""What holds for every format: no secret, no crash, no markup of others."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsworn.export.loader import format_names, load_format
from docsworn.export.report import ReportInfo
from docsworn.model import Exchange, FailureReason, Finding, Run


class Skeleton(HTMLParser):
    """The tags of a page with the names of their attributes, and nothing of their content."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a start tag."""
        self.tags.append(" ".join([tag, *(name for name, _ in attrs)]))

    def handle_endtag(self, tag: str) -> None:
        """Note an end tag."""
        self.tags.append(f"/{tag}")

    def handle_comment(self, _data: str) -> None:
        """Note that there is a comment."""
        self.tags.append("comment")


def _harmless(run: Run, at: int) -> Run:
    """The same run with words in place of every text, keeping apart what was apart."""
    findings = tuple(
        replace(
            finding,
            promise=f"promise {finding.promise!r}".encode().hex(),
            observed=f"observed {finding.observed!r}".encode().hex(),
            pointer=f"pointer {finding.pointer!r}".encode().hex(),
            provider=f"provider {finding.provider!r}".encode().hex(),
            operation=f"operation {finding.operation!r}".encode().hex(),
            documented="x",
            case="x",
            reason=finding.reason and "x",
            waived=finding.waived and f"waived {finding.waived!r}".encode().hex(),
        )
        for finding in run.findings
    )
    name = f"provider {run.provider!r}".encode().hex()
    return replace(run, provider=name, operation=f"x{at}", findings=findings, notes=("x",) * len(run.notes))


@pytest.mark.parametrize("name", format_names())
def test_no_secret_leaves(
    name: str,
    make_run: Callable[..., Run],
    make_exchange: Callable[..., Exchange],
    make_finding: Callable[..., Finding],
    info: ReportInfo,
    secret: str,
) -> None:
    """What was sent and what came back stands in no report: no key, id, path, header, body or detail."""
    failed = make_exchange(failure=FailureReason.CONNECT)
    run = make_run(make_finding(), exchanges=(make_exchange(), failed))
    assert secret in repr(failed.failure)
    assert secret not in load_format(name).render([run], info)


@pytest.mark.parametrize("name", format_names())
def test_nothing_at_all_is_a_report_too(name: str, info: ReportInfo) -> None:
    """No runs make a valid, short report that ends in a line end."""
    report = load_format(name).render([], info)
    assert report.endswith("\n")
    assert len(report) < 20_000


@settings(deadline=None)
@given(data=st.data())
def test_json_says_every_text_as_it_is(
    data: st.DataObject, any_runs: st.SearchStrategy[list[Run]], info: ReportInfo
) -> None:
    """Any text, even a lone surrogate, comes back from the JSON, which is pure ASCII."""
    runs = data.draw(any_runs)
    report = load_format("json").render(runs, info)
    assert report.isascii()
    back = [finding for run in json.loads(report)["runs"] for finding in run["findings"]]
    findings = [finding for run in runs for finding in run.findings]
    assert [one["observed"] for one in back] == [finding.observed for finding in findings]
    assert [one["fingerprint"] for one in back] == [finding.fingerprint for finding in findings]


@settings(deadline=None)
@given(data=st.data())
def test_junit_is_always_xml(
    data: st.DataObject, any_runs: st.SearchStrategy[list[Run]], info: ReportInfo
) -> None:
    """Any text at all leaves a document that an XML parser takes, with a suite for every run."""
    runs = data.draw(any_runs)
    report = load_format("junit").render(runs, info).encode("utf-8")
    assert len(ElementTree.fromstring(report).findall("testsuite")) == len(runs)


@settings(deadline=None)
@given(data=st.data())
def test_text_cannot_become_markup(
    data: st.DataObject, any_runs: st.SearchStrategy[list[Run]], info: ReportInfo
) -> None:
    """The page has the same tags whatever the texts are, so none of them became a tag."""
    runs = data.draw(any_runs)
    render = load_format("html").render
    page = render(runs, info)
    assert page.encode("utf-8")
    harmless = render([_harmless(run, at) for at, run in enumerate(runs)], info)
    assert sorted(Skeleton(page).tags) == sorted(Skeleton(harmless).tags)


@settings(deadline=None)
@given(data=st.data(), width=st.integers(20, 200))
def test_the_console_is_plain_and_narrow(
    data: st.DataObject, width: int, any_runs: st.SearchStrategy[list[Run]], info: ReportInfo
) -> None:
    """Without colour there is no escape sequence, whatever the texts hold, at any width."""
    runs = data.draw(any_runs)
    report = load_format("console").render(runs, replace(info, width=width))
    assert "\x1b" not in report
    assert report.encode("utf-8")
