"""Trends as the paths of an SVG: one path a series, so that ninety days stay small."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from docsworn.export.view import day, moment
from docsworn.observe.trend import PHASES, Bucket

WIDTH, HEIGHT = 1000.0, 100.0
_GAP = 0.12  # of a bar
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Series:
    """One path of a chart; ``name`` is also its class in the style sheet."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Row:
    """One bucket in the table behind a chart."""

    when: str
    rounds: int
    available: str
    broken: int
    mean: str
    slowest: str


@dataclass(frozen=True, slots=True)
class Trend:
    """The charts of one scope: availability and latency, from ``first`` to ``last``."""

    first: str
    last: str
    availability: tuple[Series, ...]
    latency: tuple[Series, ...]
    share: str
    rounds: int
    highest: str
    mean: str
    rows: tuple[Row, ...]


def draw(buckets: Sequence[Bucket]) -> Trend | None:
    """The charts of these buckets; None where there are none."""
    if not buckets:
        return None
    judged = sum(bucket.judged for bucket in buckets)
    available = sum(bucket.available for bucket in buckets)
    means = [bucket.mean for bucket in buckets if bucket.mean is not None]
    highest = max(means, default=0.0)
    say = day if buckets[0].seconds >= _DAY else moment
    return Trend(
        first=say(buckets[0].start),
        last=say(buckets[-1].start),
        availability=_availability(buckets),
        latency=_latency(buckets, highest),
        share=_share(available, judged),
        rounds=sum(bucket.runs for bucket in buckets),
        highest=_seconds(highest),
        mean=_seconds(sum(means) / len(means)) if means else "-",
        rows=tuple(_row(bucket, say) for bucket in buckets),
    )


def _availability(buckets: Sequence[Bucket]) -> tuple[Series, ...]:
    """Bars as high as the share that was available; what is missing to the top is red."""
    place = _places(buckets)
    up, down = [], []
    for bucket in buckets:
        if bucket.judged:
            x, width = place(bucket)
            height = HEIGHT * bucket.available / bucket.judged
            up.append(_bar(x, HEIGHT, width, height))
            down.append(_bar(x, HEIGHT - height, width, HEIGHT - height))
    return _series((("kept", up), ("broken", down)))


def _latency(buckets: Sequence[Bucket], highest: float) -> tuple[Series, ...]:
    """Bars of the mean latency, in them its phases one on the other, and what no phase explains."""
    place = _places(buckets)
    parts: dict[str, list[str]] = {name: [] for name in (*PHASES, "other")}
    for bucket in buckets:
        if bucket.mean is None or not highest:
            continue
        (x, width), bottom = place(bucket), HEIGHT
        rest = max(0.0, bucket.mean - sum(bucket.phases))
        for name, seconds in zip(parts, (*bucket.phases, rest), strict=True):
            height = HEIGHT * seconds / highest
            parts[name].append(_bar(x, bottom, width, height))
            bottom -= height
    return _series(parts.items())


def _places(buckets: Sequence[Bucket]) -> Callable[[Bucket], tuple[float, float]]:
    """Where each bucket stands and how wide it is; a stretch without a check stays empty."""
    first, seconds = buckets[0].start, buckets[0].seconds
    slots = round((buckets[-1].start - first) / seconds) + 1
    slot = WIDTH / slots
    return lambda bucket: (round((bucket.start - first) / seconds) * slot, slot * (1 - _GAP))


def _bar(x: float, bottom: float, width: float, height: float) -> str:
    if height < 0.05:
        return ""
    return f"M{x:.1f} {bottom:.1f}h{width:.1f}v{-height:.1f}h{-width:.1f}z"


def _series(parts: Iterable[tuple[str, Sequence[str]]]) -> tuple[Series, ...]:
    return tuple(Series(name, path) for name, bars in parts if (path := "".join(bars)))


def _row(bucket: Bucket, say: Callable[[float], str]) -> Row:
    return Row(
        when=say(bucket.start),
        rounds=bucket.runs,
        available=_share(bucket.available, bucket.judged),
        broken=bucket.broken,
        mean=_seconds(bucket.mean),
        slowest=_seconds(bucket.slowest),
    )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.4g} %" if whole else "-"


def _seconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.3f} s"
