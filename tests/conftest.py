"""Shared by every test: how a test asks for a program that pip does not install."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest

DEBIAN_PACKAGES = {
    "amtool": "prometheus-alertmanager",
    "chromium": "chromium",
    "curl": "curl",
    "git": "git",
    "make": "make",
    "node": "nodejs",
    "prometheus": "prometheus",
    "prometheus-alertmanager": "prometheus-alertmanager",
    "promtool": "prometheus",
    "setpriv": "util-linux",
    "systemd-analyze": "systemd",
}


def _require(binary: str) -> str:
    path = shutil.which(binary)
    if path is not None:
        return path
    package = DEBIAN_PACKAGES.get(binary, binary)
    message = f"{binary} is not installed: apt-get install {package} (or your system's package of it)"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def require() -> Callable[[str], str]:
    """``require("promtool")`` gives the program's path; without it the test skips, or fails in CI."""
    return _require


@pytest.fixture(scope="session", autouse=True)
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the history of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield
