"""When a provider may be asked again: the one place that decides about retries.

Within a round nothing is sent twice: the next round is the retry. Whoever asks for a pause gets it.
(The transport alone replaces a kept connection that the server had closed before our request.)
"""

from __future__ import annotations

from docsworn.model import Exchange
from docsworn.probe.rate_limit import read_rate_limits

MOST_SECONDS = 86_400.0  # a wrong Retry-After must not end the watch
MOST_GUESSED_SECONDS = 3_600.0

_TOO_MANY, _UNAVAILABLE = 429, 503


def asks_for_pause(exchange: Exchange) -> bool:
    """Whether an answer asks for a pause: a 429, or a 503 with ``Retry-After`` (RFC 9110, 10.2.3)."""
    return exchange.status == _TOO_MANY or (
        exchange.status == _UNAVAILABLE and read_rate_limits(exchange).retry_after is not None
    )


def pause_after(exchange: Exchange, refusals: int, usual_seconds: float) -> float | None:
    """For how many seconds nothing may be sent after this answer; None where nobody asked for a pause.

    A 429 without a ``Retry-After`` that can be read doubles ``usual_seconds``, the interval, with each
    of the ``refusals`` in a row, itself included, to an hour; what is asked for counts up to a day.
    """
    if not asks_for_pause(exchange):
        return None
    asked = read_rate_limits(exchange).retry_after
    guessed = max(usual_seconds, min(usual_seconds * 2 ** min(refusals, 20), MOST_GUESSED_SECONDS))
    return min(guessed if asked is None else asked, MOST_SECONDS)
