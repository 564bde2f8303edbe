"""Case → Exchange."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from typing import Self
from urllib.parse import urlencode

import httpx

from docsworn import __version__
from docsworn.errors import ConfigError
from docsworn.model import Case, Credential, Exchange
from docsworn.probe.body import read_body
from docsworn.probe.budget import Purse
from docsworn.probe.meter import ExchangeError, Meter
from docsworn.probe.redact import header_without_key, without_key
from docsworn.probe.target import Target
from docsworn.probe.tls import tls_context
from docsworn.probe.transport import METER, GuardedTransport

MAX_BODY_BYTES = 16 * 1024 * 1024
WRONG_KEY = "invalid-docsworn-probe"


class Client:
    """Sends cases to one target over kept connections; a context manager.

    ``clock`` gives Unix seconds, ``tls`` is a context to share (else one is made for https). Nothing
    of one response is carried into the next request: no cookies, no redirects, no environment.
    """

    def __init__(
        self,
        target: Target,
        budget: Purse,
        *,
        clock: Callable[[], float] = time.time,
        max_bytes: int = MAX_BODY_BYTES,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._target = target
        self._clock = clock
        self._max_bytes = max_bytes
        if tls is None and target.base_url.startswith("https:"):
            tls = tls_context(target.ca)
        self._transport = GuardedTransport(
            target.base_url, budget, deadline_seconds=target.deadline_seconds, tls=tls
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the kept connections."""
        self._transport.close()

    def send(self, case: Case, *, seconds: float | None = None) -> Exchange:
        """What came back, or why nothing did; ConfigError if the case needs a key and there is none.

        ``seconds`` shortens the target's deadline for this exchange.
        """
        headers = self._headers(case)
        started = self._clock()
        limit = self._target.deadline_seconds
        meter = Meter(limit if seconds is None else min(seconds, limit), time.monotonic)
        # Not through httpx.Client: it logs each URL, and the URL holds the id.
        request = httpx.Request("GET", self._url(case), headers=headers, extensions={METER: meter})
        status, answered, body, failure = None, None, None, None
        try:
            response = self._transport.handle_request(request)
            status, answered = response.status_code, response.headers
            try:
                coding = answered.get("content-encoding")
                body = without_key(read_body(response.iter_raw(), coding, self._max_bytes), self._secret)
            finally:
                response.close()
        except ExchangeError as failed:
            failure = failed.failure
        return Exchange(
            case=case,
            started=started,
            timings=meter.timings(),
            status=status,
            headers=_header_pairs(answered, self._secret),
            body=body,
            failure=failure,
            certificate_expiry=meter.certificate_expiry,
        )

    @property
    def _secret(self) -> str | None:
        return None if self._target.key is None else self._target.key.reveal()

    def _url(self, case: Case) -> str:
        query = f"?{urlencode(case.query)}" if case.query else ""
        return f"{self._target.base_url}{case.path}{query}"

    def _headers(self, case: Case) -> dict[str, str]:
        headers = {
            "User-Agent": f"docsworn/{__version__}",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
        }
        auth = self._target.auth
        if case.credential is Credential.WRONG:
            headers[auth.header] = f"{auth.prefix}{WRONG_KEY}"
        elif case.credential is Credential.KEY:
            if self._target.key is None:
                raise ConfigError(f"{self._target.provider}: no key: set {auth.env} or {auth.file_env}")
            headers[auth.header] = f"{auth.prefix}{self._target.key.reveal()}"
        return headers


def _header_pairs(headers: httpx.Headers | None, key: str | None) -> tuple[tuple[str, str], ...]:
    if headers is None:
        return ()
    return tuple(
        (name.decode("latin-1"), header_without_key(value, key).decode("latin-1"))
        for name, value in headers.raw
    )
