"""What may be sent, what a seed stands for, and what a request is."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.errors import ConfigError
from docsworn.fuzz.plan import plan_requests
from docsworn.fuzz.request import Request, Sort, case_of, is_plain, sort_of, subject_of, violations
from docsworn.fuzz.safety import may_be_sent
from tests.fuzz.pack import IDS, PARAMETERS, SETTINGS, made_up

SUBJECT = subject_of(made_up(), "get_call")
TEXTS = st.text(st.sampled_from("/\\.%25eEfF;a \x00\n#?é\ud800"), max_size=8) | st.text(max_size=12)


@given(TEXTS)
def test_an_id_stays_one_segment(text: str) -> None:
    """However often a server decodes, what may be sent is no other path."""
    if not may_be_sent(SUBJECT, Request(text=text)):
        return
    segment = case_of(SUBJECT, Request(text=text), (), 1).path.removeprefix("/v1/calls/")
    assert re.fullmatch(r"[A-Za-z0-9_.~%\-]+", segment)
    for _ in range(3):
        segment = unquote(segment)
        assert not {"/", "\\"} & set(segment)
        assert segment.strip() not in ("", ".", "..")


NEVER_SENT = {
    "no id": Request(),
    "dot segments": Request(text=".."),
    "a slash": Request(text="a/b"),
    "encoded dots": Request(text="%2e%2e"),
    "a slash encoded twice": Request(text="a%252fb"),
    "a matrix parameter": Request(text=";a=b"),
    "half a surrogate pair": Request(text="\ud800"),
    "a long id": Request(text="a" * 5000),
    "another method by query": Request(text="a", query=(("_method", "DELETE"),)),
    "half a pair in the query": Request(text="a", query=(("\ud800", ""),)),
    "a long query": Request(text="a", query=(("q", "v" * 5000),)),
    "the key's header": Request(text="a", headers=(("x-key", "v"),)),
    "another host": Request(text="a", headers=(("Host", "v"),)),
    "another method": Request(text="a", headers=(("X-HTTP-Method-Override", "v"),)),
    "another path": Request(text="a", headers=(("X-Original-URL", "v"),)),
    "a cookie": Request(text="a", headers=(("Cookie", "v"),)),
    "a space in a name": Request(text="a", headers=(("a b", "v"),)),
    "no name": Request(text="a", headers=(("", "v"),)),
    "header injection": Request(text="a", headers=(("X-A", "a\r\nX-B: b"),)),
    "beyond ASCII": Request(text="a", headers=(("X-A", "é"),)),
    "space at an end": Request(text="a", headers=(("X-A", " a"),)),
}


@pytest.mark.parametrize("request_", NEVER_SENT.values(), ids=NEVER_SENT)
def test_is_never_sent(request_: Request) -> None:
    """Other paths, other methods, the key's header, and what is no HTTP."""
    assert not may_be_sent(SUBJECT, request_)


@pytest.mark.parametrize("seed", range(4))
def test_a_plan_holds_only_what_may_be_sent(seed: int) -> None:
    """Each request is different, may be sent, and leaves the key's header alone; all sorts are there."""
    planned = plan_requests(SUBJECT, IDS, 60, seed)
    assert len(planned) == len(set(planned)) == 60
    assert all(may_be_sent(SUBJECT, each) for each in planned)
    assert {sort_of(SUBJECT, each) for each in planned} == set(Sort)
    assert any(violations(SUBJECT, each) for each in planned)
    assert any(is_plain(SUBJECT, each) and each.query for each in planned)
    assert not any(each.text in IDS for each in planned)


def test_a_plan_without_ids_has_only_unknown_ones() -> None:
    """Where no conversation is named nothing is made up for one."""
    assert Sort.KNOWN not in {sort_of(SUBJECT, each) for each in plan_requests(SUBJECT, (), 30, 0)}


UNKNOWN = "call_0123abcd"
SORTS: dict[str, tuple[Request, Sort, tuple[str, ...], tuple[str, ...]]] = {
    "a known id": (Request(1), Sort.KNOWN, (), ()),
    "an unknown id": (Request(text=UNKNOWN), Sort.UNKNOWN, (), ("404",)),
    "no id at all": (Request(text="nobody"), Sort.MALFORMED, (), ()),
    "good parameters": (Request(1, query=(("verbose", "true"), ("page", "2"))), Sort.KNOWN, (), ()),
    "bad parameters": (
        Request(1, query=(("verbose", "yes"), ("page", "0"))),
        Sort.KNOWN,
        ("query verbose", "query page"),
        (),
    ),
    "a bad header": (Request(1, headers=(("x-trace", "no"),)), Sort.KNOWN, ("header x-trace",), ()),
    "an undeclared query": (Request(text=UNKNOWN, query=(("other", ""),)), Sort.UNKNOWN, (), ()),
}


@pytest.mark.parametrize("row", SORTS.values(), ids=SORTS)
def test_what_a_request_is(row: tuple[Request, Sort, tuple[str, ...], tuple[str, ...]]) -> None:
    """The sort of its id, the parameters off their schemas, and the statuses that it may get."""
    request_, sort, wrong, expect = row
    assert sort_of(SUBJECT, request_) is sort
    assert violations(SUBJECT, request_) == wrong
    assert case_of(SUBJECT, request_, IDS, 1).expect == expect


def test_an_id_that_is_drawn_and_configured_is_told_by_its_number() -> None:
    """No request holds a configured id as a text."""
    drawn = plan_requests(SUBJECT, (), 40, 1)
    ids = tuple(each.text for each in drawn)
    again = plan_requests(SUBJECT, ids, 40, 1)
    assert all(each.known is not None or each.text not in ids for each in again)


def test_values_do_not_show_in_a_repr() -> None:
    """A traceback may print a request."""
    assert "call_1" not in repr(Request(text="call_1"))


def test_parameters_may_refer_to_components_and_be_lists() -> None:
    """A reference is followed, also by what is drawn; how a list is written is nobody's violation."""
    referring = [
        {**PARAMETERS[0], "schema": {"$ref": "#/components/schemas/Id"}},
        {"name": "tags", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}},
    ]
    contract = made_up(parameters=referring, Id={"type": "string", "pattern": "^[a-f]{4}$"})
    subject = subject_of(contract, "get_call")
    assert sort_of(subject, Request(text="abcd")) is Sort.UNKNOWN
    assert sort_of(subject, Request(text="call_0123abcd")) is Sort.MALFORMED
    assert violations(subject, Request(text="abcd", query=(("tags", "x,y"),))) == ()
    sorts = {sort_of(subject, each) for each in plan_requests(subject, (), 30, 0)}
    assert sorts == {Sort.UNKNOWN, Sort.MALFORMED}


def test_only_one_id_in_the_path_is_fuzzed() -> None:
    """An operation that the settings do not fit is refused in a sentence."""
    with pytest.raises(ConfigError, match="only a GET with id alone"):
        subject_of(
            made_up(settings=SETTINGS.replace("id_parameter: call_id", "id_parameter: id")), "get_call"
        )
