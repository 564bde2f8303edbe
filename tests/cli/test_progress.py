"""The lines that a check draws while it runs: on a terminal only, and gone when it is done."""

from __future__ import annotations

import io

import pytest

from docsworn.cli.progress import BAR, Progress
from docsworn.model import Case, Credential, Exchange, Purpose, Run, Tally, Timings, Verdict

CASE = Case("get/good/1", "get", Purpose.GOOD, Credential.KEY, path="/x")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


class Silent:
    """A client that answers everything at once."""

    def send(self, case: Case) -> Exchange:
        """An empty answer."""
        return Exchange(case, 0.0, Timings(0.0), status=200)


def check(stream: io.StringIO, environ: dict[str, str]) -> list[str]:
    """What a check of two providers draws, one picture after the other."""
    run = Run("acme", "get", "v1", Verdict.KEPT, (), Tally(), ())
    with Progress({"acme": 2, "birchwood": 0}, stream, environ) as progress:
        client = progress.counted("acme", Silent())
        for _ in range(2):
            assert client.send(CASE).status == 200
        progress.done("acme", [run])
    return stream.getvalue().replace("\x1b[2K", "").split("\x1b[2A")


def test_a_terminal_sees_every_request() -> None:
    """A line a provider, a bar that fills, the verdict, and nothing of it afterwards."""
    pictures = check(Terminal(), {})
    assert [picture.splitlines()[0] for picture in pictures[:-1]] == [
        f"acme       {'.' * BAR} 0/2",
        f"acme       {'#' * (BAR // 2)}{'.' * (BAR // 2)} 1/2",
        f"acme       {'#' * BAR} 2/2",
        f"acme       {'#' * BAR} 2/2  kept",
    ]
    assert pictures[0].splitlines()[1] == f"birchwood  {'#' * BAR} 0/0"
    assert pictures[-1] == "\x1b[J"


@pytest.mark.parametrize(("stream", "environ"), [(io.StringIO(), {}), (Terminal(), {"TERM": "dumb"})])
def test_elsewhere_nothing_is_drawn(stream: io.StringIO, environ: dict[str, str]) -> None:
    """Not in a file, and not on a terminal that cannot move its cursor."""
    assert check(stream, environ) == [""]
