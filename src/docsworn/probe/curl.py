"""A request as a command line: the key and the ids of the environment stand as variables."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from docsworn.contract.settings import Auth, ProviderSettings
from docsworn.model import Credential, Operation
from docsworn.probe.cases import encode_segment, plan

_MARK = "\0"
_NUMBER = re.compile(r"/good/(\d+)")


def curl_line(
    url: str,
    auth: Auth,
    *,
    headers: Sequence[tuple[str, str]] = (),
    credential: Credential = Credential.KEY,
    ids_env: str = "",
    known: int | None = None,
) -> str:
    """The ``curl`` command of a GET in POSIX shell, on one line.

    Where ``known`` counts an id of ``ids_env`` (comma-separated, from 1), it stands at the NUL in ``url``.
    """
    keys = {
        Credential.KEY: f'"{auth.header}: {auth.prefix}${auth.env}"',
        Credential.WRONG: shlex.quote(f"{auth.header}: {auth.prefix}wrong"),
    }
    words = ["curl", "--globoff"]
    if credential in keys:
        words += ["-H", keys[credential]]
    words += ["-H", shlex.quote("Accept: application/json")]
    for name, value in headers:
        words += ["-H", shlex.quote(f"{name}: {value}" if value else f"{name};")]
    before, mark, after = url.partition(_MARK)
    address = shlex.quote(before)
    if mark:
        address += f'"$(printf %s "${ids_env}" | cut -d, -f{known})"'
        address += shlex.quote(after) if after else ""
    return " ".join([*words, address])


def url_of(
    base_url: str, path: str, id_parameter: str, text: str | None, query: Sequence[tuple[str, str]]
) -> str:
    """The URL of a path template; the id is ``text``, or a NUL where that is None."""
    segment = _MARK if text is None else encode_segment(text)
    end = f"?{urlencode(query)}" if query else ""
    return f"{base_url}{path.replace(f'{{{id_parameter}}}', segment)}{end}"


def curl_lines(
    provider: ProviderSettings, operation: Operation, base_url: str, cases: Sequence[str]
) -> Mapping[str, str]:
    """The command of each case that is planned, by its id; no configured id is needed or shown."""
    settings = provider.operations[operation.id]
    most = max((int(found[1]) for case in cases if (found := _NUMBER.search(case))), default=1)
    # NUL stands in no configured id, so these are told from the ids that the settings themselves name.
    ids = tuple(f"{_MARK}{number}" for number in range(1, most + 1))
    return {
        case.id: curl_line(
            url_of(
                base_url,
                operation.path,
                settings.id_parameter,
                None if case.subject_id in ids else case.subject_id,
                case.query,
            ),
            provider.auth,
            credential=case.credential,
            ids_env=settings.ids_env,
            known=ids.index(case.subject_id) + 1 if case.subject_id in ids else None,
        )
        for case in plan(operation, settings, ids)
        if case.id in cases
    }
