"""docs/configuration.md: written from the models, complete and up to date."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from docsworn.export.config_doc import FILES, document, parts_of
from docsworn.export.config_meanings import MEANINGS

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"


def test_the_page_is_what_its_command_writes() -> None:
    """python -m docsworn.export.config_doc > docs/configuration.md."""
    command = [sys.executable, "-m", "docsworn.export.config_doc"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == document()
    assert PAGE.read_text(encoding="utf-8") == document()


def test_every_key_has_a_meaning_and_no_meaning_is_idle() -> None:
    """A key that is added to a model must be told; one that is gone must go."""
    keys = {
        f"{name}.{key}"
        for model in FILES.values()
        for name, schema in parts_of(model)
        for key in schema["properties"]
    }
    assert keys == set(MEANINGS)
