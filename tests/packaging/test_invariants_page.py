"""docs/invariants.md: its example is read as it stands, and means what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docsworn.contract.invariants import State, compile_invariant, context_of, load_invariants

PAGE = Path(__file__).parents[2] / "docs" / "invariants.md"
EARLY, LATE = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ({"created_at": EARLY, "started_at": LATE}, State.KEPT),
        ({"created_at": LATE, "started_at": EARLY}, State.BROKEN),
        ({"created_at": LATE, "started_at": None}, State.NOT_APPLICABLE),
        ({"started_at": LATE}, State.NOT_EVALUABLE),
    ],
)
def test_the_example_tells_the_four_states(tmp_path: Path, body: dict[str, str | None], state: State) -> None:
    """Kept, broken, not meant, and not to be judged."""
    (example,) = re.findall(r"```yaml\n(.+?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    file = tmp_path / "invariants.yaml"
    file.write_text(example)
    (invariant,) = load_invariants(file, document="page")
    assert compile_invariant(invariant).evaluate(context_of(body, {}, {})) is state
