"""Failed requests on disk, one JSON file each: what to send again, and nothing of any answer."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from docsworn.contract.settings import Slug
from docsworn.errors import ConfigError, UnknownNameError, UsageError
from docsworn.fuzz.failed import Failed
from docsworn.fuzz.request import Request
from docsworn.model import Finding, Kind

_MAX_BYTES = 64 * 1024
_MAX_PLACES = 100
_ID = re.compile(r"[0-9a-f]{12}")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _StoredRequest(_Strict):
    known: Annotated[int, Field(ge=1)] | None
    text: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]


class _StoredFinding(_Strict):
    promise: str
    kind: Kind
    pointer: str
    documented: str


class _Stored(_Strict):
    docsworn_fuzz: Literal[1]
    provider: Slug
    revision: Slug
    operation: str
    request: _StoredRequest
    finding: _StoredFinding
    more: tuple[_StoredFinding, ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """One promise that an answer broke, without what was seen."""

    promise: str
    kind: Kind
    pointer: str
    documented: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored failure: where it belongs, the request, and what the answer broke (the first 100 places)."""

    provider: str
    revision: str
    operation: str
    request: Request
    broken: tuple[Broken, ...]


def default_store(environ: Mapping[str, str]) -> Path:
    """The user's state folder for failed requests, as the XDG base directories have it."""
    state = environ.get("XDG_STATE_HOME", "")
    base = (
        Path(state) if state.startswith("/") else Path(environ.get("HOME", "~")).expanduser() / ".local/state"
    )
    return base / "docsworn" / "fuzz"


def kept_of(failed: Failed) -> Kept:
    """What is kept of a failure."""
    found = failed.finding
    broken = tuple(map(broken_of, failed.findings[:_MAX_PLACES]))
    return Kept(found.provider, found.revision, found.operation, failed.request, broken)


def broken_of(finding: Finding) -> Broken:
    """What is kept of a finding."""
    return Broken(finding.promise, finding.kind, finding.pointer, finding.documented)


def replay_id(kept: Kept) -> str:
    """12 hex digits: the same request and finding have the same ones."""
    return hashlib.sha256(_text(kept).encode("utf-8", "backslashreplace")).hexdigest()[:12]


def expect_writable(folder: Path) -> None:
    """ConfigError where failures cannot be kept in a folder: better before requests are sent for nothing."""
    nearest = next((each for each in (folder, *folder.parents) if each.exists()), folder)
    problem = "" if os.access(nearest, os.W_OK | os.X_OK) else f"{nearest} may not be written"
    if not nearest.is_dir():
        problem = f"{nearest} is no folder"
    if problem:
        raise ConfigError(f"{folder}: failed requests cannot be kept there: {problem}")


def save(folder: Path, kept: Kept) -> str:
    """Write a failure into the folder, whole or not at all; returns its id. ConfigError if it cannot."""
    name = replay_id(kept)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=folder, prefix=".draft-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as opened:
                opened.write(_text(kept) + "\n")
            Path(draft).replace(folder / f"{name}.json")
        except BaseException:
            with suppress(OSError):
                Path(draft).unlink()
            raise
    except OSError as error:
        raise ConfigError(f"{folder}: failed requests cannot be kept there: {error.strerror}") from None
    return name


def load(folder: Path, name: str) -> Kept:
    """A stored failure; UnknownNameError for an id that is not there, ConfigError for a damaged file."""
    if not _ID.fullmatch(name):
        raise UsageError("a replay id is 12 hex digits, as `docsworn fuzz requests` prints it")
    path = folder / f"{name}.json"
    try:
        with path.open("rb") as opened:
            text = opened.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        kept = (each.stem for each in folder.glob("*.json"))
        raise UnknownNameError(f"replay id in {folder}", name, kept) from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        if len(text) > _MAX_BYTES:
            raise ValueError
        stored = _Stored.model_validate_json(text)
    except (ValidationError, ValueError):
        raise ConfigError(f"{path}: is no stored request of docsworn") from None
    request = Request(**stored.request.model_dump())
    broken = tuple(Broken(**each.model_dump()) for each in (stored.finding, *stored.more))
    return Kept(stored.provider, stored.revision, stored.operation, request, broken)


def _text(kept: Kept) -> str:
    first, *more = map(asdict, kept.broken)
    data = {
        "docsworn_fuzz": 1,
        "provider": kept.provider,
        "revision": kept.revision,
        "operation": kept.operation,
        "request": asdict(kept.request),
        "finding": first,
        **({"more": more} if more else {}),
    }
    return json.dumps(data, indent=2)
