"""A comparison with many changes, as large specifications bring them."""

from __future__ import annotations

import random
from functools import cache

from benchmarks.edits import changed
from benchmarks.specifications import expandable

from docsworn.compat.assemble import Asked, compare_documents
from docsworn.compat.changes import Direction
from docsworn.compat.document import Document
from docsworn.compat.reading import Raw
from docsworn.compat.report import Report
from tests.compat.test_documents import compare


@cache
def many_changes() -> Report:
    """Eighty changes among seventy components."""
    old = expandable(random.Random(1), 70)
    new = changed(random.Random(2), old, 80)
    sides = [Document(Raw(name, data, "3.0")) for name, data in (("old.json", old), ("new.json", new))]
    return compare_documents(sides[0], sides[1], Asked("strict", tuple(Direction)), compare)
