"""From histories and contracts to what reports tell beside the runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from docsworn.contract.compiled import CompiledContract
from docsworn.contract.settings import ProviderSettings
from docsworn.export.background import Background, Key, read_background
from docsworn.observe.history import History
from docsworn.observe.rounds import scope_of

Asked = tuple[CompiledContract, str, str | None]


def backgrounds(
    history: History, asked: Sequence[Asked], *, trend: bool = True, packs: Path | None = None
) -> Mapping[Key, Background]:
    """What is behind the last run of each operation; ``asked`` are contract, host and base URL."""
    found = {}
    for contract, host, base_url in asked:
        for operation in contract.operations:
            scope = scope_of(contract, operation, host)
            key = (scope.provider, operation, scope.revision)
            found[key] = read_background(
                history, scope, contract, base_url=base_url, trend=trend, packs=packs
            )
    return found


def base_url_of(settings: ProviderSettings, host: str) -> str | None:
    """The base URL of a host, where it is the provider's own: of others only the host is known."""
    return settings.base_url if urlsplit(settings.base_url).netloc.lower() == host else None
