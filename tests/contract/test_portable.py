"""The portable validator is imported without the grammar of IRIs, and still holds texts to it."""

from __future__ import annotations

import subprocess
import sys

import pytest

_COMPARE = """
import sys
from docsworn.compat import compare_schemas
from docsworn.fuzz.oracle import Oracle
assert compare_schemas({"type": "string"}, {"format": "date"}).verdict == "breaking"
assert "rfc3987_syntax" not in sys.modules
"""
_IRI = """
from docsworn.contract.portable import jsonschema
check = jsonschema.Draft202012Validator.FORMAT_CHECKER.conforms
assert [check(text, "iri") for text in ("http://é.com/", "a b")] == [True, False]
assert [check(text, "iri-reference") for text in ("/é", "a b")] == [True, False]
import rfc3987_syntax
assert rfc3987_syntax.is_valid_syntax("iri", "urn:a:b")
"""


@pytest.mark.parametrize("program", [_COMPARE, _IRI], ids=["a comparison", "an iri"])
def test_grammar_of_iris(program: str) -> None:
    """The grammar is built with the first IRI, and not before; it is the real one then."""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
