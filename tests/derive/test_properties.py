"""What holds for any text: a derivation with true line numbers or a DocumentError, and always the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate

from docsworn.derive import derive
from docsworn.derive.format import detect, load_formats
from docsworn.derive.page import open_page
from docsworn.derive.render import render_document
from docsworn.derive.roles import SOURCED, walk
from docsworn.errors import DocumentError
from tests.derive.rows import PAGES

NAMES = sorted(path.name for path in PAGES.iterdir())
LINES = {name: (PAGES / name).read_text(encoding="utf-8").split("\n") for name in NAMES}


def outcome(text: str) -> dict[str, Any] | None:
    """The document of a page, or None where it is refused; any other exception is a failure."""
    last = text.count("\n") + text.count("\r") + 1
    refused: DocumentError | None = None
    try:
        document = derive(text, document="page").openapi
    except DocumentError as error:
        refused = error
    if refused is not None:
        assert "\n" not in str(refused)
        assert refused.line is None or 1 <= refused.line <= last
        return None
    for path, role, node in walk(document):
        if role in SOURCED and isinstance(node, dict):
            assert 1 <= node["x-source"]["line"] <= last, path
    json.loads(render_document(document))
    return document


@settings(deadline=None)
@given(st.text())
def test_any_text(text: str) -> None:
    """Any text is derived or refused."""
    outcome(text)


@settings(deadline=None)
@given(st.lists(st.sampled_from([line for name in NAMES for line in LINES[name]]), max_size=60))
def test_any_lines_of_pages(lines: list[str]) -> None:
    """Any heap of lines that stand on pages is derived or refused."""
    outcome("\n".join(lines))


@settings(deadline=None)
@given(st.data())
def test_any_damage(data: st.DataObject) -> None:
    """Pages with lines lost, doubled, moved or changed are derived or refused."""
    lines = list(LINES[data.draw(st.sampled_from(NAMES))])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(["drop", "double", "swap", "cut", "indent", "insert"]))
        line = lines[at]
        lines[at : at + 1] = {
            "drop": [], "double": [line, line], "swap": [lines[-1 - at]], "cut": [line[: len(line) // 2]],
            "indent": ["  " + line], "insert": [line + data.draw(st.text(max_size=5))],
        }[change] or [""]  # fmt: skip
    outcome("\n".join(lines))


@pytest.mark.parametrize("name", NAMES)
def test_truncation_at_any_line(name: str) -> None:
    """A page cut anywhere is refused or gives a valid document; no fact appears that the whole lacks."""
    whole = outcome("\n".join(LINES[name]))
    for length in range(len(LINES[name])):
        document = outcome("\n".join(LINES[name][:length]))
        if document is not None:
            assert _names(document) <= _names(whole)


def _names(document: Any) -> set[str]:
    return {
        path[-1]
        for path, role, _node in walk(document)
        if role == "schema" and len(path) > 1 and path[-2] == "properties"
    }


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None)
@given(shift=st.integers(0, 30))
def test_lines_follow_the_page(name: str, shift: int) -> None:
    """Empty lines before a page move every line number by their count and nothing else."""
    expected = json.dumps(_moved(derive("\n".join(LINES[name]), document="page").openapi, shift))
    found = derive("\n" * shift + "\n".join(LINES[name]), document="page").openapi
    assert json.dumps(found) == expected


def _moved(node: Any, shift: int) -> Any:
    if isinstance(node, list):
        return [_moved(item, shift) for item in node]
    if isinstance(node, dict):
        return {
            key: value + shift if key == "line" and isinstance(value, int) else _moved(value, shift)
            for key, value in node.items()
        }
    return node


@pytest.mark.parametrize("name", NAMES)
def test_documents_are_valid_openapi(name: str) -> None:
    """Every fixture page gives OpenAPI 3.1, with or without a path."""
    validate(json.loads(render_document(derive("\n".join(LINES[name]), document=name).openapi)))


@pytest.mark.parametrize("name", NAMES)
def test_pages_are_told_apart_by_their_marks(name: str) -> None:
    """Each page has the marks of exactly one format, whatever it is called."""
    page = open_page("\n".join(LINES[name]), "anything")
    marked = [form.name for form in load_formats().values() if form.marks(page)]
    assert marked == [detect(page, load_formats()).name]
    assert name.startswith(marked[0])


def test_derivation_does_not_depend_on_hash_order() -> None:
    """Two processes with other hash seeds write the same bytes."""
    code = (
        "import sys; from pathlib import Path; from docsworn.derive import derive;"
        "from docsworn.derive.render import render_document;"
        "[sys.stdout.write(render_document(derive(p.read_text(encoding='utf-8'), document=p.name).openapi))"
        " for p in sorted(Path(sys.argv[1]).iterdir())]"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, str(PAGES)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            check=True, capture_output=True, text=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(outputs) == 1
    assert outputs.pop()


def test_adding_a_format_is_adding_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module with FORMAT in the folder of formats is found, and nothing else needs to change."""
    (tmp_path / "smoke_signals.py").write_text(
        "from docsworn.derive.document import frame\n"
        "from docsworn.derive.format import Format, Reading\n"
        "FORMAT = Format('smoke', lambda page: page.lines[0] == 'puff', lambda page: Reading(\n"
        "    {**frame('Smoke', None), 'components': {'schemas': {}}}))\n",
        encoding="utf-8",
    )
    monkeypatch.setattr("docsworn.derive.formats.__path__", [str(tmp_path)])
    assert derive("puff\n", document="hill").format == "smoke"
