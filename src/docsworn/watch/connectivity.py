"""Is it us or them? When no host at all can be connected to, our own network is gone."""

from __future__ import annotations

import math
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from urllib.parse import urlsplit

from docsworn.watch.watched import Watched

MOST_HOSTS = 8  # that are tried before we believe that all are gone
CONNECT_SECONDS = 1.5
# For how long an answer is believed, in seconds, so that many failures at once do not ask many times.
_BELIEVED = {True: 1.0, False: 5.0}

Address = tuple[str, int]


def address_of(url: str) -> Address:
    """Host and port of a base URL."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def parse_address(text: str) -> Address:
    """Host and port of ``HOST:PORT`` or ``[ADDRESS]:PORT``."""
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def can_connect(address: Address) -> bool:
    """Whether a TCP connection opens; nothing is sent over it."""
    try:
        with socket.create_connection(address, CONNECT_SECONDS):
            return True
    except OSError:
        return False


class Connectivity:
    """What is known of our own network, from the hosts of the targets and the references.

    A host that answers a probe proves that we are connected. When one did not, the others are connected
    to, without a request, until one lets us: up to 8 of them. One host alone proves nothing.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        connect: Callable[[Address], bool] = can_connect,
    ) -> None:
        self._clock = clock
        self._asked = -math.inf
        self._hosts: tuple[Address, ...] = ()
        self._connect = connect
        self._own: bool | None = None
        self._lock = threading.Lock()

    def watch(self, targets: Iterable[Watched], references: Sequence[Address] = ()) -> None:
        """Know these targets' hosts, and these references, from now on."""
        found = (address_of(target.target.base_url) for target in targets)
        with self._lock:
            self._hosts = tuple(dict.fromkeys([*references, *found]))
            self._own = None if len(self._hosts) < 2 else self._own is not False

    @property
    def own(self) -> bool | None:
        """Whether we are connected; None where there is one host only, so that nobody can tell."""
        return self._own

    def reached(self) -> None:
        """Somebody answered."""
        if self._own is False:
            self._own = True

    def not_reached(self, target: Watched) -> bool | None:
        """A target could not be reached: find out whether anybody can be; the new state."""
        with self._lock:
            if self._own is not None and self._clock() - self._asked >= _BELIEVED[self._own]:
                self._find_out(address_of(target.target.base_url))
            return self._own

    def again(self) -> bool | None:
        """Look again whether anybody can be connected to; the new state."""
        with self._lock:
            if self._own is not None:
                self._find_out(None)
            return self._own

    def _find_out(self, failed: Address | None) -> None:
        # The one that failed a moment ago is asked last.
        asked = sorted(self._hosts, key=lambda host: host == failed)
        self._own = any(self._connect(host) for host in asked[:MOST_HOSTS])
        self._asked = self._clock()
