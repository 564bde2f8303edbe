"""The pytest plugin: a suite of one's own asks providers, and asserts on what their contracts say of it.

    def test_tavus(docsworn_provider):
        docsworn_provider("tavus").assert_kept()

pytest loads it wherever docsworn is installed, so it imports nothing but pytest until a test asks for it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from docsworn.cli.suite import Answers, Suite

SUITE = pytest.StashKey["Suite"]()
MARKER = "docsworn"

# What an option is called after `--docsworn-` (and in checks/ without it), and how it is read.
OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("provider", {"action": "append", "metavar": "NAME[@REVISION]", "help": "a provider; repeatable"}),
    ("base-url", {"metavar": "URL", "help": "where the API is; the key goes there"}),
    ("ca", {"type": Path, "metavar": "FILE", "help": "certificate authorities to trust"}),
    ("contracts", {"type": Path, "metavar": "DIR", "help": "a folder of your own packs"}),
    ("history", {"type": Path, "metavar": "FILE", "help": "what is known over time"}),
    ("emulator", {"action": "store_true", "help": "use the embedded emulator; needs no keys"}),
    ("allow-skip", {"action": "store_true", "help": "go on without providers that have no key"}),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options that ``docsworn check`` has too, each with ``docsworn-`` before its name."""
    add_options(parser, prefix="docsworn-")


def add_options(parser: pytest.Parser, *, prefix: str) -> None:
    """The options under names with a prefix; what one of them sets, the others read."""
    group = parser.getgroup("docsworn", "docsworn: contracts of HTTP APIs")
    for name, how in OPTIONS:
        group.addoption(f"--{prefix}{name}", dest=_dest(name), **how)


def option(config: pytest.Config, name: str) -> Any:
    """What an option was set to, by whichever of its names."""
    return config.getoption(_dest(name))


def _dest(name: str) -> str:
    return f"docsworn_{name.replace('-', '_')}"


def pytest_configure(config: pytest.Config) -> None:
    """Tell of the marker."""
    config.addinivalue_line(
        "markers",
        f"{MARKER}(*providers): asks these APIs. Deselected where --docsworn-provider names others, skipped"
        " where one has no key.",
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the emulator and close the history, where they were opened."""
    if SUITE in config.stash:
        config.stash[SUITE].close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that are marked with other providers than those that are wanted."""
    wanted = {name.partition("@")[0] for name in option(config, "provider") or ()}
    if not wanted:
        return
    others = [item for item in items if (marked := _marked(item)) and not marked <= wanted]
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a marked test whose provider has no key."""
    for name in sorted(_marked(item)):
        suite_of(item.config).need(name)


def _marked(item: pytest.Item) -> set[str]:
    return {str(name).partition("@")[0] for mark in item.iter_markers(MARKER) for name in mark.args}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """An item for each provider, operation and check, where a test asks for ``docsworn_promise_group``."""
    if "docsworn_promise_group" in metafunc.fixturenames:
        groups = suite_of(metafunc.config).promise_groups()
        metafunc.parametrize("docsworn_promise_group", groups, ids=[group.name for group in groups])


@pytest.fixture(scope="session")
def docsworn_provider(pytestconfig: pytest.Config) -> Callable[[str], Answers]:
    """``docsworn_provider("tavus")`` asks a provider, once a session, and gives what came of it.

    Where the provider has no key the test is skipped; it fails where --docsworn-provider names it.
    """
    return suite_of(pytestconfig).answers


def suite_of(config: pytest.Config) -> Suite:
    """The session's suite, made on the first call; pytest.UsageError where the options do not fit."""
    if SUITE not in config.stash:
        config.stash[SUITE] = importlib.import_module("docsworn.cli.suite").open_suite(config)
    return config.stash[SUITE]
