"""Takes the picture of the HTML report in README: ``python -m tests.browser.picture docs/report.png``."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from docsworn import __version__
from docsworn.cli.choose import Wanted, choose_providers, load_compiled
from docsworn.cli.past import backgrounds, base_url_of
from docsworn.export.loader import load_format
from docsworn.export.report import ReportInfo
from docsworn.observe.history import History
from docsworn.observe.recall import last_scopes, recall
from tests.browser.ninety import scope, write_ninety_days

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
SIZE = {"width": 1120, "height": 1000}


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    """The system's Chromium, which may load what is in files and nothing else."""
    with sync_playwright() as playwright:
        # Root has no sandbox to use, and containers of CI are often root's.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


def ninety_day_page(folder: Path) -> str:
    """The HTML report of the made-up ninety days."""
    file = folder / "ninety.sqlite"
    write_ninety_days(file, NOW.timestamp())
    contracts = [load_compiled(provider, revision) for provider, revision in choose_providers(Wanted(()))]
    with History(file) as history:
        runs = [run for one in last_scopes(history) if (run := recall(history, one)) is not None]
        asked = [
            (one, host, base_url_of(one.settings, host)) for one in contracts for host in [scope(one)[0]]
        ]
        info = ReportInfo(NOW, __version__, backgrounds=backgrounds(history, asked))
    return load_format("html").render(runs, info)


def take(browser: Browser, page_file: Path, picture: Path) -> None:
    """A PNG of the top of a page, in light."""
    page = browser.new_page(viewport=SIZE, color_scheme="light")  # type: ignore[arg-type]
    page.goto(page_file.as_uri())
    page.screenshot(path=picture)
    page.close()


def main(picture: Path) -> None:
    """Make the page and take its picture."""
    found = shutil.which("chromium")
    if found is None:
        sys.exit("chromium is not installed: apt-get install chromium (or your system's package of it)")
    with tempfile.TemporaryDirectory() as folder, chromium(found) as browser:
        file = Path(folder) / "report.html"
        file.write_text(ninety_day_page(Path(folder)), encoding="utf-8")
        take(browser, file, picture)
    print(f"{picture}: {picture.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
