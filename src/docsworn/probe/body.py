"""The bytes of a body, decoded and bounded while they stream in."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from docsworn.model import FailureReason
from docsworn.probe.meter import ExchangeError

# Window bits: 16 more means a gzip header. Some servers mean raw deflate by "deflate", see below.
_WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
# A compressed body may be several in a row; each costs a copy of the rest.
_MAX_MEMBERS = 64


def read_body(chunks: Iterable[bytes], coding: str | None, max_bytes: int) -> bytes:
    """The decoded body; ExchangeError if it is larger than ``max_bytes`` before or after decoding,
    cut short, or in a coding that nobody asked for."""
    name = (coding or "identity").strip().lower()
    if name in ("identity", ""):
        return _collect(chunks, max_bytes)
    if name not in _WINDOW_BITS:
        raise ExchangeError(FailureReason.PROTOCOL, "the body has a content coding that nobody asked for")
    return _inflate(_collect(chunks, max_bytes), _WINDOW_BITS[name], max_bytes)


def _collect(chunks: Iterable[bytes], max_bytes: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > max_bytes:
            raise _too_large(max_bytes)
        parts.append(chunk)
    return b"".join(parts)


def _inflate(data: bytes, window_bits: int, max_bytes: int) -> bytes:
    parts: list[bytes] = []
    left = max_bytes
    try:
        for _ in range(_MAX_MEMBERS):
            if not data:
                return b"".join(parts)
            decoder = zlib.decompressobj(_real_window_bits(data, window_bits))
            # One byte more than allowed tells a body of exactly the limit from a larger one.
            part = decoder.decompress(data, left + 1)
            left -= len(part)
            if left < 0:
                raise _too_large(max_bytes)
            if not decoder.eof:
                raise ExchangeError(FailureReason.TRUNCATED, "the compressed body is cut short")
            parts.append(part)
            data = decoder.unused_data
    except zlib.error:
        raise ExchangeError(FailureReason.PROTOCOL, "the compressed body is damaged") from None
    raise ExchangeError(FailureReason.PROTOCOL, "the compressed body has too many members")


def _real_window_bits(data: bytes, window_bits: int) -> int:
    """Raw deflate where a "deflate" body has no zlib header (RFC 9110, 8.4.1.2 warns of such senders)."""
    has_zlib_header = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
    return -15 if window_bits == 15 and not has_zlib_header else window_bits


def _too_large(max_bytes: int) -> ExchangeError:
    return ExchangeError(FailureReason.TOO_LARGE, f"the body is larger than {max_bytes} bytes")
