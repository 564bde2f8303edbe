"""The page: self-contained, closed to everything else, and readable by all."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from docsworn.export.loader import load_format
from docsworn.export.report import ReportInfo
from docsworn.model import Exchange, FailureReason, Finding, Kind, Run, Severity, Verdict
from tests.export.whole import INFO, RUNS

VOID = {"br", "input", "meta", "rect"}


class Page(HTMLParser):
    """Start tags with their attributes; fails on tags that do not nest."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that stays open."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that closes itself."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Close what was opened last."""
        assert self._open.pop() == tag

    def all(self, *names: str) -> list[dict[str, str | None]]:
        """The attributes of every tag of these names."""
        return [attrs for tag, attrs in self.tags if tag in names]


@pytest.fixture
def text(
    make_run: Callable[..., Run],
    make_finding: Callable[..., Finding],
    make_exchange: Callable[..., Exchange],
    info: ReportInfo,
) -> str:
    """A page of two providers with every part that a page can have."""
    broken = make_run(
        make_finding(observed='string "<script>alert(1)</script>"', reason="why {{ 7 * 7 }}"),
        make_finding(Kind.ENUM, Severity.WARNING, pointer='/a"onload="x'),
        make_finding(Kind.LATENCY, waived="slow by contract"),
        exchanges=(make_exchange(), make_exchange(failure=FailureReason.TIMEOUT, total=5.0)),
        notes=("ids are <b>missing</b>",),
    )
    kept = make_run(provider="other", verdict=Verdict.KEPT)
    return load_format("html").render([broken, kept], info)


def test_the_policy_lets_only_our_style_and_script_in(text: str) -> None:
    """The content security policy forbids everything but the style and the script whose hashes it bears."""
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', text)
    digests = [
        base64.b64encode(
            hashlib.sha256(re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.S)[0].encode()).digest()
        )
        for tag in ("style", "script")
    ]
    style, script = (digest.decode() for digest in digests)
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}';"
        " base-uri 'none'; form-action 'none'"
    )
    assert (text.count("<style"), text.count("<script")) == (1, 1)


def test_it_asks_nobody(text: str) -> None:
    """Nothing in the page loads or sends anything; links lead into the page."""
    page = Page(text)
    assert not page.all("link", "img", "iframe", "object", "base")
    assert [attrs for attrs in page.all("form") if "action" in attrs] == []
    assert not re.search(r"url\(|@import|https?:|fetch|XMLHttp|import\(|innerHTML|eval\(", text)
    attributes = {name for _, attrs in page.tags for name in attrs}
    assert not attrs_of_concern(attributes)
    ids = {attrs["id"] for _, attrs in page.tags if "id" in attrs} - {"shown"}
    assert {f"#{one}" for one in ids} == {attrs["href"] for attrs in page.all("a")}


def attrs_of_concern(names: set[str]) -> set[str]:
    """Attributes that the policy would have to stop."""
    return {name for name in names if name.startswith("on") or name in {"src", "style", "srcset", "action"}}


def test_hostile_text_is_shown_as_text(text: str) -> None:
    """Markup, attribute breaks and template syntax of a provider arrive as they were written."""
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "/a&#34;onload=&#34;x" in text
    assert "{{ 7 * 7 }}" in text
    assert "ids are &lt;b&gt;missing&lt;/b&gt;" in text


def test_it_can_be_read_by_all(text: str) -> None:
    """Language, heading order, table scopes, captions, names for pictures and for what scrolls."""
    page = Page(text)
    assert page.all("html") == [{"lang": "en"}]
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))
    assert all(attrs.get("scope") in {"col", "row"} for attrs in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(attrs.get("aria-label") or attrs.get("aria-hidden") for attrs in page.all("svg"))
    regions = [attrs for attrs in page.all("div") if attrs.get("class") == "scroll"]
    assert all(attrs["tabindex"] == "0" and attrs["aria-label"] for attrs in regions)
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(set(ids)) == len(ids)


def _luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_enough_in_light_and_dark(text: str) -> None:
    """Text has 4.5 to 1 on page and panel, bars 3 to 1 on the page but for the quiet ones (WCAG 2.2)."""
    schemes = [
        dict(re.findall(r"--(\w+): (#\w{6})", block)) for block in re.findall(r":root \{(.*?)\}", text, re.S)
    ]
    assert len(schemes) == 2
    for colors in schemes:
        for name in ("text", "muted", "link", "kept", "broken", "warning", "info"):
            assert _contrast(colors[name], colors["back"]) >= 4.5, name
            assert _contrast(colors[name], colors["panel"]) >= 4.5, name
        for name in ("dns", "connect", "tls", "send", "wait", "receive"):
            assert _contrast(colors[name], colors["back"]) >= 3.0, name


def test_it_tells_everything_of_a_finding(text: str) -> None:
    """Place, documented, seen, source line, case, promise, fingerprint and latency are all there."""
    for words in ("/status", "a field that is always there", "acme.page.txt:12", "get_conversation/good/1"):
        assert words in text
    assert "1</strong> kept" in text
    assert "1 error, 1 warning" in text
    assert "Waived: 1" in text
    assert "New" not in re.findall(r"<h3>(\w+): \d", text)
    assert "timeout" in text
    assert "5.000" in text


def test_a_page_with_a_history_is_as_readable() -> None:
    """Trends, trees, states and changes: tags nest, pictures are named, tables have scopes and captions."""
    page = Page(report := load_format("html").render(RUNS, INFO))
    assert all(attrs.get("aria-label") or attrs.get("aria-hidden") for attrs in page.all("svg"))
    assert all(attrs.get("scope") in {"col", "row"} for attrs in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table"))
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))
    for words in (
        "reopened <time",
        "Availability: 96.55 % of the rounds",
        "1 finding went: type /cost.",
        "Revision v1 fitted best, now v2 does.",
        "<b>not evaluable</b> format",
        "acme.page.md:45",
    ):
        assert words in report, words


def test_ninety_findings_stay_small(
    make_run: Callable[..., Run], make_finding: Callable[..., Finding], info: ReportInfo
) -> None:
    """A bad day of one provider is a page of well under a megabyte."""
    findings = [make_finding(pointer=f"/field_{at}") for at in range(90)]
    assert len(load_format("html").render([make_run(*findings)], info)) < 200_000
