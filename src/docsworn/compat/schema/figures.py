"""Numbers that keep some literals: bounds, steps kept and steps broken, values left out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from math import ceil, floor, lcm

from docsworn.compat.schema.answers import NO_VALUE, Answer, found
from docsworn.compat.schema.forms import Kind
from docsworn.compat.schema.frozen import Pointed
from docsworn.compat.schema.reduce import Literal

_MOST_TRIES = 5_000


@dataclass(frozen=True, slots=True)
class _Wanted:
    """``low`` and ``high``: bounds and whether they are exclusive; ``step`` is kept, ``broken`` are not."""

    low: tuple[Fraction, bool] | None
    high: tuple[Fraction, bool] | None
    step: Fraction | None
    broken: tuple[Fraction, ...]
    excluded: frozenset[Fraction]

    def allows(self, number: Fraction) -> bool:
        """Whether a number is within the bounds, not left out, and keeps no step that is to be broken."""
        if self.low and (number < self.low[0] or (self.low[1] and number == self.low[0])):
            return False
        if self.high and (number > self.high[0] or (self.high[1] and number == self.high[0])):
            return False
        return number not in self.excluded and all((number / step).denominator != 1 for step in self.broken)


def find_number(cls: str, literals: Collection[Literal]) -> Answer:
    """A number of a class (``int``, ``pointed`` or ``frac``) that keeps all the literals."""
    wanted = _wanted(cls, literals)
    answer = _dense(wanted) if wanted.step is None else _stepped(wanted, wanted.step)
    if answer.value is None or cls != "pointed":
        return answer
    return found(("number", Pointed(answer.value[1])))


def _wanted(cls: str, literals: Collection[Literal]) -> _Wanted:
    steps: list[Fraction] = [Fraction(1)] if cls != "frac" else []
    broken: list[Fraction] = [] if cls != "frac" else [Fraction(1)]
    lows: list[tuple[Fraction, bool]] = []
    highs: list[tuple[Fraction, bool]] = []
    excluded: set[Fraction] = set()
    for holds, form in literals:
        if form.kind is Kind.MULTIPLE:
            (steps if holds else broken).append(form.args[0])
        elif form.kind is Kind.VALUES:
            excluded.update(value[1] for value in form.args[0])
        elif (form.kind is Kind.MIN) == holds:  # what is not a minimum is a maximum
            lows.append(form.args if holds else (form.args[0], not form.args[1]))
        else:
            highs.append(form.args if holds else (form.args[0], not form.args[1]))
    low = max(lows, default=None)
    high = min(highs, key=lambda bound: (bound[0], not bound[1]), default=None)
    return _Wanted(low, high, _common(steps), tuple(broken), frozenset(excluded))


def _common(steps: list[Fraction]) -> Fraction | None:
    """The least common multiple of some steps."""
    if not steps:
        return None
    common = steps[0]
    for step in steps[1:]:
        top = lcm(common.numerator * step.denominator, step.numerator * common.denominator)
        common = Fraction(top, common.denominator * step.denominator)
    return common


def _stepped(wanted: _Wanted, step: Fraction) -> Answer:
    if any((step / broken).denominator == 1 for broken in wanted.broken):
        return NO_VALUE
    first, last = _range(wanted, step)
    if first is not None and last is not None and first > last:
        return NO_VALUE
    for tries, factor in enumerate(_factors(first, last)):
        if wanted.allows(factor * step):
            return found(("number", factor * step))
        if tries > _MOST_TRIES:
            return _far(wanted, step, first, last)
    return NO_VALUE


def _range(wanted: _Wanted, step: Fraction) -> tuple[int | None, int | None]:
    first = last = None
    if wanted.low:
        first = ceil(wanted.low[0] / step)
        first += wanted.low[1] and first * step == wanted.low[0]
    if wanted.high:
        last = floor(wanted.high[0] / step)
        last -= wanted.high[1] and last * step == wanted.high[0]
    return first, last


def _factors(first: int | None, last: int | None) -> Iterator[int]:
    """The whole numbers of a range, from the one nearest to zero outwards."""
    if first is not None and first >= 0:
        yield from count(first) if last is None else range(first, last + 1)
    elif last is not None and last <= 0:
        yield from count(last, -1) if first is None else range(last, (first or 0) - 1, -1)
    else:
        yield 0
        for size in count(1):
            inside = [each for each in (size, -size) if _within(each, first, last)]
            if not inside:
                return
            yield from inside


def _within(number: int, first: int | None, last: int | None) -> bool:
    return (first is None or number >= first) and (last is None or number <= last)


def _far(wanted: _Wanted, step: Fraction, first: int | None, last: int | None) -> Answer:
    """One after a multiple of everything breaks every step that does not divide the one to keep."""
    period = 1
    for broken in wanted.broken:
        ratio = broken / step
        period = lcm(period, ratio.numerator)
    start = first if first is not None else last if last is not None else 0
    for turn in range(_MOST_TRIES):
        for sign in (1, -1):
            factor = (start // period + sign * turn) * period + 1
            if _within(factor, first, last) and wanted.allows(factor * step):
                return found(("number", factor * step))
    return Answer(reason="multiples in a wide range")


def _dense(wanted: _Wanted) -> Answer:
    """Fractions: any open interval has one that no finite list of steps and values hits."""
    low, high = wanted.low, wanted.high
    if low and high and low[0] >= high[0]:
        single = low[0] == high[0] and wanted.allows(low[0])
        return found(("number", low[0])) if single else NO_VALUE
    for number in _fractions(low[0] if low else None, high[0] if high else None):
        if wanted.allows(number):
            return found(("number", number))
    return Answer(reason="no short fraction in a narrow range")


def _fractions(low: Fraction | None, high: Fraction | None) -> Iterator[Fraction]:
    """Decimal fractions of a range, the shortest first."""
    if low is None:
        low = Fraction(0) if high is None or high > 0 else high - 10
    if high is None:
        high = low + 10
    for digits in range(1, 16):
        scale = 10**digits
        start = floor(low * scale) + 1
        for offset in range(min(60, max(0, ceil(high * scale) - start))):
            number = Fraction(start + offset, scale)
            if low < number < high and (number.denominator > 1):
                yield number
    yield (low + high) / 2
