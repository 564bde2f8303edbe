"""waivers.yaml beside the packs: read with every pack, and extended without touching what else it says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.check.policy import covers
from docsworn.contract.packs import load_provider, pack_roots
from docsworn.contract.waivers import HEAD, WaiverRow, line_of_waiver, parse_waivers, with_waiver
from docsworn.errors import ConfigError
from docsworn.model import Finding, Kind, Severity, Source

FILE = Path("contracts/waivers.yaml")
ROW = WaiverRow(
    provider="tavus", promise="get#enum", pointer="/status", reason="told them", until=date(2027, 1, 31)
)
OTHER = ROW.model_copy(update={"provider": "speechify", "pointer": None})
FINDING = Finding(
    *("tavus", "get", "v1", "get#enum", Kind.ENUM, Severity.ERROR, "/status", "one of: a", "string"),
    *(Source("page.md", 1), "get/good/1"),
)
texts = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=3)
rows = st.builds(
    WaiverRow,
    provider=st.sampled_from(["tavus", "speechify"]),
    promise=texts,
    pointer=st.none() | texts.map(lambda text: f"/{text}"),
    reason=texts,
    until=st.dates(),
)


def test_a_waiver_is_of_its_provider_also_of_a_bundled_one(tmp_path: Path) -> None:
    """A folder with nothing but waivers is enough; other providers have none of them."""
    (tmp_path / "waivers.yaml").write_text(with_waiver("", ROW, FILE))
    roots = pack_roots(tmp_path)
    (waiver,) = load_provider("tavus", roots).settings.waivers
    assert covers(waiver, FINDING)
    assert load_provider("speechify", roots).settings.waivers == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {provider: tavsu, promise: x, reason: why, until: 2027-01-31}", 'did you mean "tavus"'),
        ("- {provider: tavus, promise: x, until: 2027-01-31}", "waivers.yaml:1: /0/reason"),
        ("\n- {provider: tavus, reason: why, until: 2027-01-31}", "waivers.yaml:2: /0: a waiver names"),
        ("tavus: []", "waivers.yaml:1: the file: write a list here"),
        ("- {promise: ]", "waivers.yaml:1: not YAML"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    """One that nobody would notice, because nothing is waived, is an error too."""
    (tmp_path / "waivers.yaml").write_text(text)
    with pytest.raises(ConfigError, match=said):
        load_provider("tavus", pack_roots(tmp_path))


@pytest.mark.parametrize("text", ["", "\n", "# none at the moment\n\n  # really\n"])
def test_a_file_without_waivers_has_none(text: str) -> None:
    """What somebody has emptied is no mistake, and the next waiver goes in after its comments."""
    assert parse_waivers(text, FILE) == ()
    written = with_waiver(text, ROW, FILE)
    assert written.startswith(text.rstrip("\n") or HEAD)
    assert parse_waivers(written, FILE) == (ROW,)


def test_only_the_same_promise_and_place_is_replaced() -> None:
    """Comments, order and the layout of the other items stay as people wrote them."""
    text = """# ours
- provider: speechify   # a block
  promise: get#enum
  reason: told them
  until: 2027-01-31

# of the other
- {provider: tavus, promise: get#enum, pointer: /status, reason: old, until: 2026-01-31}
# the end
"""
    written = with_waiver(text, ROW, FILE)
    assert written == text.replace(text.splitlines()[7], line_of_waiver(ROW))
    later = OTHER.model_copy(update={"reason": "once more"})
    _, _, tail = text.partition("\n# of")
    written = with_waiver(text, later, FILE)
    assert written == f"# ours\n{line_of_waiver(later)}\n\n# of{tail}"


def test_a_layout_that_cannot_be_extended_is_refused_with_the_line_to_write() -> None:
    """A list in brackets stays as it is."""
    with pytest.raises(ConfigError, match=r"write it by hand: - \{provider"):
        with_waiver("[{provider: tavus, promise: x, reason: why, until: 2027-01-31}]\n", ROW, FILE)


@given(st.lists(rows, max_size=4))
def test_what_is_written_is_read_again(written: list[WaiverRow]) -> None:
    """Whatever names and reasons hold, each waiver comes back as it was, the last one of its place."""
    text = ""
    for row in written:
        text = with_waiver(text, row, FILE)
    places = [(row.provider, row.promise, row.pointer) for row in written]
    last = dict(zip(places, written, strict=True))
    assert parse_waivers(text, FILE) == tuple(last.values())
