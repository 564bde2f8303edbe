"""`.ci/setup`, by which every make target sets itself up, with a stand-in for Python."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Does as much of python3 as .ci/setup asks for, and writes down what it was asked.
# KNOBS may hold: old, no-ensurepip, offline.
STAND_IN = """#!/bin/sh
echo "$*" >> "{log}"
knob() {{ case " $KNOBS " in *" $1 "*) true;; *) false;; esac; }}
here=$(dirname "$(dirname "$0")")
case "$*" in
    --version) if knob old; then echo "Python 3.9.2"; else echo "Python 3.12.1"; fi;;
    *sys.version_info*) ! knob old;;
    *ensurepip*) ! knob no-ensurepip;;
    "-m venv --clear .venv") rm -rf .venv; mkdir -p .venv/bin; cp "{python}" .venv/bin/python;;
    "-m pip install"*--editable*) if knob offline; then exit 1; else touch "$here/installed"; fi;;
    "-m pip install"*) ;;
    -) test -f "$here/installed";;
    *) echo "stand-in: not known: $*" >&2; exit 99;;
esac
"""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A folder with what .ci/setup reads, and a PATH on which python3 is the stand-in."""

    folder: Path
    log: Path

    def setup(self, *knobs: str) -> subprocess.CompletedProcess[str]:
        """Run the script; each knob is something that is wrong with the machine."""
        self.log.write_text("")
        path = f"{self.folder.parent / 'bin'}:/usr/bin:/bin"
        return subprocess.run(
            ["sh", str(self.folder / ".ci" / "setup")],
            capture_output=True,
            text=True,
            env={"PATH": path, "KNOBS": " ".join(knobs), "PYTHON": ""},
        )

    @property
    def asked(self) -> set[str]:
        """Which of the two costly things the last run did."""
        calls = self.log.read_text()
        return {name for name, sign in (("venv", "-m venv"), ("install", "--editable")) if sign in calls}


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A fresh clone, as far as .ci/setup can see."""
    python, log = tmp_path / "bin" / "python3", tmp_path / "log"
    python.parent.mkdir()
    python.write_text(STAND_IN.format(log=log, python=python))
    python.chmod(0o755)
    for version in ("3.11", "3.12", "3.13", "3.14"):  # those that this machine may have
        shutil.copy(python, python.with_name(f"python{version}"))
    folder = tmp_path / "clone"
    (folder / ".ci").mkdir(parents=True)
    for name in (".ci/setup", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder / name)
        os.utime(folder / name, (0, 0))
    return Checkout(folder, log)


def test_fresh_clone_gets_an_environment_once(checkout: Checkout) -> None:
    """The first run makes .venv and installs; the second has nothing to do and says nothing."""
    assert checkout.setup().returncode == 0
    assert checkout.asked == {"venv", "install"}
    again = checkout.setup()
    assert (again.returncode, again.stderr, checkout.asked) == (0, "", set())


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_changed_pins_are_installed(checkout: Checkout, name: str) -> None:
    """A newer pyproject.toml or constraints.txt installs again, into the same environment."""
    checkout.setup()
    later = (checkout.folder / ".venv" / ".docsworn-ready").stat().st_mtime + 10
    os.utime(checkout.folder / name, (later, later))
    assert checkout.setup().returncode == 0
    assert checkout.asked == {"install"}


def test_interrupted_installation_is_repaired(checkout: Checkout) -> None:
    """A run that failed half-way fails; the next one, with the network back, starts anew."""
    assert checkout.setup("offline").returncode != 0
    assert checkout.setup().returncode == 0
    assert checkout.asked == {"venv", "install"}


@pytest.mark.parametrize("broken", [".venv/bin/python", ".venv/installed"])
def test_broken_environment_is_made_again(checkout: Checkout, broken: str) -> None:
    """Whether its Python is gone or docsworn cannot be imported, a rerun repairs .venv."""
    checkout.setup()
    (checkout.folder / broken).unlink()
    assert checkout.setup().returncode == 0
    assert checkout.asked == {"venv", "install"}


def test_old_python_is_told_what_is_needed(checkout: Checkout) -> None:
    """Python 3.9 alone gets a sentence with what to do, and leaves nothing behind."""
    done = checkout.setup("old")
    assert done.returncode == 1
    assert done.stderr == (
        "docsworn needs Python 3.11 or newer, and here is Python 3.9.2. "
        "Install one, then: make PYTHON=python3.13\n"
    )
    assert not (checkout.folder / ".venv").exists()


def test_missing_ensurepip_names_the_package(checkout: Checkout) -> None:
    """Debian's python3 without python3-venv gets the name of the package."""
    done = checkout.setup("no-ensurepip")
    assert done.returncode == 1
    assert done.stderr == (
        "python3 cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv\n"
    )
