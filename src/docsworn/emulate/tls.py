"""HTTPS with certificates of the emulator's own making, wrong ones on demand among them."""

from __future__ import annotations

import importlib
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from docsworn.errors import ConfigError

if TYPE_CHECKING:
    import trustme

_NAMES = ("localhost", "127.0.0.1", "::1")
_ELSEWHERE = "elsewhere.example"
_DAY = timedelta(days=1)


class Certificates:
    """A certificate authority, made afresh, and the server's context; keys are in memory only.

    For each new connection ``choose`` says with which fault its certificate comes, or None.
    """

    def __init__(self, choose: Callable[[], str | None]) -> None:
        # On demand: its cryptography would make every start slower, and few want HTTPS.
        authority: trustme.CA = importlib.import_module("trustme").CA(organization_name="docsworn emulator")
        self.pem = authority.cert_pem.bytes()
        yesterday = datetime.now(UTC) - _DAY
        faulty = {
            "certificate-expired": authority.issue_cert(
                *_NAMES, not_before=yesterday - 30 * _DAY, not_after=yesterday
            ),
            "certificate-wrong-name": authority.issue_cert(_ELSEWHERE),
        }
        contexts = {name: _context(certificate) for name, certificate in faulty.items()}

        def swap(connection: ssl.SSLObject, _: str | None, __: ssl.SSLContext) -> None:
            fault = choose()
            if fault is not None:
                connection.context = contexts[fault]

        self.context = _context(authority.issue_cert(*_NAMES))
        self.context.sni_callback = swap  # also called where no name is sent

    def write(self, file: Path) -> None:
        """Writes the authority's certificate, PEM, for clients to trust; ConfigError where it cannot."""
        try:
            file.write_bytes(self.pem)
        except OSError as error:
            raise ConfigError(f"{file}: cannot be written: {error.strerror}") from None


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    certificate.configure_cert(context)
    return context
