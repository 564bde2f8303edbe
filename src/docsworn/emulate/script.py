"""What a player plays from: a contract, who may ask, and the scenarios; of a pack, or of any document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from docsworn.contract.packs import Provider, load_contract
from docsworn.contract.settings import Auth, OperationSettings
from docsworn.emulate.scenarios import FILE_NAME, ScenarioFile, load_scenarios
from docsworn.errors import ContractError
from docsworn.model import Contract, Purpose


@dataclass(frozen=True, slots=True)
class Naming:
    """How a conversation of one operation is told: the path parameter of its id, the body's place of it.

    ``purposes`` are the ids that the settings' error cases ask for, and what for.
    """

    id_parameter: str | None
    identity: str | None
    purposes: Mapping[str, Purpose] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Script:
    """One provider as it is emulated; without ``auth`` nobody is asked for a key.

    ``origin`` is the file that is named where a scenario is wrong, ``document`` where the contract is;
    ``remedy`` follows an error that says what cannot be drawn.
    """

    name: str
    contract: Contract
    auth: Auth | None
    naming: Mapping[str, Naming]
    scenarios: ScenarioFile
    origin: str
    document: str
    remedy: str = ""


def script_of(provider: Provider, revision: str | None = None) -> Script:
    """One revision of a provider's pack (None: the current one) with its scenarios; ContractError."""
    contract = load_contract(provider, revision)
    settings = provider.settings
    document = f"{contract.provider}/{contract.revision}/openapi.json"
    has_scenarios = (provider.directory / FILE_NAME).is_file()
    script = Script(
        name=settings.provider,
        contract=contract,
        auth=settings.auth,
        naming={
            name: Naming(operation.id_parameter, operation.identity, _purposes(operation))
            for name, operation in settings.operations.items()
        },
        scenarios=load_scenarios(provider.directory),
        origin=f"{settings.provider}/{FILE_NAME}" if has_scenarios else document,
        document=document,
        remedy=f"; {'say' if has_scenarios else 'write a scenarios.yaml that says'} what it holds",
    )
    unknown = script.scenarios.operations.keys() - contract.operations.keys()
    if unknown:
        known = ", ".join(sorted(contract.operations))
        raise ContractError(script.origin, f'the contract has no operation "{min(unknown)}", only {known}')
    return script


def _purposes(operation: OperationSettings) -> dict[str, Purpose]:
    about_ids = (Purpose.UNKNOWN_ID, Purpose.MALFORMED_ID)
    cases = (case for case in operation.error_cases if case.purpose in about_ids)
    return {case.value: case.purpose for case in cases if case.value is not None}
