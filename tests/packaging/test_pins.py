"""constraints.txt pins everything that docsworn and its extras install, and holds no address."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata, requires
from itertools import pairwise, product
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PIN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*==(\d+!)?\d[0-9a-z.]*")


def _pin_lines() -> list[str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return [line for line in lines if not line.startswith("#")]


def _pins() -> dict[str, str]:
    return dict(line.split("==") for line in _pin_lines())


def _direct() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    return [Requirement(word) for words in (project["dependencies"], *extras) for word in words]


def _applies(requirement: Requirement, extras: set[str]) -> bool:
    if requirement.marker is None:
        return True
    places = product(PYTHONS, extras or {""})
    return any(requirement.marker.evaluate({"python_version": p, "extra": e}) for p, e in places)


def _wanted_by(requirement: Requirement) -> list[Requirement]:
    try:
        words = requires(requirement.name) or []
    except PackageNotFoundError:  # wanted by another Python than this one
        return []
    return [found for found in map(Requirement, words) if _applies(found, requirement.extras)]


def test_constraints_are_names_and_versions_in_order() -> None:
    """Each line is name==version: no address, hash, marker or option; sorted, each name once."""
    lines = _pin_lines()
    assert [line for line in lines if not PIN.fullmatch(line)] == []
    names = [line.partition("==")[0] for line in lines]
    assert all(before < after for before, after in pairwise(names))


def test_every_direct_dependency_is_pinned_to_a_version_it_allows() -> None:
    """What pyproject.toml asks for, constraints.txt grants."""
    pins = _pins()
    for requirement in _direct():
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), requirement.name


def test_everything_that_they_need_is_pinned_too() -> None:
    """No package comes in without a pin, however deep and on any Python we support; no pin is idle."""
    seen: set[str] = set()
    waiting = _direct()
    while waiting:
        requirement = waiting.pop()
        key = f"{canonicalize_name(requirement.name)} {sorted(requirement.extras)}"
        if key not in seen:
            seen.add(key)
            waiting += _wanted_by(requirement)
    assert {key.split(" ")[0] for key in seen} == set(_pins())


def test_every_pin_runs_on_the_oldest_python_that_we_promise() -> None:
    """A pin may ask for a later patch release than Debian's python3 has: pip then finds no way at all."""
    refused = {}
    for name in _pins():
        try:
            wanted = metadata(name)["Requires-Python"]
        except PackageNotFoundError:  # wanted by another Python than this one
            continue
        if wanted and not SpecifierSet(wanted).contains(f"{PYTHONS[0]}.0"):
            refused[name] = wanted
    assert refused == {}
