"""The short names of the plugin's options, for this suite alone.

    pytest checks --provider tavus --base-url https://tavusapi.com

Keys and conversation ids come from the environment, as with ``docsworn check``.
"""

from __future__ import annotations

import pytest

from docsworn.cli.pytest_plugin import add_options, suite_of


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--provider`` for ``--docsworn-provider``, and so on."""
    add_options(parser, prefix="")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Engage the providers before anything is collected: what does not fit is a usage error (exit 4)."""
    suite_of(session.config).engage()
