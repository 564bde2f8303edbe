"""Which requests one operation is held to: good ones, and the error contract."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from docsworn.contract.settings import OperationSettings
from docsworn.errors import ConfigError
from docsworn.model import Case, Credential, Operation, Purpose

_CREDENTIALS = {Purpose.NO_KEY: Credential.NONE, Purpose.WRONG_KEY: Credential.WRONG}
_ASKS_FOR_A_REAL_ID = frozenset(_CREDENTIALS)


def plan(operation: Operation, settings: OperationSettings, ids: tuple[str, ...]) -> tuple[Case, ...]:
    """The good cases (each id in each variant), then the error cases; without ids only those."""
    return (*_good_cases(operation, settings, ids), *_error_cases(operation, settings, ids))


def encode_segment(value: str) -> str:
    """A value as one path segment: ``..`` and ``/`` stay data, never structure."""
    if value in (".", ".."):
        return value.replace(".", "%2E")
    # Environment variables may bring bytes that are not UTF-8 as surrogates.
    return quote(value, safe="", errors="surrogateescape")


def _good_cases(operation: Operation, settings: OperationSettings, ids: tuple[str, ...]) -> Iterator[Case]:
    for number, value in enumerate(ids, start=1):
        for variant in settings.variants:
            query = tuple(variant.items())
            label = "&".join(f"{name}={text}" for name, text in query)
            yield Case(
                id=f"{operation.id}/good/{number}" + (f"?{label}" if label else ""),
                operation=operation.id,
                purpose=Purpose.GOOD,
                credential=Credential.KEY,
                path=_path(operation, settings, value),
                query=query,
                subject_id=value,
            )


def _error_cases(operation: Operation, settings: OperationSettings, ids: tuple[str, ...]) -> Iterator[Case]:
    made_up = _made_up_id(settings)
    for error in settings.error_cases:
        real = ids[0] if ids and error.purpose in _ASKS_FOR_A_REAL_ID else None
        value = real or error.value or made_up
        if value is None:
            continue
        yield Case(
            id=f"{operation.id}/{error.id}",
            operation=operation.id,
            purpose=error.purpose,
            credential=_CREDENTIALS.get(error.purpose, Credential.KEY),
            path=_path(operation, settings, value),
            expect=error.expect,
            subject_id=value,
        )


def _made_up_id(settings: OperationSettings) -> str | None:
    """A well-formed id of nobody, as the error contract's own case has one."""
    unknown = (error for error in settings.error_cases if error.purpose is Purpose.UNKNOWN_ID)
    return next((error.value for error in unknown if error.value), None)


def _path(operation: Operation, settings: OperationSettings, value: str) -> str:
    path = operation.path.replace(f"{{{settings.id_parameter}}}", encode_segment(value))
    left = re.findall(r"\{([^{}/]*)\}", operation.path)
    unknown = [name for name in left if name != settings.id_parameter]
    if unknown or not left:
        raise ConfigError(
            f"{operation.id}: the path parameters are {', '.join(left) or 'none'}, "
            f'the settings name "{settings.id_parameter}"'
        )
    return path
