"""A document by its address: no key, few redirects, one deadline, bounded size."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx

from docsworn import __version__
from docsworn.contract.settings import BudgetSettings
from docsworn.errors import DocumentError, NothingReachedError, UsageError
from docsworn.model import FailureReason
from docsworn.probe.body import read_body
from docsworn.probe.budget import Budget
from docsworn.probe.meter import ExchangeError, Meter
from docsworn.probe.target import is_loopback
from docsworn.probe.tls import tls_context
from docsworn.probe.transport import METER, GuardedTransport

MAX_BYTES = 20 * 1024 * 1024
MAX_REDIRECTS = 5
DEADLINE_SECONDS = 30.0
# One command reads a page and perhaps what it links; a bound against our own mistakes.
_BUDGET = BudgetSettings(per_minute=40, per_day=40)
_REDIRECTS = (301, 302, 303, 307, 308)
_HEADERS = {
    "User-Agent": f"docsworn/{__version__}",
    "Accept": "text/markdown, application/json;q=0.9, application/yaml;q=0.9, text/plain;q=0.8, */*;q=0.5",
    "Accept-Encoding": "gzip",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document as it came; ``url`` is where it was in the end."""

    url: str
    media_type: str
    charset: str
    content: bytes = field(repr=False)


class Fetcher:
    """Gets documents over https, or http on loopback; each within one deadline, redirects included."""

    def __init__(
        self,
        *,
        seconds: float = DEADLINE_SECONDS,
        max_bytes: int = MAX_BYTES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds = seconds
        self._max_bytes = max_bytes
        self._clock = clock
        self._budget = Budget(_BUDGET, clock)

    def get(self, url: str) -> Fetched:
        """The document at an address.

        UsageError for an address that may not be asked, NothingReachedError where no answer came,
        DocumentError where the answer is no document.
        """
        meter = Meter(self._seconds, self._clock)
        here = check_address(url)
        for _ in range(MAX_REDIRECTS + 1):
            try:
                answer = self._ask(here, meter)
            except ExchangeError as failed:
                raise _explained(here, failed) from None
            if isinstance(answer, Fetched):
                return answer
            here = _followed(here, answer)
        raise DocumentError(shown(here), f"more than {MAX_REDIRECTS} redirects")

    def _ask(self, here: SplitResult, meter: Meter) -> Fetched | str:
        """The document, or the address of a redirect."""
        tls = tls_context(None) if here.scheme == "https" else None
        transport = GuardedTransport(here.geturl(), self._budget, deadline_seconds=self._seconds, tls=tls)
        request = httpx.Request("GET", here.geturl(), headers=_HEADERS, extensions={METER: meter})
        try:
            response = transport.handle_request(request)
            if response.status_code in _REDIRECTS and "location" in response.headers:
                return response.headers["location"]
            if response.status_code != 200:
                raise DocumentError(shown(here), f"the server answers with status {response.status_code}")
            coding = response.headers.get("content-encoding")
            content = read_body(response.iter_raw(), coding, self._max_bytes)
        finally:
            transport.close()
        described = Message()
        described["content-type"] = response.headers.get("content-type", "text/plain")
        charset = described.get_content_charset("utf-8")
        return Fetched(here.geturl(), described.get_content_type(), charset, content)


def check_address(url: str) -> SplitResult:
    """The parts of an address that may be asked; UsageError for any other. No message holds its query."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise UsageError("the address cannot be read: write https://HOST/PAGE") from None
    if parts.scheme not in ("https", "http") or not host:
        raise UsageError("the address of a page begins with https:// and names a host")
    if parts.username is not None or parts.password is not None:
        raise UsageError("the address holds a user or a password: pages are read without a key")
    if any(character.isspace() or not character.isprintable() for character in url):
        raise UsageError("the address holds a space or a control character")
    if parts.scheme == "http" and not is_loopback(host):
        raise UsageError(f'pages are read over https: "{host}" is not this machine')
    return parts._replace(fragment="")


def may_lead(source: str, target: str) -> bool:
    """Whether what came from one address may send us to another: never from elsewhere to this machine."""
    try:
        here, there = check_address(source), check_address(target)
    except UsageError:
        return False
    return not is_loopback(there.hostname or "") or is_loopback(here.hostname or "")


def shown(parts: SplitResult) -> str:
    """An address for messages: host and path, without the query."""
    return f"{parts.netloc}{parts.path}"


def _explained(here: SplitResult, failed: ExchangeError) -> DocumentError | NothingReachedError:
    """What is too large or damaged was reached; the rest was not."""
    failure = failed.failure
    if failure.reason in (FailureReason.TOO_LARGE, FailureReason.PROTOCOL):
        return DocumentError(shown(here), failure.detail)
    return NothingReachedError(f"{shown(here)}: {failure.detail}")


def _followed(here: SplitResult, location: str) -> SplitResult:
    try:
        there = urljoin(here.geturl(), location)
    except ValueError:
        raise DocumentError(shown(here), "it redirects to what is no address") from None
    if not may_lead(here.geturl(), there):
        raise DocumentError(shown(here), "it redirects to an address that is not asked (not https)")
    return check_address(there)
