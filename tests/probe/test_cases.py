"""Which requests are planned, and what they look like before they are sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from docsworn.contract.settings import Auth, OperationSettings
from docsworn.errors import ConfigError
from docsworn.model import Case, Credential, Operation, Purpose, Source
from docsworn.probe.cases import encode_segment, plan
from docsworn.probe.preview import request_line
from docsworn.probe.target import Target

OPERATION = Operation("get_thing", "GET", "/v1/things/{thing_id}", (), {}, Source("acme.md", 1))
SETTINGS = OperationSettings.model_validate(
    {
        "id_parameter": "thing_id",
        "ids_env": "ACME_THING_IDS",
        "variants": [{}, {"verbose": "true"}],
        "error_cases": [
            {"id": "no-key", "purpose": "no_key"},
            {"id": "wrong-key", "purpose": "wrong_key", "expect": ["401"]},
            {"id": "unknown-id", "purpose": "unknown_id", "value": "nobody"},
            {"id": "malformed-id", "purpose": "malformed_id", "value": "a/../b c"},
        ],
    }
)


def test_good_cases_then_the_error_contract() -> None:
    """Each id in each variant, then each error case once, with the first id where one is needed."""
    cases = plan(OPERATION, SETTINGS, ("t-1", "t/2"))
    assert [(case.id, case.path, case.query) for case in cases[:4]] == [
        ("get_thing/good/1", "/v1/things/t-1", ()),
        ("get_thing/good/1?verbose=true", "/v1/things/t-1", (("verbose", "true"),)),
        ("get_thing/good/2", "/v1/things/t%2F2", ()),
        ("get_thing/good/2?verbose=true", "/v1/things/t%2F2", (("verbose", "true"),)),
    ]
    assert all((case.purpose, case.credential) == (Purpose.GOOD, Credential.KEY) for case in cases[:4])
    assert [(case.id, case.credential, case.path, case.expect) for case in cases[4:]] == [
        ("get_thing/no-key", Credential.NONE, "/v1/things/t-1", ()),
        ("get_thing/wrong-key", Credential.WRONG, "/v1/things/t-1", ("401",)),
        ("get_thing/unknown-id", Credential.KEY, "/v1/things/nobody", ()),
        ("get_thing/malformed-id", Credential.KEY, "/v1/things/a%2F..%2Fb%20c", ()),
    ]
    assert [case.subject_id for case in cases[4:]] == ["t-1", "t-1", "nobody", "a/../b c"]


def test_without_ids_only_the_error_contract() -> None:
    """The cases that need an id ask for one that nobody has."""
    cases = plan(OPERATION, SETTINGS, ())
    assert [case.id.rpartition("/")[2] for case in cases] == [
        "no-key",
        "wrong-key",
        "unknown-id",
        "malformed-id",
    ]
    assert [case.path for case in cases[:2]] == ["/v1/things/nobody"] * 2


def test_a_case_without_any_id_is_left_out() -> None:
    """There is nothing it could ask for."""
    settings = OperationSettings.model_validate(
        {"id_parameter": "thing_id", "ids_env": "I", "error_cases": [{"id": "no-key", "purpose": "no_key"}]}
    )
    assert plan(OPERATION, settings, ()) == ()


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/v1/things", "the path parameters are none"),
        ("/v1/{other}", "the path parameters are other"),
        ("/v1/{thing_id}/{part}", "the path parameters are thing_id, part"),
    ],
)
def test_a_path_that_does_not_fit_the_settings(path: str, message: str) -> None:
    """No request goes to a path with a hole in it."""
    with pytest.raises(ConfigError, match=message):
        plan(replace(OPERATION, path=path), SETTINGS, ("a",))


@example(value="..")
@example(value=".")
@given(value=st.text(st.characters(exclude_categories=["Cs"])))
def test_an_id_stays_one_segment(value: str) -> None:
    """Whatever it holds, and it can be read back."""
    encoded = encode_segment(value)
    assert encoded.isascii()
    assert encoded not in (".", "..")
    assert not set(encoded) & set("/?#{} \r\n")
    assert unquote(encoded) == value


@given(value=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12))
def test_what_is_sent_is_what_was_planned(value: str) -> None:
    """No URL library changes the path on its way."""
    (case, *_) = plan(OPERATION, SETTINGS, (value,))
    assert httpx.URL(f"http://127.0.0.1{case.path}").raw_path.decode() == case.path


def _line(target: Target, case: Case, **changes: Any) -> str:
    return request_line(replace(target, base_url="https://api.acme.test", **changes), case)


def test_preview(target: Target) -> None:
    """Ids and key stand as variables; made-up ids are the settings' own and may show."""
    ids = ("t-1", "t/2")
    lines = [_line(target, case, ids=ids) for case in plan(OPERATION, SETTINGS, ids)]
    place, key = "GET https://api.acme.test/v1/things/", "(x-api-key: $ACME_API_KEY)"
    assert lines == [
        f"{place}$ACME_THING_IDS[1]  {key}",
        f"{place}$ACME_THING_IDS[1]?verbose=true  {key}",
        f"{place}$ACME_THING_IDS[2]  {key}",
        f"{place}$ACME_THING_IDS[2]?verbose=true  {key}",
        f"{place}$ACME_THING_IDS[1]  (no x-api-key)",
        f"{place}$ACME_THING_IDS[1]  (x-api-key: a wrong key)",
        f"{place}nobody  {key}",
        f"{place}a%2F..%2Fb%20c  {key}",
    ]


def test_preview_shows_the_prefix(target: Target) -> None:
    """As the header would have it."""
    auth = Auth(header="Authorization", prefix="Bearer ", env="ACME_API_KEY")
    (case, *_) = plan(OPERATION, SETTINGS, ("thing-7",))
    assert _line(target, case, auth=auth).endswith("(Authorization: Bearer $ACME_API_KEY)")


@given(value=st.text(st.characters(exclude_categories=["Cs"]), min_size=3).map(lambda text: f"Zq7{text}"))
def test_neither_preview_nor_case_shows_an_id(target: Target, value: str) -> None:
    """Nor the key."""
    for case in plan(OPERATION, SETTINGS, (value,)):
        told = request_line(replace(target, ids=(value,)), case) + repr(case) + str(case)
        assert "Zq7" not in told
        assert "test-key-1234" not in told
