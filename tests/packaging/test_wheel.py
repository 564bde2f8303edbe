"""The wheel: what is in it, and that it works where the checkout is not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
BUNDLED = ("contracts", "checks", "exporters")
JUNK = (
    "contracts/tavus/.env",
    "contracts/.DS_Store",
    "checks/__pycache__/conftest.cpython-311.pyc",
    "exporters/signing.key",
    "src/docsworn/model.py~",
    "src/docsworn/history.sqlite",
)


@dataclass(frozen=True, slots=True)
class Built:
    """A copy of the tree, its source archive, the wheel made from that, and one made from the tree."""

    tree: Path
    sdist: Path
    wheel: Path
    wheel_of_tree: Path


def _copy_tree(target: Path) -> None:
    included = PYPROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["only-include"]
    for name in (*included, "pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        source = ROOT / name
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
        else:
            shutil.copy(source, target / name)


def _build(tree: Path, out: Path, *options: str) -> None:
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), *options, str(tree)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Everything built once, from a tree into which files that git ignores were planted."""
    base = tmp_path_factory.mktemp("wheel")
    tree, out, direct = base / "tree", base / "dist", base / "direct"
    _copy_tree(tree)
    for name in JUNK:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text("not for shipping")
    _build(tree, out)
    _build(tree, direct, "--wheel")
    for name in JUNK:
        (tree / name).unlink()
    (sdist,), (wheel,), (other,) = out.glob("*.tar.gz"), out.glob("*.whl"), direct.glob("*.whl")
    return Built(tree, sdist, wheel, other)


def _members(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def _files(folder: Path) -> Iterator[PurePosixPath]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield PurePosixPath(path.relative_to(folder).as_posix())


def test_wheel_holds_the_engine_and_the_bundled_folders_and_nothing_else(built: Built) -> None:
    """Every file of src, contracts, checks and exporters ships; tests, junk and ignored files do not."""
    expected = {f"docsworn/{path}" for path in _files(built.tree / "src" / "docsworn")}
    for name in BUNDLED:
        expected |= {f"docsworn/_bundled/{name}/{path}" for path in _files(built.tree / name)}
    shipped = {name for name in _members(built.wheel) if ".dist-info/" not in name}
    assert shipped == expected


def test_wheel_is_the_same_from_the_tree_and_from_the_source_archive(built: Built) -> None:
    """Who builds from the source archive gets the same files."""
    assert _members(built.wheel) == _members(built.wheel_of_tree)


def test_source_archive_holds_no_ignored_file(built: Built) -> None:
    """What git ignores does not ship in the source archive either."""
    with tarfile.open(built.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert "src/docsworn/model.py" in names
    assert not names & set(JUNK)


def test_wheel_says_who_it_is(built: Built) -> None:
    """The metadata names the licence, the Python it needs, and the command."""
    with zipfile.ZipFile(built.wheel) as archive:
        info = {
            Path(name).name: archive.read(name).decode()
            for name in archive.namelist()
            if ".dist-info/" in name
        }
    assert "License-Expression: Apache-2.0" in info["METADATA"]
    assert "Requires-Python: >=3.11" in info["METADATA"]
    assert "docsworn = docsworn.cli.main:main" in info["entry_points.txt"]
    assert "[pytest11]\ndocsworn = docsworn.cli.pytest_plugin" in info["entry_points.txt"]
    assert "Apache License" in info["LICENSE"]


@dataclass(frozen=True, slots=True)
class Installed:
    """A fresh environment with the wheel in it, and an empty folder to be in."""

    environment: Path
    folder: Path

    def run(self, *words: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment, with nothing of ours in the process environment."""
        program = self.environment / "bin" / words[0]
        home = str(self.folder.parent / "home")
        clean = {"PATH": os.environ["PATH"], "HOME": home, "TMPDIR": home, "LC_ALL": "C.UTF-8"}
        return subprocess.run(
            [str(program), *words[1:]],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=clean,
            timeout=timeout,
        )


@pytest.fixture(scope="module")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel alone in a fresh environment; what it depends on is lent by the one that runs the tests."""
    base = tmp_path_factory.mktemp("installed")
    environment, folder = base / "venv", base / "elsewhere"
    folder.mkdir()
    (base / "home").mkdir()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    python = environment / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "-q", "--no-deps", "--no-index", str(built.wheel)], check=True)
    (site,) = environment.glob("lib/python*/site-packages")
    # Only a path is lent: Python does not read the .pth file of the editable docsworn that lies there.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return Installed(environment, folder)


def test_installed_package_finds_its_bundled_folders(installed: Installed) -> None:
    """`bundled_dir` gives folders of the wheel, not of a checkout that happens to be near."""
    code = (
        "from docsworn.bundled import bundled_dir as b; print(*map(b, ('contracts', 'checks', 'exporters')))"
    )
    done = installed.run("python", "-c", code)
    assert done.returncode == 0, done.stderr
    folders = [Path(word) for word in done.stdout.split()]
    assert [folder.name for folder in folders] == list(BUNDLED)
    assert all(folder.is_relative_to(installed.environment.resolve()) for folder in folders)


def test_installed_command_tells_its_verbs(installed: Installed) -> None:
    """`docsworn --help` works away from the checkout."""
    done = installed.run("docsworn", "--help")
    assert done.returncode == 0, done.stderr
    for verb in ("check", "contract", "demo", "derive", "emulate", "watch"):
        assert verb in done.stdout


def test_installed_command_shows_a_bundled_contract(installed: Installed) -> None:
    """The packs in the wheel are found without a contracts folder at hand."""
    done = installed.run("docsworn", "contract", "show", "elevenlabs")
    assert done.returncode == 0, done.stderr
    assert "/conversation_id" in done.stdout


def test_installed_command_runs_the_corridor(installed: Installed) -> None:
    """Contracts, emulator, checks, reports and metrics come from the wheel alone, in an empty folder."""
    done = installed.run("docsworn", "check", "--emulator", "--html", "report.html")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 operations: 3 kept" in done.stdout
    assert "</html>" in (installed.folder / "report.html").read_text()
    done = installed.run("docsworn", "watch", "tavus", "--once", "--emulator")
    assert "docsworn_probe_success" in done.stdout, done.stderr


def test_installed_plugin_serves_a_suite_of_ones_own(installed: Installed) -> None:
    """pytest finds the plugin of the wheel, which asks the embedded emulator; nothing warns."""
    (installed.folder / "test_own.py").write_text(
        "def test_own(docsworn_provider):\n    docsworn_provider('tavus').assert_kept()\n"
    )
    options = ("-p", "no:schemathesis", "-p", "no:cacheprovider", "-W", "error", "--docsworn-emulator")
    done = installed.run("python", "-m", "pytest", "-v", *options)
    assert "test_own.py::test_own PASSED" in done.stdout, done.stdout + done.stderr
