"""Us or them: hosts that can be connected to and hosts that cannot, all on loopback."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from docsworn.watch.connectivity import Address, Connectivity, address_of, can_connect, parse_address
from docsworn.watch.watched import Watched
from tests.watch.kites import target


@contextmanager
def open_port() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def closed_port() -> int:
    """A port on which nobody listens."""
    with open_port() as port:
        return port


class Time:
    """Seconds that go on by a minute with every look."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The time."""
        self.now += 60.0
        return self.now


def watching(folder: Path, *ports: int, references: tuple[Address, ...] = ()) -> tuple[Connectivity, Watched]:
    """Targets at these ports, and the first of them."""
    targets = [target(folder, f"http://127.0.0.1:{port}") for port in ports]
    connectivity = Connectivity(clock=Time())
    connectivity.watch(targets, references)
    return connectivity, targets[0]


def test_one_host_alone_proves_nothing(tmp_path: Path) -> None:
    """With a single host nobody can tell whose network is gone."""
    connectivity, only = watching(tmp_path, closed_port())
    assert connectivity.not_reached(only) is None
    assert connectivity.own is None


def test_another_host_shows_that_it_is_them(tmp_path: Path) -> None:
    """A second target, or a reference, that can be connected to says that our network is fine."""
    with open_port() as port:
        connectivity, gone = watching(tmp_path, closed_port(), port)
        assert connectivity.not_reached(gone) is True
        connectivity, gone = watching(tmp_path, closed_port(), references=(("127.0.0.1", port),))
        assert connectivity.not_reached(gone) is True


def test_all_at_once_is_us_until_one_is_back(tmp_path: Path) -> None:
    """When nobody can be connected to it is our network; the first that lets us in ends that."""
    with ExitStack() as stack:
        back = stack.enter_context(open_port())
        connectivity, gone = watching(tmp_path, closed_port(), back)
        stack.close()
        assert connectivity.not_reached(gone) is False
        assert connectivity.again() is False
        connectivity.reached()
        assert connectivity.own is True


def test_addresses_are_read() -> None:
    """Base URLs and references as host and port; a name that is none cannot be connected to."""
    assert address_of("https://api.example") == ("api.example", 443)
    assert address_of("http://127.0.0.1:8808/v1") == ("127.0.0.1", 8808)
    assert parse_address("[::1]:443") == ("::1", 443)
    assert not can_connect(("nowhere.invalid", 443))
