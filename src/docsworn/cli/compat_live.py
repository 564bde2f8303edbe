"""Fresh responses of an API for ``docsworn compat --live``: one gentle round, as ``check`` makes it."""

from __future__ import annotations

import os
from contextlib import ExitStack

from docsworn.check.loader import load_checks
from docsworn.cli.choose import Wanted
from docsworn.cli.compat import Options
from docsworn.cli.engage import engaged, prober
from docsworn.compat.responses import Seen, from_exchanges
from docsworn.errors import NothingReachedError
from docsworn.observe.history import History


def live_responses(options: Options) -> tuple[Seen, ...]:
    """The JSON responses of one round of good requests; NothingReachedError where none came."""
    provider = str(options.live)
    wanted = Wanted(
        (provider,), options.contracts, base_url=options.base_url, ca=options.ca, emulator=options.emulator
    )
    with ExitStack() as stack:
        history = stack.enter_context(History(None))
        (engagement,) = stack.enter_context(engaged(wanted, os.environ))
        runs = stack.enter_context(prober(engagement, history, load_checks()))(False)
    if not any(one.reached for one in runs):
        raise NothingReachedError(f"nothing could be reached: {provider}")
    operations = engagement.contract.contract.operations
    return tuple(
        each
        for one in runs
        for each in from_exchanges(
            one.exchanges, operations[one.operation].method, operations[one.operation].path
        )
    )
