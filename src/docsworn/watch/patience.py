"""When a provider may be asked again: the one place that decides about retries.

Within a round nothing is sent twice: the next round is the retry. Whoever asks for a pause gets it.
(The transport alone replaces a kept connection that the server had closed before our request.)
"""

from __future__ import annotations

from docsworn.model import Exchange
from docsworn.probe.rate_limit import read_rate_limits

FIRST_SECONDS = 60.0
MOST_SECONDS = 86_400.0  # a wrong Retry-After must not end the watch

_TOO_MANY, _UNAVAILABLE = 429, 503


def pause_after(exchange: Exchange, refusals: int) -> float | None:
    """For how many seconds nothing may be sent after this answer; None where nobody asked for a pause.

    A 429 without a ``Retry-After`` that can be read doubles from a minute with each of the
    ``refusals`` in a row before it, to a day at most; a 503 counts where it has one (RFC 9110, 10.2.3).
    """
    if exchange.status not in (_TOO_MANY, _UNAVAILABLE):
        return None
    asked = read_rate_limits(exchange).retry_after
    if asked is None and exchange.status == _UNAVAILABLE:
        return None
    return min(FIRST_SECONDS * 2 ** min(refusals, 20) if asked is None else asked, MOST_SECONDS)
