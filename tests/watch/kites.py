"""The made-up provider as a target of the watch, on a site of the test that counts what it is asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from docsworn.observe.history import History
from docsworn.observe.journal import Journal
from docsworn.watch.configfile import read_config
from docsworn.watch.connectivity import Connectivity
from docsworn.watch.prober import Means, Prober
from docsworn.watch.targets import configured
from docsworn.watch.watched import Watched
from tests.cli.kites import GOOD, write_kites
from tests.derive.site import Site

KEY = "planted-key-0123456789-0123456789-0123456789"
ENVIRONMENT = {"KITES_API_KEY": KEY, "KITES_IDS": "k1,k2,k3"}


def fly(site: Site, *names: str) -> None:
    """Let the site answer for kites as it should."""
    for name in names or ("k1", "k2", "k3"):
        site.put(f"/kites/{name}", json.dumps({**GOOD, "id": name}), "application/json")


def write_config(folder: Path, url: str, *lines: str, top: tuple[str, ...] = ()) -> Path:
    """A configuration file with one target, ``kites``, and these further lines of it."""
    if not (folder / "own").is_dir():
        write_kites(folder)
    file = folder / "docsworn.yaml"
    text = ["contracts: own", *top, "providers:", "  kites:", f"    base_url: {url}"]
    file.write_text("\n".join([*text, *(f"    {line}" for line in lines)]) + "\n", encoding="utf-8")
    return file


def target(folder: Path, url: str, *lines: str, environ: Mapping[str, str] = ENVIRONMENT) -> Watched:
    """The target that such a file describes."""
    (found,) = configured(read_config(write_config(folder, url, *lines)), environ).targets
    return found


@contextmanager
def probing(
    watched: Watched, clock: Callable[[], float], file: Path | None = None
) -> Iterator[tuple[Prober, Connectivity]]:
    """A prober of one target, which remembers in a file if one is given."""
    with History(file) as history, Journal(file, clock=clock) as journal:
        connectivity = Connectivity()
        connectivity.watch([watched])
        yield Prober(watched, Means(history, journal, connectivity, lambda _: None, clock)), connectivity
