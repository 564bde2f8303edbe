"""Large unions for readers that tolerate something: nothing called safe breaks a reader written apart."""

from __future__ import annotations

import random
from typing import Any

import jsonschema_rs
import pytest

from docsworn.compat import compare_schemas
from docsworn.compat.changes import Verdict
from docsworn.compat.readers import find_reader
from tests.compat.schema.unions import bodies, changed, reads, union

READERS: tuple[Any, ...] = (
    "tolerant",
    {"unknown_fields": True},
    {"unknown_enum_values": True, "nulls": "optional"},
    {"new_union_variants": True, "wider_numbers": True},
    {"absent_fields": "all", "nulls": "all"},
)
SIZES = (2, 10, 25, 60)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("tolerated", READERS, ids=range(len(READERS)))
def test_a_reader_reads_what_is_called_safe(tolerated: Any, size: int) -> None:
    """Bodies of NEW are read where the verdict is *safe*, and the witness is not where it is *breaking*."""
    chance = random.Random(f"{tolerated} {size}")
    reader = find_reader(tolerated)
    held = 0
    for _ in range(max(4, 120 // size)):
        old = union(chance, size)
        new = changed(chance, old)
        compared = compare_schemas(old, new, reader=reader)
        if compared.verdict is Verdict.BREAKING:
            assert not reads(old, compared.witness, reader), (old, new, compared.witness)
            held += 1
        else:
            assert compared.verdict is Verdict.SAFE, compared.reason
            allowed = jsonschema_rs.Draft202012Validator(new)
            drawn = [body for body in bodies(chance, new, 200) if allowed.is_valid(body)]
            held += len(drawn)
            assert not [body for body in drawn if not reads(old, body, reader)], (old, new)
    assert held
