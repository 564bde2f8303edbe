"""What a fault makes of an answer: another response, or bytes that are no response at all."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from typing import Literal
from urllib.parse import urlsplit

from docsworn.emulate.changes import phrase_of
from docsworn.emulate.faults import Fault
from docsworn.emulate.garble import duplicate_keys, invalid_json, invalid_utf8, nan, nested
from docsworn.emulate.refusals import Answer

_MEGABYTE = 1024 * 1024
_BLOCK = 64 * 1024
LANDED = "docsworn_landed=1"  # in the query of a request that has followed a redirect

Ending = Literal["close", "reset", "hang"]


@dataclass(frozen=True, slots=True)
class Reply:
    """A well-formed response, other than the right one."""

    status: int
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Play:
    """Bytes on a connection: the head, then pieces, ``pause`` seconds apart, then how it ends."""

    head: bytes = b""
    body: Iterable[bytes] = field(default=())
    pause: float = 0.0
    ending: Ending = "close"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: the URL as the client had it, and the path with its query."""

    url: str
    path: str


Spoiled = Reply | Play


def spoil(fault: Fault, answer: Answer, asked: Asked) -> Spoiled | None:
    """An answer as it comes with a fault; None where the fault leaves it as it is."""
    return _SPOILS[fault.name](fault, answer, asked)


def _head(answer: Answer, headers: Mapping[str, str]) -> bytes:
    told = {"Content-Type": answer.media_type, **headers, "Connection": "close"}
    lines = [
        f"HTTP/1.1 {answer.status} {phrase_of(answer.status)}",
        *(f"{name}: {value}" for name, value in told.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _sized(answer: Answer, length: int | None = None) -> bytes:
    return _head(answer, {"Content-Length": str(len(answer.body) if length is None else length)})


def _part(fault: Fault, answer: Answer) -> bytes:
    """The share of a body that is sent, at least one byte too few."""
    return answer.body[: min(int(len(answer.body) * fault.setting("share")), max(len(answer.body) - 1, 0))]


def _reset_inside(fault: Fault, answer: Answer, _: Asked) -> Play:
    # the pause lets what was written arrive before the reset overtakes it
    return Play(_sized(answer), (_part(fault, answer), b""), pause=0.02, ending="reset")


def _drip(fault: Fault, answer: Answer, _: Asked) -> Play:
    size = int(fault.setting("bytes"))
    pieces = (answer.body[at : at + size] for at in range(0, len(answer.body), size))
    return Play(_sized(answer), pieces, pause=fault.setting("seconds"))


def _bad_chunk(_: Fault, answer: Answer, __: Asked) -> Play:
    half = len(answer.body) // 2
    pieces = (_chunk(answer.body[:half]), b"not-a-length\r\n", answer.body[half:])
    return Play(_head(answer, {"Transfer-Encoding": "chunked"}), pieces)


def _wrong_length(fault: Fault, answer: Answer, _: Asked) -> Play:
    length = max(len(answer.body) + int(fault.setting("by")), 0)
    return Play(_sized(answer, length), (answer.body,))


def _typed(media_type: str) -> Callable[[Fault, Answer, Asked], Reply]:
    return lambda _, answer, __: Reply(answer.status, answer.body, {"Content-Type": media_type})


def _changed(change: Callable[[bytes], bytes]) -> Callable[[Fault, Answer, Asked], Reply]:
    """A reply whose body is no longer what it says it is."""
    return lambda _, answer, __: Reply(
        answer.status, change(answer.body), {"Content-Type": answer.media_type}
    )


def _deep(fault: Fault, answer: Answer, _: Asked) -> Reply:
    body = nested(answer.body, int(fault.setting("levels")))
    return Reply(answer.status, body, {"Content-Type": answer.media_type})


def _huge(fault: Fault, answer: Answer, _: Asked) -> Play:
    rest = b"," + answer.body[1:] if answer.body.startswith(b"{") and answer.body != b"{}" else b"}"

    def pieces() -> Iterator[bytes]:
        yield _chunk(b'{"docsworn_padding":"')
        block = b"a" * _BLOCK
        for _ in range(max(int(fault.setting("megabytes") * _MEGABYTE) // _BLOCK, 1)):
            yield _chunk(block)
        yield _chunk(b'"' + rest) + b"0\r\n\r\n"

    return Play(_head(answer, {"Transfer-Encoding": "chunked"}), pieces())


def _bomb(fault: Fault, answer: Answer, _: Asked) -> Play:
    """The same compressed block again and again: it costs nothing but its checksum."""
    blank = b" " * _MEGABYTE
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(blank) + packer.flush(zlib.Z_FULL_FLUSH)
    ending = packer.compress(answer.body) + packer.flush()

    def pieces() -> Iterator[bytes]:
        checksum, size = 0, 0
        yield _chunk(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff")
        for _ in range(max(int(fault.setting("megabytes")), 1)):
            checksum, size = zlib.crc32(blank, checksum), size + _MEGABYTE
            yield _chunk(packed)
        checksum, size = zlib.crc32(answer.body, checksum), size + len(answer.body)
        trailer = checksum.to_bytes(4, "little") + (size % 2**32).to_bytes(4, "little")
        yield _chunk(ending + trailer) + b"0\r\n\r\n"

    return Play(_head(answer, {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}), pieces())


def _chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def _failing(status: int) -> Callable[[Fault, Answer, Asked], Reply]:
    body = json.dumps({"error": HTTPStatus(status).phrase}).encode()
    return lambda _, __, ___: Reply(status, body, {"Content-Type": "application/json"})


def _too_many(retry_after: Callable[[float], str]) -> Callable[[Fault, Answer, Asked], Reply]:
    plain = _failing(HTTPStatus.TOO_MANY_REQUESTS)

    def reply(fault: Fault, answer: Answer, asked: Asked) -> Reply:
        told = plain(fault, answer, asked)
        after = retry_after(fault.setting("retry_after"))
        return Reply(told.status, told.body, {**told.headers, "Retry-After": after})

    return reply


def _html(fault: Fault, _: Answer, __: Asked) -> Reply:
    status = int(fault.setting("status"))
    title = f"{status} {phrase_of(status)}"
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Reply(status, page.encode(), {"Content-Type": "text/html; charset=utf-8"})


def _redirect(
    target: Callable[[Asked], str], *, ends: bool
) -> Callable[[Fault, Answer, Asked], Reply | None]:
    """To a target; one that ``ends`` answers as usual once it was followed."""

    def reply(fault: Fault, _: Answer, asked: Asked) -> Reply | None:
        if ends and LANDED in urlsplit(asked.path).query.split("&"):
            return None
        return Reply(int(fault.setting("status")), b"", {"Location": target(asked)})

    return reply


def _landing(path: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{LANDED}"


def _other_host(asked: Asked) -> str:
    parts = urlsplit(asked.url)
    host = "127.0.0.1" if parts.hostname == "localhost" else "localhost"
    return f"{parts.scheme}://{host}:{parts.port}{_landing(asked.path)}"


_SPOILS: Mapping[str, Callable[[Fault, Answer, Asked], Spoiled | None]] = {
    "refused": lambda _, __, ___: Play(ending="reset"),
    "reset-before-body": lambda _, answer, __: Play(_sized(answer), (b"",), pause=0.02, ending="reset"),
    "reset-inside-body": _reset_inside,
    "truncated-body": lambda fault, answer, _: Play(_sized(answer), (_part(fault, answer),)),
    "slow-drip": _drip,
    "never-answers": lambda _, __, ___: Play(ending="hang"),
    "bad-chunk": _bad_chunk,
    "wrong-content-length": _wrong_length,
    "wrong-content-type": _typed("text/plain"),
    "wrong-charset": _typed("application/json; charset=utf-16"),
    "invalid-utf8": _changed(invalid_utf8),
    "invalid-json": _changed(invalid_json),
    "nan": _changed(nan),
    "duplicate-keys": _changed(duplicate_keys),
    "deep-nesting": _deep,
    "huge-body": _huge,
    "gzip-bomb": _bomb,
    "429": _failing(429),
    "429-seconds": _too_many(lambda seconds: str(int(seconds))),
    "429-date": _too_many(lambda seconds: formatdate(time.time() + seconds, usegmt=True)),
    **{str(status): _failing(status) for status in (500, 502, 503, 504)},
    "html-error": _html,
    "redirect-same-host": _redirect(lambda asked: _landing(asked.path), ends=True),
    "redirect-other-host": _redirect(_other_host, ends=True),
    "redirect-loop": _redirect(lambda asked: asked.path, ends=False),
}
