"""The one reader of rate-limit headers: what it takes, what it calls malformed, what it must not say."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from docsworn.model import Case, Credential, Exchange, Purpose, Timings
from docsworn.probe.rate_limit import RateLimits, limit_notes, read_rate_limits, retry_after_seconds

NOW = 1_800_000_000.0
CASE = Case("get/good/1", "get", Purpose.GOOD, Credential.KEY, "/x")


def exchange(*headers: tuple[str, str], status: int = 200) -> Exchange:
    """A response with these headers that was complete at ``NOW``."""
    return Exchange(CASE, NOW - 2, Timings(total=2.0), status=status, headers=headers)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("30", 30.0),
        (" 120 ", 120.0),
        (formatdate(NOW + 90, usegmt=True), 90.0),
        (formatdate(NOW - 90, usegmt=True), 0.0),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 0.0),
        ("Sun Nov  6 08:49:37 1994", 0.0),
        ("Fri, 31 Dec 2199 23:59:59 GMT", 5_458_118_399.0),
    ],
)
def test_retry_after_has_two_forms(text: str, seconds: float) -> None:
    """Whole seconds, or a date in one of the three forms of RFC 9110; what is past is now."""
    assert retry_after_seconds(text, NOW) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "", "soon", "-1", "1.5", "+3", "1e3", "٣", "9" * 5000, "30, 30", "2027-01-15T08:00:00Z",
        "Fri, 99 Dec 2199 23:59:59 GMT", "Fri, 31 Dec 2199 99:99:99 GMT", "Fri, 31 Foo 2199 23:59:59 GMT",
        "Fri, 31 Dec 2199 23:59:59 +0100",
    ],
)  # fmt: skip
def test_what_is_no_retry_after(text: str) -> None:
    """Neither form: None, whatever Python would make of it."""
    assert retry_after_seconds(text, NOW) is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("RateLimit", '"default";r=50;t=30'),
        ("RateLimit", '"a, b";r=0;t=30, burst;r=1'),
        ("RateLimit", "limit=100, remaining=50, reset=5"),
        ("RateLimit-Policy", '"burst";q=100;w=60,"daily";q=1000;w=86400;pk=:cGs=:'),
        ("RateLimit-Policy", '100;w=60, 1000;w=3600;comment="sliding window"'),
        ("RateLimit-Limit", "100, 100;w=60"),
        ("RateLimit-Remaining", "99"),
        ("RateLimit-Reset", "12"),
        ("X-RateLimit-Limit", "5000"),
        ("X-RateLimit-Limit-Requests", "5000"),
        ("X-Rate-Limit-Remaining", "4.0"),
        ("x-ratelimit-remaining", "-1"),
        ("X-RateLimit-Reset", "1800000030"),
        ("X-RateLimit-Reset-Tokens", "6m0s"),
        ("X-RateLimit-Reset", "2027-01-15T08:00:00Z"),
        ("X-RateLimit-Resource", "any words"),
        ("X-RateLimit-Used", "1"),
    ],
)
def test_what_providers_send_is_read(name: str, text: str) -> None:
    """The draft in its old and new form, and the customs that no standard has."""
    limits = read_rate_limits(exchange((name, text)))
    assert (limits.seen, limits.problems) == (True, ())


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("Retry-After", "soon", "Retry-After is neither whole seconds nor an HTTP date"),
        ("RateLimit", '"default;r=50', "ratelimit is no structured field with whole numbers"),
        ("RateLimit", '"default";r=many', "ratelimit is no structured field with whole numbers"),
        ("RateLimit", "", "ratelimit is no structured field with whole numbers"),
        ("RateLimit-Policy", "100;w=-60", "ratelimit-policy is no structured field with whole numbers"),
        ("RateLimit-Reset", "Fri, 31 Dec 2199 23:59:59 GMT", "ratelimit-reset is no number of seconds"),
        ("X-RateLimit-Limit", "many", "x-ratelimit-limit is no number"),
        ("X-RateLimit-Reset", "later", "x-ratelimit-reset is no time"),
        ("X-RateLimit-" + "a" * 40 + "-Limit", "x", "x-ratelimit-* is no number"),
    ],
)
def test_malformed_ones_are_named_without_their_value(name: str, text: str, problem: str) -> None:
    """A sentence each, with the header's name where that is short."""
    assert read_rate_limits(exchange((name, text))).problems == (problem,)


@pytest.mark.parametrize(
    "header",
    [
        ("RateLimit", '"a";r=0;t=3'),
        ("RateLimit", "limit=10, remaining=0, reset=5"),
        ("RateLimit-Remaining", "0"),
        ("X-RateLimit-Remaining-Tokens", "0"),
    ],
)
def test_nothing_remaining_is_a_note(header: tuple[str, str]) -> None:
    """For people: the next request may be refused."""
    assert read_rate_limits(exchange(header)).exhausted
    assert list(limit_notes([exchange(header)])) == ["the API says that nothing remains of its rate limit"]


def test_a_wait_is_a_note() -> None:
    """The longest one of a round."""
    told = [exchange(("Retry-After", "5")), exchange(("retry-after", formatdate(NOW + 40, usegmt=True)))]
    assert list(limit_notes(told)) == ["the API asks to wait 40 s before the next request (Retry-After)"]


def test_too_many_requests_are_a_note() -> None:
    """Also where only requests that are meant to be refused got it, which is no finding."""
    told = [exchange(status=429), exchange(), exchange(status=429)]
    assert list(limit_notes(told)) == ["2 of 3 requests were answered with 429: too many requests"]


def test_most_responses_say_nothing() -> None:
    """No header, no opinion."""
    assert read_rate_limits(exchange(("X-Rates", "1"), ("Ratio", "2"))) == RateLimits()
    assert list(limit_notes([exchange()])) == []


@given(
    name=st.sampled_from(
        ["Retry-After", "RateLimit", "RateLimit-Policy", "X-RateLimit-Reset", "RateLimit-Limit"]
    ),
    text=st.text(max_size=60) | st.text('0123456789;=,"rtqw -', max_size=80),
)
@example(name="RateLimit", text='"' * 5000)
@example(name="RateLimit", text="a;" * 2000)
def test_any_text_is_read_or_named(name: str, text: str) -> None:
    """Never an exception, never a word of it."""
    limits = read_rate_limits(exchange((name, f"Zq7{text}")))
    assert "Zq7" not in repr(limits)
