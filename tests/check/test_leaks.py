"""Nothing of a body, a header, an id or a key comes out of a check."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from docsworn.check.strict_json import parse
from docsworn.model import Learned

SECRET = "Zq7#secret sentence"
PLACES = ("thing_id", "state", "size", "owner", "notes", "tags", "Zq7#secret field")
PLANTED = st.recursive(
    st.just(SECRET) | st.integers() | st.none() | st.booleans(),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.sampled_from(["text", f"{SECRET} as a key"]), below, max_size=3)
    ),
    max_leaves=6,
)
BODIES = st.dictionaries(st.sampled_from(PLACES), PLANTED)


@settings(max_examples=150)
@given(
    body=BODIES | PLANTED,
    media=st.sampled_from(["application/json", SECRET, f"text/{SECRET}", None]),
    status=st.sampled_from([200, 401, 404, 418, 503]),
    cut=st.integers(0, 3),
)
def test_findings_hold_no_value(bench: Any, body: Any, media: str | None, status: int, cut: int) -> None:
    """Whatever is planted at whatever place, whole or cut short."""
    data = json.dumps(body).encode()
    exchange = bench.exchange(raw=data[: len(data) - cut], media=media, status=status, subject_id=SECRET)
    steady: dict[tuple[str, ...], dict[str, int]] = {("?",): {"get_thing.200:/owner#presence": 20}}
    held = bench.hold(exchange, learned=Learned(steady=steady))
    assert held.crashes == ()
    told = repr(held) + str(held.run.findings) + repr(held.run.exchanges)
    assert "Zq7" not in told


def test_an_id_that_comes_back_is_not_told(bench: Any) -> None:
    """Where a short token shows, as an enum value or the name of a field, ours does not."""
    own = "thing-7-of-alice"
    body = {"thing_id": own, "state": own, own: 1, "tags": {own: 1, "Zq7token": 2}}
    held = bench.hold(bench.exchange(body, subject_id=own))
    told = {(finding.kind.value, finding.pointer, finding.observed) for finding in held.run.findings}
    assert told == {
        ("enum", "/state", 'string "****"'),
        ("undocumented", "/*", "undocumented field"),
        ("type", "/tags/*", "integer"),
    }


@given(data=st.binary(max_size=40).map(lambda some: b'{"Zq7#secret": "Zq7#secret' + some))
def test_parse_problems_hold_no_value(data: bytes) -> None:
    """Nor what Python or orjson would quote of it."""
    parsed = parse(data)
    assert "Zq7" not in f"{parsed!r} {parsed.problem}"
