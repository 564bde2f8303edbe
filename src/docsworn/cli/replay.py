"""``docsworn replay``: one failed request of ``docsworn fuzz requests``, sent again."""

from __future__ import annotations

import json
import os
from typing import Annotated

import typer

from docsworn.cli.choose import Wanted
from docsworn.cli.engage import Engagement, engaged
from docsworn.cli.fuzz_requests import Store, campaign, counted, fuzzed
from docsworn.cli.fuzz_shared import say
from docsworn.cli.options import AsJson, BaseUrl, Ca, Contracts, UseEmulator
from docsworn.errors import ConfigError, ExitCode, NothingReachedError, UnknownNameError
from docsworn.fuzz.failed import by_kind
from docsworn.fuzz.request import Subject
from docsworn.fuzz.safety import may_be_sent
from docsworn.fuzz.send import FuzzClient
from docsworn.fuzz.store import Kept, broken_of, default_store, load
from docsworn.fuzz.tell import finding_data, finding_lines
from docsworn.model import Finding

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def replay(
    name: Annotated[str, typer.Argument(metavar="ID", help="As `docsworn fuzz requests` printed it.")],
    base_url: BaseUrl = None,
    ca: Ca = None,
    emulator: UseEmulator = False,
    contracts: Contracts = None,
    store: Store = None,
    as_json: AsJson = False,
) -> int:
    """Send exactly that request again, once, and say whether it still fails.

    Where it goes is said on the command line as for `fuzz requests`, never by the stored file.
    """
    kept = load(store or default_store(os.environ), name)
    wanted = Wanted(
        (f"{kept.provider}@{kept.revision}",), contracts, base_url=base_url, ca=ca, emulator=emulator
    )
    with engaged(wanted, os.environ) as (engagement,):
        found = _send(engagement, kept)
    same = {broken_of(each) for each in found}.intersection(kept.broken)
    kinds = by_kind(found)
    if as_json:
        data = {"schema": 1, "replay": name, "fails": bool(same), "findings": list(map(finding_data, kinds))}
        typer.echo(json.dumps(data, indent=2))
    else:
        typer.echo(f"{name}: {_told(len(same), len(kept.broken))}")
        for findings in kinds:
            say(finding_lines(findings))
    return ExitCode.FINDINGS if same else ExitCode.KEPT


def _send(engagement: Engagement, kept: Kept) -> tuple[Finding, ...]:
    subject = fuzzed(engagement)
    _see_that_it_may(engagement, subject, kept)
    with FuzzClient(engagement.target, budget := counted(engagement, 1)) as client:
        seen = campaign(engagement, subject, client, budget).send(kept.request)
    silent = {"unreachable", "timeout"}.intersection(each.kind for each in kept.broken)
    if seen is None or (seen[0].status is None and not silent):
        why = f" ({seen[1][0].observed})" if seen is not None and seen[1] else ""
        raise NothingReachedError(f"nothing could be reached: {kept.provider}{why}")
    return seen[1]


def _see_that_it_may(engagement: Engagement, subject: Subject, kept: Kept) -> None:
    """A stored file is no authority: what it asks for is held to the same rules as what we draw."""
    if kept.operation != subject.operation.id:
        raise UnknownNameError("operation", kept.operation, (subject.operation.id,))
    if not may_be_sent(subject, kept.request):
        raise ConfigError("the stored request is none that docsworn sends")
    ids = engagement.target.ids
    if (kept.request.known or 0) > len(ids):
        raise ConfigError(
            f"the stored request asks for conversation {kept.request.known} of {engagement.target.ids_env}, "
            f"which names {len(ids)}"
        )


def _told(same: int, all_places: int) -> str:
    if not same:
        return "no longer fails"
    return "still fails" if same == all_places else f"still fails at {same} of {all_places} places"
