"""A generated request as a command line: the key and the ids of the environment stand as variables."""

from __future__ import annotations

import shlex
from urllib.parse import urlencode

from docsworn.fuzz.request import Request, Subject
from docsworn.probe.cases import encode_segment
from docsworn.probe.target import Target

_MARK = "\0"


def curl_line(subject: Subject, request: Request, target: Target) -> str:
    """The ``curl`` command of a request in POSIX shell: one line of printable ASCII."""
    auth = target.auth
    words = ["curl", "--globoff", "-H", f'"{auth.header}: {auth.prefix}${auth.env}"', "-H"]
    words.append(shlex.quote("Accept: application/json"))
    for name, value in request.headers:
        words += ["-H", shlex.quote(f"{name}: {value}" if value else f"{name};")]
    return " ".join([*words, _url(subject, request, target)])


def _url(subject: Subject, request: Request, target: Target) -> str:
    segment = encode_segment(request.text) if request.known is None else _MARK
    path = subject.operation.path.replace(f"{{{subject.settings.id_parameter}}}", segment)
    query = f"?{urlencode(request.query)}" if request.query else ""
    before, mark, after = f"{target.base_url}{path}{query}".partition(_MARK)
    if not mark:
        return shlex.quote(before)
    # The variable holds a comma-separated list.
    known = f'"$(printf %s "${target.ids_env}" | cut -d, -f{request.known})"'
    return shlex.quote(before) + known + (shlex.quote(after) if after else "")
