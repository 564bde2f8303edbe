"""A generated request as a command line: the key and the ids of the environment stand as variables."""

from __future__ import annotations

from docsworn.fuzz.request import Request, Subject
from docsworn.probe import curl
from docsworn.probe.target import Target


def curl_line(subject: Subject, request: Request, target: Target) -> str:
    """The ``curl`` command of a request in POSIX shell: one line of printable ASCII."""
    text = request.text if request.known is None else None
    parameter = subject.settings.id_parameter
    return curl.curl_line(
        curl.url_of(target.base_url, subject.operation.path, parameter, text, request.query),
        target.auth,
        headers=request.headers,
        ids_env=target.ids_env,
        known=request.known,
    )
