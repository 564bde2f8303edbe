"""The HTML report in real Chromium: what it shows, what it filters, whom it shuts out, and whom it asks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from docsworn.export.change_report import load_change_format
from docsworn.export.loader import load_format
from tests.browser.picture import chromium, ninety_day_page, take
from tests.compat.changed import many_changes
from tests.export.whole import HOSTILE, INFO, RUNS

AXE = Path(__file__).parents[1] / "axe" / "node_modules" / "axe-core" / "axe.min.js"
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def browser(require: Callable[[str], str]) -> Iterator[Browser]:
    """The system's Chromium."""
    with chromium(require("chromium")) as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two reports on disk: of ninety days of the real contracts, and one with hostile text."""
    folder = tmp_path_factory.mktemp("pages")
    texts = {
        "ninety": ninety_day_page(folder),
        "hostile": load_format("html").render(RUNS, INFO),
        "changes": load_change_format("html").render(many_changes(), frozenset()),
    }
    files = {name: folder / f"{name}.html" for name in texts}
    for name, text in texts.items():
        files[name].write_text(text, encoding="utf-8")
    return files


@pytest.fixture
def told() -> list[str]:
    """What went wrong in the browser: messages of the console, errors, dialogs, requests that leave."""
    return []


@pytest.fixture
def show(browser: Browser, pages: dict[str, Path], told: list[str]) -> Iterator[Callable[..., Page]]:
    """``show("ninety", color_scheme="dark")`` opens a page and listens to all that it does."""
    contexts = []

    def opened(name: str, **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: told.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: told.append(f"error: {error}"))
        page.on("dialog", lambda dialog: told.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: told.append(f"request: {request.url}"))
        page.goto(pages[name].as_uri())
        told.remove(f"request: {pages[name].as_uri()}")
        return page

    yield opened
    for context in contexts:
        context.close()


def shown(page: Page) -> list[str]:
    """The places of the findings that are shown."""
    return page.locator(".finding:visible h4 > code").all_inner_texts()


@pytest.mark.parametrize("name", ["ninety", "hostile"])
def test_it_runs_without_an_error_and_asks_nobody(
    name: str, show: Callable[..., Page], told: list[str]
) -> None:
    """Nothing on the console, no dialog, no request but the file itself, also while it is used."""
    page = show(name)
    for select in page.locator("select").all():
        select.select_option(index=1)
    page.get_by_label("Text").fill("x")
    page.get_by_role("button", name="Show all").click()
    page.wait_for_timeout(50)
    assert told == []


def test_ninety_days_of_three_providers_are_below_a_megabyte(pages: dict[str, Path]) -> None:
    """With all 1,600 promises, and 26,000 rounds of each provider in its pictures."""
    assert pages["ninety"].stat().st_size < MEGABYTE


@pytest.mark.parametrize(("media", "width"), [("screen", 375), ("screen", 360), ("print", 700)])
def test_nothing_is_cut_off(media: Any, width: int, show: Callable[..., Page]) -> None:
    """On a telephone and on paper (A4 within its margins) all columns of the first table can be read."""
    page = show("ninety", viewport={"width": width, "height": 800})
    page.emulate_media(media=media)
    wide = "one => [one.scrollWidth, one.clientWidth]"
    for element in (page.get_by_role("region", name="Operations"), page.locator("html")):
        needed, given = element.evaluate(wide)
        assert needed <= given


def test_one_broken_promise_of_a_thousand_is_seen(show: Callable[..., Page]) -> None:
    """Its part of the bar is wide enough to have a colour."""
    page = show("ninety", viewport={"width": 1280, "height": 800})
    widths = [one.bounding_box() for one in page.locator("td .bar rect.broken").all()]
    assert len(widths) == 2
    assert all(box is not None and box["width"] >= 2 for box in widths)


def test_filters_show_what_is_asked_for(show: Callable[..., Page]) -> None:
    """By provider, state, severity and text; what is left is said, and a button shows all again."""
    page = show("hostile")
    everything = ["/status", "/odd", "/steps/*/name", "(the whole response)", "/cost"]
    assert shown(page) == everything
    for name, value, left in (
        ("provider", "birch", ["/cost"]),
        ("group", "open", ["/steps/*/name"]),
        ("severity", "warning", ["/odd"]),
    ):
        page.locator(f"select[name={name}]").select_option(value)
        assert shown(page) == left
        assert page.get_by_role("status").inner_text() == "1 of 5 findings are shown."
        page.get_by_role("button", name="Show all").click()
        page.locator("#shown", has_text="5 of 5 findings").wait_for()
        assert shown(page) == everything
    page.get_by_label("Text").fill("ESCALATED")
    assert shown(page) == ["/status"]
    page.get_by_label("Text").fill("nothing has this")
    assert shown(page) == []
    assert page.locator(".group h3:visible").count() == 0


def test_the_tree_is_filtered_too(show: Callable[..., Page]) -> None:
    """Only broken promises, with the places that lead to them."""
    page = show("hostile")
    page.locator("select[name=state]").select_option("broken")
    section = page.locator("[data-section=acme] .tree")
    assert section.locator(".leaf:visible b").all_inner_texts() == ["broken", "broken"]
    assert section.locator("summary code:visible").all_inner_texts() == [
        *("get_call.200", "status", "steps", "*", "name")
    ]


def test_hostile_text_is_text(show: Callable[..., Page]) -> None:
    """What a provider named stands on the page letter by letter, and has made no element."""
    page = show("hostile")
    assert page.locator("img").count() == 0
    assert page.locator("dd", has_text="alert(1)").first.inner_text() == HOSTILE


def barriers(page: Page, exclude: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """What axe finds on a page as it is, but for some parts of it: a rule and the first element each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("(exclude) => axe.run({ exclude })", [[selector] for selector in exclude])
    assert len(found["passes"]) > 10
    return [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]


@pytest.fixture
def axe() -> None:
    """axe-core is there."""
    if not AXE.is_file():
        message = "axe-core is not installed: make axe (needs npm)"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)


@pytest.mark.usefixtures("axe")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier(scheme: str, show: Callable[..., Page]) -> None:
    """Contrast, names, roles, order and keyboard, with all open that can be folded."""
    page = show("hostile", color_scheme=scheme)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert barriers(page) == []


@pytest.mark.usefixtures("axe")
def test_axe_finds_no_barrier_in_ninety_days(show: Callable[..., Page]) -> None:
    """As it opens; the trees are long, and the other page has looked at one."""
    assert barriers(show("ninety"), exclude=(".tree",)) == []


@pytest.mark.usefixtures("axe")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier_in_many_changes(scheme: str, show: Callable[..., Page]) -> None:
    """The page of ``docsworn compat``: its sum, then each change, folded."""
    page = show("changes", color_scheme=scheme)
    assert page.locator("tbody tr").count() > 5
    assert page.locator("details[open]").count() == 0
    page.evaluate("for (const one of [...document.querySelectorAll('details')].slice(0, 20)) one.open = true")
    assert barriers(page) == []


def test_many_changes_fit_a_telephone(show: Callable[..., Page], told: list[str]) -> None:
    """Nothing is wider than the screen, and nothing is asked for or complained of."""
    page = show("changes", viewport={"width": 360, "height": 740})
    page.locator("summary").first.click()
    assert page.locator("details[open] dl").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert told == []


@pytest.mark.usefixtures("axe")
def test_axe_would_find_one(show: Callable[..., Page]) -> None:
    """A picture without a name is found: axe looks."""
    page = show("hostile")
    page.evaluate("document.querySelector('svg[role=img]').removeAttribute('aria-label')")
    assert [rule for rule, _ in barriers(page, exclude=(".tree",))] == ["svg-img-alt"]


def test_a_keyboard_reaches_and_opens_everything(show: Callable[..., Page]) -> None:
    """Tab goes to links, filters and what unfolds; Enter unfolds; the focus is seen."""
    page = show("hostile")
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.tagName"))
    assert {"A", "INPUT", "SELECT", "BUTTON", "SUMMARY", "DIV"} <= set(reached)
    page.locator(".finding summary").first.focus()
    page.keyboard.press("Enter")
    assert page.get_by_text("curl -H").first.is_visible()
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"


@pytest.mark.parametrize("name", ["ninety", "hostile"])
def test_a_phone_need_not_scroll_sideways(name: str, show: Callable[..., Page]) -> None:
    """At 360 pixels the page itself fits; only tables scroll in themselves."""
    page = show(name, viewport={"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_script_everything_is_shown(show: Callable[..., Page]) -> None:
    """The filters are not there, all findings are."""
    page = show("hostile", java_script_enabled=False)
    assert page.locator(".finding:visible").count() == 5
    assert page.locator("form:visible").count() == 0


def test_on_paper_nothing_is_folded(show: Callable[..., Page]) -> None:
    """What to do about a finding is printed, the filters are not."""
    page = show("hostile")
    assert page.pdf().startswith(b"%PDF")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.get_by_text("curl -H").first.is_visible()
    assert not page.locator("form").is_visible()


def test_the_picture_of_readme_is_small(browser: Browser, pages: dict[str, Path], tmp_path: Path) -> None:
    """Taken as `make picture` takes it, it stays below 150 KB, as does the one that is kept."""
    picture = tmp_path / "report.png"
    take(browser, pages["ninety"], picture)
    kept = Path(__file__).parents[2] / "docs" / "report.png"
    assert 10_000 < picture.stat().st_size < 150_000
    assert 10_000 < kept.stat().st_size < 150_000
