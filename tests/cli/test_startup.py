"""What a command does not need is not imported: that is what keeps its start quick."""

from __future__ import annotations

import subprocess
import sys

import pytest

# Each is slow to import, and none of these commands needs it.
NEEDLESS = {
    "import docsworn.cli.main": ("pydantic", "httpx", "aiohttp", "jinja2", "jsonschema_rs"),
    "import docsworn.cli.check": (
        "aiohttp",
        "jsonschema",
        "schemathesis",
        "prompt_toolkit",
        "trustme",
        "cryptography",
        "hypothesis",
        "jinja2",
    ),
    "import docsworn.cli.waive": ("prompt_toolkit", "httpx", "aiohttp", "hypothesis", "jinja2"),
    "import docsworn.cli.history": ("prompt_toolkit", "aiohttp", "hypothesis", "jinja2"),
    "import docsworn.cli.report": ("prompt_toolkit", "aiohttp", "hypothesis", "jinja2"),
}


@pytest.mark.parametrize("statement", NEEDLESS)
def test_nothing_needless_is_imported(statement: str) -> None:
    """In a fresh process, after the import, these packages are not there."""
    code = f"import sys; {statement}; print(*sorted(set({NEEDLESS[statement]!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("\n", "")


@pytest.mark.parametrize("order", ["docsworn.contract.invariants, cel", "cel, docsworn.contract.invariants"])
def test_whoever_else_uses_the_cel_package_gets_the_same_one(order: str) -> None:
    """Its compiled module may be loaded only once in a process, by us or by others, in either order."""
    code = (
        f"import {order}; from docsworn.contract.cel_core import cel as ours;"
        " print(ours.Context is cel.Context, cel.cli)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout.startswith("True <module 'cel.cli'")
