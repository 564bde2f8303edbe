"""A pytest plugin that collects what a consumer's tests read: ``pytest -p docsworn.compat.pytest_uses``.

A test asks for ``record_uses`` and gives it the bodies that it hands to the consumer. What all tests have
read is written to the file of ``--uses-file`` when the session ends, from the workers of pytest-xdist too.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docsworn.compat.record import Recording, dump_uses, record

_RECORDING = pytest.StashKey[Recording]()
_SENT = "docsworn_uses"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--uses-file``."""
    group = parser.getgroup("docsworn")
    group.addoption("--uses-file", metavar="FILE", help="Write the places of bodies that were read.")


def pytest_configure(config: pytest.Config) -> None:
    """Begin with an empty recording."""
    config.stash[_RECORDING] = Recording(set())


@pytest.fixture
def record_uses(request: pytest.FixtureRequest) -> Callable[[Any], Any]:
    """What makes a body remember what is read of it, for the uses file."""
    recording = request.config.stash[_RECORDING]

    def recorded(body: Any) -> Any:
        recording.places.add(())
        return record(body, recording)

    return recorded


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:  # noqa: ARG001 - the hook's name for it
    """Take what a worker has recorded."""
    sent = getattr(node, "workeroutput", {}).get(_SENT, [])
    node.config.stash[_RECORDING].places.update(tuple(place) for place in sent)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the file, or send what was recorded to the process that does."""
    places = session.config.stash[_RECORDING].places
    workeroutput = getattr(session.config, "workeroutput", None)
    if workeroutput is not None:
        workeroutput[_SENT] = sorted(list(place) for place in places)
        return
    file = session.config.getoption("--uses-file")
    if file is not None:
        Path(file).write_text(dump_uses(places), encoding="utf-8")
