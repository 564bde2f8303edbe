"""What a contract's bodies came to when they were tried, as data and as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from docsworn.fuzz.bodies import BodyReport
from docsworn.fuzz.strength import ELSEWHERE, SEEN, UNSEEN, Strength

_SHOWN = 8


def bodies_data(reports: Sequence[BodyReport], *, name: str, seed: int) -> dict[str, Any]:
    """The reports as JSON data, with every promise's strength."""
    return {
        "schema": 1,
        "contract": name,
        "seed": seed,
        "bodies": [
            {
                "status": report.status,
                "drawn": report.drawn,
                "compared": report.compared,
                **_totals(report),
                "problems": list(report.problems),
                "silent": dict(report.silent),
                "differences": [_difference(row, count) for row, count in report.differences.items()],
                "promises": [_strength(each) for each in report.strengths],
            }
            for report in reports
        ],
    }


def bodies_lines(reports: Sequence[BodyReport], *, name: str, seed: int) -> Iterator[str]:
    """The reports for people, a line each."""
    yield f"{name}: bodies with seed {seed}"
    for report in reports:
        yield from _report_lines(report)
    problems = sum(len(report.problems) for report in reports)
    yield f"{problems} problem{'' if problems == 1 else 's'}"


def _report_lines(report: BodyReport) -> Iterator[str]:
    totals = _totals(report)
    yield f"  {report.status}: {report.drawn} valid bodies, {len(report.refused)} kinds of refusal"
    yield (
        f"    {totals['promised']} promises, {totals['mutants']} mutants: {totals[SEEN]} seen, "
        f"{totals[ELSEWHERE]} seen elsewhere, {totals[UNSEEN]} unseen"
    )
    yield from (f"    problem: {problem}" for problem in report.problems)
    yield from _weak_lines(report)
    silent = ", ".join(f"{count} {what}" for what, count in report.silent.items() if count)
    if silent:
        yield f"    nothing is promised of {silent}"
    for row, count in report.differences.items():
        where = f"{row.keyword} {row.format}".strip()
        yield f"    the validators differ on {where}, as known ({count}): {row.reason}"


def _weak_lines(report: BodyReport) -> Iterator[str]:
    """What no check can see, by its reason, with the first places."""
    reasons: dict[str, Counter[str]] = {}
    for strength in report.strengths:
        if strength.reason is not None:
            place = f"{strength.promise.pointer or '/'} {strength.promise.keyword}"
            reasons.setdefault(strength.reason, Counter())[place] += 1
    for reason, places in reasons.items():
        yield f"    {places.total()} that no check can see: {reason}"
        more = f" and {len(places) - _SHOWN} more (--json)" if len(places) > _SHOWN else ""
        yield f"      {', '.join(list(places)[:_SHOWN])}{more}"


def _totals(report: BodyReport) -> dict[str, int]:
    outcomes = Counter(tried.outcome for strength in report.strengths for tried in strength.tried)
    return {
        "promised": len(report.strengths),
        "mutants": outcomes.total(),
        **{outcome: outcomes[outcome] for outcome in (SEEN, ELSEWHERE, UNSEEN)},
        "seen_with_others": sum(
            tried.others > 0 for strength in report.strengths for tried in strength.tried
        ),
    }


def _strength(strength: Strength) -> dict[str, Any]:
    return {
        "promise": strength.promise.id,
        "pointer": strength.promise.pointer,
        "keyword": strength.promise.keyword,
        "kind": strength.promise.kind,
        "mutants": len(strength.tried),
        "seen": strength.count(SEEN),
        "unseen": [tried.mutation for tried in strength.tried if tried.outcome != SEEN],
        "reason": strength.reason,
    }


def _difference(row: Any, count: int) -> dict[str, Any]:
    return {
        "keyword": row.keyword,
        "format": row.format,
        "accepts": row.accepts,
        "reason": row.reason,
        "count": count,
    }
