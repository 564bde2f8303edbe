"""What branches of a union promise alike of one place is one thing to a reader: it is told once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from docsworn.model import Finding, Severity

Thing = tuple[str, str, str, str]

# As ``layout`` writes an id: the branch that makes the promise, or which one of the same name it is.
_BRANCH = re.compile(r"(#[A-Za-z]+)[@~][^#]*\Z")
_MATTERS = tuple(Severity)


def thing(finding: Finding) -> Thing:
    """What a finding says, whichever branch says it: promise, kind, place and what is documented."""
    return (_BRANCH.sub(r"\1", finding.promise), finding.kind, finding.pointer, finding.documented)


def each_thing_once(found: Iterable[Finding]) -> Iterator[Finding]:
    """Of each thing the finding that matters most; of those that matter alike the first by promise."""
    alike: defaultdict[Thing, list[Finding]] = defaultdict(list)
    for finding in found:
        alike[thing(finding)].append(finding)
    for findings in alike.values():
        yield min(findings, key=lambda one: (_MATTERS.index(one.severity), one.promise))
