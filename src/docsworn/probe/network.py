"""Sockets under one deadline: DNS timed apart, every wait no longer than what is left."""

from __future__ import annotations

import errno
import queue
import socket
import ssl
import threading
from collections.abc import Iterable
from ipaddress import ip_address
from socket import getaddrinfo
from typing import Any

import httpcore

from docsworn.errors import DocswornError
from docsworn.model import FailureReason
from docsworn.probe.meter import ExchangeError, Meter
from docsworn.probe.tls import expiry_of, explain_handshake


class BoundedBackend(httpcore.NetworkBackend):
    """Opens connections for the exchange that the calling thread is in (see ``enter``)."""

    def __init__(self) -> None:
        self._plain = httpcore.SyncBackend()
        self._thread = threading.local()

    def enter(self, meter: Meter) -> None:
        """From now on this thread's network operations belong to that exchange."""
        self._thread.meter = meter

    @property
    def meter(self) -> Meter:
        """The exchange of the calling thread."""
        meter: Meter | None = getattr(self._thread, "meter", None)
        if meter is None:
            raise DocswornError("a connection was used outside of an exchange")
        return meter

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of the host that answers."""
        meter = self.meter
        addresses = resolve(host, port, meter)
        meter.connected = True
        with meter.phase("connect"):
            for position, address in enumerate(addresses):
                # One silent address must not eat the time of the others.
                share = meter.remaining(timeout) / (len(addresses) - position)
                try:
                    plain = self._plain.connect_tcp(address, port, share, local_address, socket_options)
                except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                    if position == len(addresses) - 1:
                        raise _connect_failure(error, meter) from None
                else:
                    return BoundedStream(plain, self)
        raise ExchangeError(FailureReason.DNS, "the host name has no address")


class BoundedStream(httpcore.NetworkStream):
    """A connection whose every wait ends with the exchange it serves at the time."""

    def __init__(self, plain: httpcore.NetworkStream, backend: BoundedBackend) -> None:
        self._plain = plain
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes; none when the peer has closed."""
        meter = self._backend.meter
        data = self._plain.read(max_bytes, meter.remaining(timeout))
        meter.received += len(data)
        meter.peer_closed = not data
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of the bytes."""
        self._plain.write(buffer, self._backend.meter.remaining(timeout))

    def close(self) -> None:
        """Close the socket."""
        self._plain.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection under TLS; notes when the peer's certificate ends."""
        meter = self._backend.meter
        with meter.phase("tls"):
            try:
                secure = self._plain.start_tls(ssl_context, server_hostname, meter.remaining(timeout))
            except httpcore.ConnectTimeout:
                raise meter.timeout() from None
            except httpcore.ConnectError as error:
                raise _handshake_failure(error) from None
        meter.certificate_expiry = expiry_of(secure.get_extra_info("ssl_object"))
        return BoundedStream(secure, self._backend)

    def get_extra_info(self, info: str) -> Any:
        """What the socket knows: ``ssl_object``, ``socket``, ``is_readable``…"""
        return self._plain.get_extra_info(info)


def resolve(host: str, port: int, meter: Meter) -> tuple[str, ...]:
    """The addresses of a host, each once; ``getaddrinfo`` knows no deadline, so a thread waits for it."""
    try:
        ip_address(host)
    except ValueError:
        pass
    else:
        return (host,)
    answers: queue.SimpleQueue[tuple[str, ...] | OSError | UnicodeError] = queue.SimpleQueue()
    with meter.phase("dns"):
        threading.Thread(target=_look_up, args=(host, port, answers), daemon=True, name="dns").start()
        try:
            answer = answers.get(timeout=meter.remaining())
        except queue.Empty:
            raise meter.timeout() from None
    if isinstance(answer, tuple):
        return answer
    name = getattr(answer, "errno", None)
    words = _DNS_PROBLEMS.get(name, "the host name cannot be looked up")
    raise ExchangeError(FailureReason.DNS, words)


_DNS_PROBLEMS: dict[int | None, str] = {
    socket.EAI_NONAME: "the host name is not known",
    socket.EAI_AGAIN: "the name server does not answer",
}


def _look_up(
    host: str, port: int, answers: queue.SimpleQueue[tuple[str, ...] | OSError | UnicodeError]
) -> None:
    try:
        found = getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        answers.put(error)
    else:
        answers.put(tuple(dict.fromkeys(str(address[0]) for *_, address in found)))


def _connect_failure(error: Exception, meter: Meter) -> ExchangeError:
    if isinstance(error, httpcore.ConnectTimeout):
        return meter.timeout()
    return ExchangeError(FailureReason.CONNECT, f"no connection ({_error_name(error)})")


def _handshake_failure(error: Exception) -> ExchangeError:
    cause = error.__cause__
    if isinstance(cause, ssl.SSLError):
        return ExchangeError(FailureReason.TLS, explain_handshake(cause))
    return ExchangeError(FailureReason.TLS, f"the TLS handshake failed ({_error_name(error)})")


def _error_name(error: Exception) -> str:
    """The system's short name of what went wrong, such as ``ECONNREFUSED``."""
    code = getattr(error.__cause__, "errno", None)
    return errno.errorcode.get(code, "unknown") if code is not None else "unknown"
