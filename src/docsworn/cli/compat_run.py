"""What ``docsworn compat`` does: loads both sides, compares them, lets responses settle it, prints."""

from __future__ import annotations

import gc
import importlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import typer

from docsworn.cli.compat import FailOn, Options, Way
from docsworn.cli.pages import STDIN
from docsworn.cli.sides import Side, load_side
from docsworn.compat import compare_schemas
from docsworn.compat.assemble import Asked, compare_documents, matching_calls
from docsworn.compat.calls import Call
from docsworn.compat.changes import Comparison, Direction, Verdict
from docsworn.compat.document import Document
from docsworn.compat.ignores import load_ignores
from docsworn.compat.plain import compare_plain
from docsworn.compat.readers import Reader, find_reader
from docsworn.compat.report import Report
from docsworn.compat.responses import Seen, read_responses
from docsworn.compat.settle import settle, values_seen
from docsworn.compat.uses import load_uses
from docsworn.contract.packs import pack_roots
from docsworn.errors import ExitCode, UsageError
from docsworn.export.change_report import load_change_format

_DIRECTIONS: Mapping[Way, tuple[Direction, ...]] = {
    Way.RESPONSE: (Direction.RESPONSE,),
    Way.REQUEST: (Direction.REQUEST,),
    Way.BOTH: tuple(Direction),
}
_FAILING = {
    FailOn.BREAKING: frozenset({Verdict.BREAKING}),
    FailOn.UNKNOWN: frozenset({Verdict.BREAKING, Verdict.UNKNOWN}),
}


def run(options: Options) -> int:
    """Compare as asked and print; returns the exit code."""
    if options.old == options.new == STDIN:
        raise UsageError("standard input is OLD or NEW, not both")
    reader = find_reader(options.reader)
    asked = _asked(options, reader)
    roots = pack_roots(options.contracts)
    with _uncollected():
        old = load_side(options.old, roots, operation=options.operation)
        new = load_side(options.new, roots, old.raw, options.operation)
        report = _report(options, asked, reader, old, new)
    failing = _FAILING[options.fail_on]
    text = load_change_format(options.format).render(report, failing)
    typer.echo(text, nl=not text.endswith("\n"))
    return ExitCode.FINDINGS if any(one.verdict in failing for one in report.counted) else ExitCode.KEPT


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for cycles: it walks millions of nodes again and again, and frees next to none."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _asked(options: Options, reader: Reader) -> Asked:
    if options.live is not None and options.recorded is not None:
        raise UsageError("--live and --recorded exclude each other: one tells of now, one of then")
    if options.live is None and (options.emulator or options.base_url or options.ca):
        raise UsageError("--emulator, --base-url and --ca go with --live PROVIDER")
    return Asked(
        reader=reader.name,
        directions=_DIRECTIONS[options.direction],
        operation=options.operation,
        uses=None if options.uses is None else load_uses(options.uses),
        ignores=() if options.ignore is None else load_ignores(options.ignore),
        today=datetime.now(UTC).date(),
    )


def _report(options: Options, asked: Asked, reader: Reader, old: Side, new: Side) -> Report:
    def compare(before: Any, after: Any, direction: Direction) -> Comparison:
        return compare_schemas(before, after, reader=reader, direction=direction)

    kinds = [bool(side.raw.version) for side in (old, new)]
    if kinds[0] is not kinds[1]:
        schema, document = (old, new) if kinds[1] else (new, old)
        raise UsageError(
            f"{schema.raw.name} is a JSON Schema and {document.raw.name} an OpenAPI document: "
            "they have no operation in common"
        )
    if not kinds[0]:
        if options.live or options.recorded or options.operation:
            raise UsageError("a JSON Schema has no operation: --operation, --live and --recorded need one")
        return compare_plain(old.raw, new.raw, asked, compare)
    documents = Document(old.raw), Document(new.raw)
    matched = matching_calls(*documents, options.operation)
    pairs = [(before, after) for before, after in matched if before is not None and after is not None]
    seen = _responses(options, pairs)
    report = compare_documents(*documents, asked, compare, values_seen(seen), matched)
    return settle(report, documents, pairs, seen) if seen else report


def _responses(options: Options, pairs: Sequence[tuple[Call, Call]]) -> tuple[Seen, ...]:
    if options.recorded is not None:
        return read_responses(options.recorded)
    if options.live is None:
        return ()
    # What probes is imported for who probes: it takes longer than most comparisons.
    seen: tuple[Seen, ...] = importlib.import_module("docsworn.cli.compat_live").live_responses(options)
    if len(pairs) == 1:  # a pack's path is a pack's: the one call that is compared is what was asked
        return tuple(replace(each, method="", path="") for each in seen)
    return seen
