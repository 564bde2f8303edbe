"""What a request looks like before it is sent: without the key and without an id."""

from __future__ import annotations

from urllib.parse import urlencode

from docsworn.model import Case, Credential
from docsworn.probe.cases import encode_segment
from docsworn.probe.target import Target


def request_line(target: Target, case: Case) -> str:
    """One line that says what would be sent; ids and key stand as ``$VARIABLE``."""
    path = "/".join(_segment(part, target) for part in case.path.split("/"))
    query = f"?{urlencode(case.query)}" if case.query else ""
    return f"GET {target.base_url}{path}{query}  ({_credential(target, case)})"


def _segment(part: str, target: Target) -> str:
    encoded = tuple(encode_segment(value) for value in target.ids)
    if part not in encoded:
        return part
    return f"${target.ids_env}[{encoded.index(part) + 1}]"


def _credential(target: Target, case: Case) -> str:
    auth = target.auth
    words = {
        Credential.KEY: f"{auth.header}: {auth.prefix}${auth.env}",
        Credential.WRONG: f"{auth.header}: a wrong key",
        Credential.NONE: f"no {auth.header}",
    }
    return words[case.credential]
