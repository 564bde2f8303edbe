"""Options of the suite, and the providers that it holds to their contracts.

    pytest checks --provider tavus --base-url https://tavusapi.com

Keys and conversation ids come from the environment, as with ``docsworn check``.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from docsworn.check.loader import load_checks
from docsworn.cli.choose import Wanted
from docsworn.cli.engage import engaged
from docsworn.cli.suite import Suite
from docsworn.errors import DocswornError
from docsworn.observe.history import History

_SUITE = pytest.StashKey[Suite]()
_STACK = pytest.StashKey[ExitStack]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options that ``docsworn check`` has too."""
    group = parser.getgroup("docsworn")
    group.addoption(
        "--provider", action="append", metavar="NAME[@REVISION]", help="a provider; may stand several times"
    )
    group.addoption("--base-url", metavar="URL", help="where the API is; the key goes there")
    group.addoption("--ca", type=Path, metavar="FILE", help="certificate authorities to trust")
    group.addoption("--contracts", type=Path, metavar="DIR", help="a folder of your own packs")
    group.addoption("--history", type=Path, metavar="FILE", help="what is known over time")
    group.addoption("--emulator", action="store_true", help="use the embedded emulator; needs no keys")
    group.addoption("--allow-skip", action="store_true", help="go on without providers that have no key")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Open the suite before anything is collected: what does not fit is a usage error (exit 4)."""
    suite_of(session.config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the emulator and close the history, where they were opened."""
    if _STACK in config.stash:
        config.stash[_STACK].close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """An item for each provider, operation and check."""
    if "promise_group" not in metafunc.fixturenames:
        return
    suite = suite_of(metafunc.config)
    items = [
        (provider, plan.operation, check)
        for provider in suite.engagements
        for plan in suite.plans(provider)
        for check in suite.checks
    ]
    names = [f"{provider}-{operation}-{check.name}" for provider, operation, check in items]
    metafunc.parametrize("promise_group", items, ids=names)


@pytest.fixture
def suite(pytestconfig: pytest.Config) -> Suite:
    """What this session checks."""
    return suite_of(pytestconfig)


def suite_of(config: pytest.Config) -> Suite:
    """The session's suite, made on the first call; pytest.UsageError where the options do not fit."""
    if _SUITE not in config.stash:
        stack = config.stash.setdefault(_STACK, ExitStack())
        try:
            config.stash[_SUITE] = _open_suite(config, stack)
        except DocswornError as error:
            raise pytest.UsageError(str(error)) from None
    return config.stash[_SUITE]


def _open_suite(config: pytest.Config, stack: ExitStack) -> Suite:
    wanted = Wanted(
        names=tuple(config.getoption("--provider") or ()),
        contracts=config.getoption("--contracts"),
        base_url=config.getoption("--base-url"),
        ca=config.getoption("--ca"),
        emulator=config.getoption("--emulator"),
        allow_skip=config.getoption("--allow-skip"),
    )
    engagements = stack.enter_context(engaged(wanted, os.environ))
    history = stack.enter_context(History(config.getoption("--history")))
    return Suite({found.target.provider: found for found in engagements}, load_checks(), history)
