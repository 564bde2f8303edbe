"""provider.yaml is strict: every mistake at once, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from docsworn.bundled import bundled_dir
from docsworn.contract.settings import load_settings
from docsworn.errors import ConfigError

GOOD = """\
provider: acme
title: Acme
base_url: https://api.acme.example
revisions: [v1, v2]
current: v2
auth: {header: x-key, env: ACME_KEY}
operations:
  get_call:
    id_parameter: id
    ids_env: ACME_IDS
"""


def settings_file(folder: Path, text: str) -> Path:
    """A provider.yaml in a folder named as its provider."""
    path = folder / "acme" / "provider.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["elevenlabs", "speechify", "tavus"])
def test_the_bundled_settings_load(name: str) -> None:
    """The settings that come with docsworn are right, and named as their folder."""
    settings = load_settings(bundled_dir("contracts") / name / "provider.yaml")
    assert settings.provider == name
    assert settings.auth.env == f"{name.upper()}_API_KEY"


ADD_IDENTITY = ("    ids_env: ACME_IDS\n", "    ids_env: ACME_IDS\n    identity: id\n")


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        ("title: Acme", "titel: Acme", [":1: /title: field required", ':2: unknown key "titel" in the file']),
        ("current: v2", "current: v3", [':1: the file: current "v3" is not among the revisions']),
        (
            "https://api.acme.example",
            "ftp://x",
            [":3: /base_url: a URL begins with https:// and holds a host, no user and no query"],
        ),
        (
            "env: ACME_KEY",
            "env: sk-1",
            [":6: /auth/env: write the NAME of an environment variable here, such as TAVUS_API_KEY"],
        ),
        (*ADD_IDENTITY, [":11: /operations/get_call/identity: a JSON pointer begins with /"]),
        ("revisions: [v1, v2]", "revisions: [v1\n", [":6: not YAML: did not find expected ',' or ']'"]),
    ],
)
def test_each_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, messages: list[str]) -> None:
    """All problems come at once, sorted, each with what is wrong there."""
    path = settings_file(tmp_path, GOOD.replace(old, new))
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    assert str(caught.value).splitlines() == [f"acme/provider.yaml{message}" for message in messages]


def test_a_value_never_shows_in_a_message(tmp_path: Path) -> None:
    """A key put where its variable's name belongs is refused without being printed."""
    path = settings_file(tmp_path, GOOD.replace("ACME_KEY", "sk-very-secret-key"))
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    assert "very-secret" not in str(caught.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    """An unreadable file is a sentence."""
    with pytest.raises(ConfigError, match=r"acme/provider\.yaml: cannot be read"):
        load_settings(tmp_path / "acme" / "provider.yaml")
