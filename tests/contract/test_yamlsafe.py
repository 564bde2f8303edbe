"""YAML is read within bounds, as YAML 1.2 has it, with a line for every place."""

from __future__ import annotations

import contextlib
import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from docsworn.contract.pointer import join
from docsworn.contract.yamlsafe import load_yaml, survey_yaml
from docsworn.errors import ContractError

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.text(st.characters(codec="ascii", min_codepoint=32)),
    lambda below: (
        st.lists(below, max_size=4) | st.dictionaries(st.text("abc./~", min_size=1), below, max_size=4)
    ),
    max_leaves=20,
)


@given(JSON.filter(lambda value: value is not None))
def test_json_reads_as_itself(value: object) -> None:
    """JSON is YAML: whatever json writes is read back the same."""
    assert load_yaml(json.dumps(value), name="x")[0] == value


@given(st.text())
def test_any_text_is_data_or_a_contract_error(text: str) -> None:
    """No text raises anything but a ContractError."""
    with contextlib.suppress(ContractError):
        load_yaml(text, name="x")


def test_every_place_has_its_line() -> None:
    """The line of a value is that of its key, that of an item its own."""
    text = "a: 1\nb:\n  - x\n  -\n    c/d: >-\n      folded\n      text\n"
    _, lines = load_yaml(text, name="x")
    assert lines == {"": 1, "/a": 1, "/b": 2, "/b/0": 3, "/b/1": 5, "/b/1/c~1d": 5}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("2026-01-01", "2026-01-01"),
        ("1:30", "1:30"),
        ("0x1f", 31),
        ("0o17", 15),
        ("017", 17),
        ("1_000", "1_000"),
        ("1e3", 1000.0),
        ("True", True),
        ("'true'", "true"),
        ("[~, null]", [None, None]),
    ],
)
def test_scalars_are_those_of_the_core_schema(text: str, value: object) -> None:
    """None of YAML 1.1's surprises: words, dates and times stay text."""
    assert load_yaml(text, name="x")[0] == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3", 'x:3: the key "a" stands twice (first in line 1): write it once'),
        ("", "x: the document is empty"),
        ("# only a comment", "x: the document is empty"),
        ("[" * 200_000, "x:1: nested deeper than 100 levels"),
        ("a: &a [*a]", "x:1: an alias that holds itself"),
        ("<<: {a: 1}", "x:1: a key must be a plain word (no merge keys)"),
        ("? [a]\n: 1", "x:1: a key must be a plain word (no merge keys)"),
        (
            "a: !!python/object:os.system x",
            "x:1: the tag tag:yaml.org,2002:python/object:os.system is not allowed",
        ),
        ("a: b: c", "x:1: not YAML: mapping values are not allowed in this context"),
        ("a: \x07", "x: not YAML: it holds a character that YAML forbids"),
    ],
)
def test_what_is_refused_is_named_with_its_line(text: str, message: str) -> None:
    """Each mistake is one sentence with file and line."""
    with pytest.raises(ContractError) as caught:
        load_yaml(text, name="x")
    assert str(caught.value) == message


def test_keys_that_are_wrong_hide_nothing() -> None:
    """All are told, a key that may be a secret without its name, and the rest is read: maps are joined."""
    text = "a: {b: 1}\nc: 1\n<<: {x: 1}\na: {d: 2}\nc: 3\n'a b': 1\n'a b': 2\n"
    found = survey_yaml(text, name="x")
    assert [str(problem) for problem in found.problems] == [
        "x:3: a key must be a plain word (no merge keys)",
        'x:4: the key "a" stands twice (first in line 1): write it once',
        'x:5: the key "c" stands twice (first in line 2): write it once',
        "x:7: the key stands twice (first in line 6): write it once",
    ]
    assert found.data == {"a": {"b": 1, "d": 2}, "c": 3, "a b": 2}
    assert (found.lines["/a/b"], found.lines["/a/d"], found.lines["/c"]) == (1, 4, 5)


def test_an_alias_bomb_is_refused_quickly() -> None:
    """Nine lines that would become a billion values stop at the bound."""
    lines = ["a0: &a0 [1,1,1,1,1,1,1,1,1,1]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    with pytest.raises(ContractError, match="more than 2000000 values"):
        load_yaml("\n".join(lines), name="x")


def test_a_ladder_of_aliases_is_refused() -> None:
    """Each step is shallow, and all of them together are deeper than anybody may build."""
    steps = ["a0: &a0 [1]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 3000))]
    with pytest.raises(ContractError, match=r"^x:101: nested deeper than 100 levels"):
        load_yaml("\n".join(steps), name="x")
    assert load_yaml("\n".join(steps[:99]), name="x")


@given(st.lists(st.text("ab/~", min_size=1), unique=True, min_size=1, max_size=5))
def test_the_reader_agrees_with_pyyaml_on_lines(keys: list[str]) -> None:
    """A key's line is where PyYAML's own composer marks it."""
    text = "".join(f"{json.dumps(key)}: 1\n" for key in keys)
    _, lines = load_yaml(text, name="x")
    root = yaml.compose(text)
    assert root is not None
    marks = {join(key.value): key.start_mark.line + 1 for key, _ in root.value}
    assert {pointer: line for pointer, line in lines.items() if pointer} == marks
