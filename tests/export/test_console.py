"""What a person reads at a terminal or in a CI log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from docsworn.export.loader import load_format
from docsworn.export.report import ReportInfo
from docsworn.model import Exchange, FailureReason, Finding, Kind, Run, Severity, Verdict

WHOLE = """\
provider  operation         revision  verdict  sent  kept  broken  unseen  not eval.  slowest
acme      get_conversation  v2        broken      1    40       4      12          1  0.250 s
other     get_conversation  v2        unseen      1    40       0      12          1        -

error missing /status (acme get_conversation)
  documented  a field that is always there
  seen        absent
  source      acme.page.txt:12
  case        get_conversation/good/1 and 1 more

warning enum /transcript/*/role (acme get_conversation)
  documented  one of "user", "agent"
  seen        string "[bold]"
  source      acme.page.txt:12
  case        get_conversation/good/1
  reason      why

waived latency (the whole response) (acme get_conversation)
  documented  a field that is always there
  seen        absent
  source      acme.page.txt:12
  case        get_conversation/good/1
  waived      slow, until 2030-01-01

acme: note: ids are missing

2 operations: 0 kept, 1 broken, 1 unseen; 1 error, 1 warning, 1 waived
"""


@pytest.fixture
def runs(
    make_run: Callable[..., Run], make_finding: Callable[..., Finding], make_exchange: Callable[..., Exchange]
) -> list[Run]:
    """A run with a finding of every sort, in a bad order, and one that nothing answered."""
    broken = make_run(
        make_finding(Kind.LATENCY, pointer="", waived="slow, until 2030-01-01"),
        make_finding(
            Kind.ENUM,
            Severity.WARNING,
            pointer="/transcript/*/role",
            documented='one of "user", "agent"',
            observed='string "[bold]"',
            reason="why",
        ),
        make_finding(),
        make_finding(case="get_conversation/good/2"),
        notes=("ids are missing",),
    )
    silent = make_exchange(failure=FailureReason.CONNECT)
    return [broken, make_run(provider="other", verdict=Verdict.UNSEEN, exchanges=(silent,))]


def test_the_whole_report(runs: list[Run], info: ReportInfo) -> None:
    """A table of operations, then what was found: errors first, waived last, each thing once."""
    assert load_format("console").render(runs, info) == WHOLE


def test_the_environment_decides_nothing(
    runs: list[Run], info: ReportInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caller says width and colour; variables that rich would read change nothing."""
    for name, value in {"FORCE_COLOR": "1", "COLUMNS": "41", "TTY_COMPATIBLE": "1"}.items():
        monkeypatch.setenv(name, value)
    assert load_format("console").render(runs, info) == WHOLE
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b[" in load_format("console").render(runs, replace(info, color=True))


def test_colour_is_only_colour(runs: list[Run], info: ReportInfo) -> None:
    """In colour the words are there too, and a name in brackets is not taken for a style."""
    report = load_format("console").render(runs, replace(info, color=True))
    assert '"[bold]"' in report
    assert "\x1b[1;31merror" in report


def test_a_narrow_terminal_loses_no_finding(runs: list[Run], info: ReportInfo) -> None:
    """At 40 columns every line fits, and what is too long goes on in the next line."""
    report = load_format("console").render(runs, replace(info, width=40))
    assert max(map(len, report.splitlines())) <= 40
    assert "acme.page.txt:12" in report
    assert "provider  verdict  kept  broken\nacme      broken" in report


def test_places_of_one_promise_stand_together(
    make_run: Callable[..., Run], make_finding: Callable[..., Finding], info: ReportInfo
) -> None:
    """A promise that is broken at two places is told once, with both."""
    promise = "get_conversation#undocumented"
    found = [make_finding(Kind.UNDOCUMENTED, pointer=place, promise=promise) for place in ("/a", "/b")]
    report = load_format("console").render([make_run(*found)], info)
    assert report.count("documented  ") == 1
    assert "  seen        /a: absent\n  seen        /b: absent\n" in report
