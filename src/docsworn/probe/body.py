"""The bytes of a body, decoded and bounded while they stream in."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from docsworn.model import FailureReason
from docsworn.probe.meter import ExchangeError

# Window bits: 16 more means a gzip header. Some servers mean raw deflate by "deflate", see below.
_WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
# A compressed body may be several in a row; each costs a copy of the rest.
_MAX_MEMBERS = 64


def read_body(chunks: Iterable[bytes], coding: str | None, max_bytes: int) -> bytes:
    """The decoded body; ExchangeError as soon as it is larger than ``max_bytes`` before or after decoding,
    where it is cut short, or in a coding that nobody asked for."""
    name = (coding or "identity").strip().lower()
    limited = _limited(chunks, max_bytes)
    if name in ("identity", ""):
        return b"".join(limited)
    if name not in _WINDOW_BITS:
        raise ExchangeError(FailureReason.PROTOCOL, "the body has a content coding that nobody asked for")
    return b"".join(_limited(_inflate(limited, _WINDOW_BITS[name], max_bytes), max_bytes))


def _limited(chunks: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    left = max_bytes
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise ExchangeError(FailureReason.TOO_LARGE, f"the body is larger than {max_bytes} bytes")
        yield chunk


def _inflate(chunks: Iterable[bytes], window_bits: int, max_bytes: int) -> Iterator[bytes]:
    """What compressed chunks hold, piece by piece, so that a bomb is cut where it begins to hurt."""
    decoder, members, data = None, 0, b""
    try:
        for chunk in chunks:
            data += chunk
            while data and (decoder is not None or len(data) > 1):
                if decoder is None:
                    members += 1
                    if members > _MAX_MEMBERS:
                        raise ExchangeError(
                            FailureReason.PROTOCOL, "the compressed body has too many members"
                        )
                    decoder = zlib.decompressobj(_real_window_bits(data, window_bits))
                # One byte more than allowed tells a body of exactly the limit from a larger one.
                yield decoder.decompress(data, max_bytes + 1)
                data = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
                decoder = None if decoder.eof else decoder
    except zlib.error:
        raise ExchangeError(FailureReason.PROTOCOL, "the compressed body is damaged") from None
    if decoder is not None or data:
        raise ExchangeError(FailureReason.TRUNCATED, "the compressed body is cut short")


def _real_window_bits(data: bytes, window_bits: int) -> int:
    """Raw deflate where a "deflate" body has no zlib header (RFC 9110, 8.4.1.2 warns of such senders)."""
    has_zlib_header = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
    return -15 if window_bits == 15 and not has_zlib_header else window_bits
