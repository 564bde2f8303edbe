"""Hostile OpenAPI documents: refused or read in bounded time and memory, with one line that has a number."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from docsworn.derive import derive
from docsworn.errors import DocswornError, DocumentError

HEAD = """openapi: 3.1.0
info: {title: x, version: '1'}
paths:
  /a:
    get:
      responses:
        '200':
          content:
            application/json:
              schema: {$ref: '#/components/schemas/A0'}
components:
  schemas:
"""
SECONDS = 60


def refer(at: int) -> str:
    """A reference to the component of a number."""
    return f"{{$ref: '#/components/schemas/A{at}'}}"


def schemas(*parts: str) -> str:
    """A document with these components, A0, A1 …; the body is A0."""
    return HEAD + "".join(f"    A{at}: {part}\n" for at, part in enumerate(parts))


def laughs() -> str:
    """Schemas that name each other nine times over."""
    first = "    B0: &b0 {type: string}\n"
    rest = (
        f"    B{at + 1}: &b{at + 1} {{properties: {{{', '.join(f'p{n}: *b{at}' for n in range(9))}}}}}\n"
        for at in range(9)
    )
    return HEAD + first + "".join(rest) + "    A0: *b9\n"


def many_names() -> str:
    """30,000 components whose names OpenAPI does not allow."""
    return schemas("{}") + "".join(
        f'    "type_:{chr(0x4E00 + at % 20000)}{at}": {{}}\n' for at in range(30_000)
    )


REFUSED: dict[str, tuple[Callable[[], str], str]] = {
    "brackets": (lambda: '{"openapi": "3.1.0", "x":\n' + "[" * 200_000 + "]" * 200_000 + "}",
                 "page:2: nested deeper than 100 levels"),
    "brackets alone": (lambda: "[" * 200_000, "page:1: nested deeper than 100 levels"),
    "braces alone": (lambda: '\n' + '{"a":' * 200_000, "page:2: nested deeper than 100 levels"),
    "yaml brackets": (lambda: "openapi: 3.1.0\nx: " + "[" * 200_000 + "]" * 200_000,
                      "page:2: nested deeper than 100 levels"),
    "laughs": (laughs, "page:18: more than 1000000 values (aliases?)"),
    "an alias of itself": (lambda: "openapi: 3.1.0\nx: &x [*x]\n", "page:2: an alias that holds itself"),
    "a thousand branches": (lambda: schemas("{oneOf: [" + "{type: object}, " * 1000 + "]}"),
                            'page:13: "oneOf" has 1000 branches: more than 500 are not read'),
    "a chain": (lambda: schemas(*(refer(at + 1) for at in range(5000)), "{}"),
                "page:4962: a chain of more than 50 references"),
    "inheritance without end": (
        lambda: schemas(*(f"{{allOf: [{refer(at + 1)}], discriminator: {{propertyName: x}}}}"
                          for at in range(3000)), "{}"),
        "page:2962: a chain of more than 50 references"),
    "100 MB": (lambda: '{"openapi": "3.1.0", "a": "' + "x" * 100_000_000 + '"}',
               "page:1: the page is larger than 20 MB"),
    "values": (lambda: '{"openapi": "3.1.0", "a": [' + ",".join(["[1,2]"] * 400_000) + "]}",
               "page:1: more than 1000000 values"),
    "a long number": (lambda: "openapi: 3.1.0\nx: " + "9" * 1_000_000, "page:2: a number that is too long"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    """Each is refused with one line, in little time."""
    make, problem = REFUSED[name]
    text = make()
    began = time.monotonic()
    with pytest.raises(DocumentError) as caught:
        derive(text, document="page")
    assert str(caught.value) == problem
    assert time.monotonic() - began < SECONDS


@pytest.mark.parametrize("name", ["brackets", "laughs", "values"])
def test_refused_in_bounded_memory(name: str, tmp_path: Path) -> None:
    """A process that may have 1 GB of memory refuses each."""
    make, problem = REFUSED[name]
    page = tmp_path / "page"
    page.write_text(make(), encoding="utf-8")
    code = (
        "import resource, sys; from pathlib import Path; from docsworn.derive import derive;"
        "resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30));"
        "derive(Path(sys.argv[1]).read_text(encoding='utf-8'), document='page')"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ended = subprocess.run(
        [sys.executable, "-c", code, str(page)], env=environment, capture_output=True, text=True
    )
    assert ended.stderr.splitlines()[-1].endswith(problem)


READ: dict[str, Callable[[], str]] = {
    "a wide union": lambda: schemas(
        "{oneOf: ["
        + ", ".join(f"{{required: [a], properties: {{a: {{const: {n}}}}}}}" for n in range(450))
        + "]}"
    ),
    "names": many_names,
    "many references": lambda: schemas(
        "{properties: {" + ", ".join(f"p{n}: {refer(1 + n % 50)}" for n in range(10_000)) + "}}",
        *(["{type: string}"] * 50),
    ),
    "a deep schema": lambda: schemas("{properties: {a: " * 42 + "{type: string}" + "}}" * 42),
    "a pattern": lambda: schemas("{pattern: '" + "(" * 3000 + ")" * 3000 + "'}"),
    "keys that stand twice": lambda: schemas("{" + "type: string, " * 100_000 + "}"),
}


@pytest.mark.parametrize("name", READ)
def test_read(name: str) -> None:
    """What is only large is read, in little time."""
    text = READ[name]()
    began = time.monotonic()
    assert derive(text, document="page").facts
    assert time.monotonic() - began < SECONDS


def test_facts_without_end() -> None:
    """Schemas that unfold to endless facts derive; their facts are refused."""
    text = schemas(*(f"{{properties: {{a: {refer(at + 1)}, b: {refer(at + 1)}}}}}" for at in range(40)), "{}")
    found = derive(text, document="page")
    with pytest.raises(DocswornError):
        _ = found.facts


def test_notes_of_keys_are_few() -> None:
    """Keys that stand twice are notes, 20 of them and a count."""
    notes = derive(READ["keys that stand twice"](), document="page").notes
    assert sum("stands twice" in note for note in notes) == 20
    assert "99979 more keys stand twice" in notes


@pytest.mark.parametrize("cut", range(1, 10))
def test_cut_json_is_told(cut: int) -> None:
    """A JSON document that breaks off anywhere is refused with a line."""
    text = '{\n "openapi": "3.1.0",\n "info": {"title": "x"},\n "paths": {"/a": {"get": {}}}\n}'
    with pytest.raises(DocumentError) as caught:
        derive(text[: len(text) * cut // 10], document="page", format="openapi")
    assert re.match(r"page:\d+: not (?:JSON|YAML)|page(?::\d+)?: ", str(caught.value))
