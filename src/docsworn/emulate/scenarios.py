"""``scenarios.yaml``: the conversations that an emulated provider has, as data beside its packs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from docsworn.contract.modelfile import explain_problems
from docsworn.contract.settings import NO_BOOLEAN, Pointer, Slug
from docsworn.contract.yamlsafe import load_yaml
from docsworn.errors import ContractError
from docsworn.model import Purpose

FILE_NAME = "scenarios.yaml"

StatusCode = Annotated[int, Field(ge=400, le=599), NO_BOOLEAN]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Scenario(_Strict):
    """One conversation, or one more answer of it where ``query`` is asked.

    The body is drawn from the contract (``fill``, ``pick``) or that of the scenario named in
    ``like``; then ``patch`` (RFC 7396), ``nulls`` and ``drop`` change it, in this order. ``unnamed``
    holds the values of fields that have no name on the page, by their id in the pack. ``next`` names
    the scenarios that may follow in the life of a conversation, the usual one first.
    """

    id: Annotated[str, Field(min_length=1, max_length=200)]
    name: Slug
    revision: Slug | None = None
    query: Mapping[str, str] = {}
    like: Slug | None = None
    fill: Literal["all", "required"] = "all"
    pick: Mapping[Pointer, str] = {}
    patch: Mapping[str, Any] = {}
    nulls: tuple[Pointer, ...] = ()
    drop: tuple[Pointer, ...] = ()
    unnamed: Mapping[str, Any] = {}
    next: tuple[Slug, ...] = ()


class Refusal(_Strict):
    """What a request of the error contract is answered with; without ``body`` one is drawn."""

    status: StatusCode
    body: Any = None


class Life(_Strict):
    """What stays while a conversation moves on: ``began`` is the place of its first moment.

    The moments of later states move with it; ``constant`` are places whose values never change.
    """

    began: Pointer | None = None
    constant: tuple[Pointer, ...] = ()


class OperationScenarios(_Strict):
    """The conversations of one operation and how it refuses; ``like`` names an earlier scenario."""

    life: Life = Life()
    scenarios: tuple[Scenario, ...] = ()
    errors: Mapping[Purpose, Refusal] = {}

    @model_validator(mode="after")
    def _is_consistent(self) -> OperationScenarios:
        seen: dict[tuple[str, str | None, tuple[tuple[str, str], ...]], str] = {}
        names: set[str] = set()
        for scenario in self.scenarios:
            if scenario.like is not None and scenario.like not in names:
                raise ValueError(
                    f'"{scenario.name}" is like "{scenario.like}", which does not stand before it'
                )
            key = (scenario.name, scenario.revision, tuple(sorted(scenario.query.items())))
            if key in seen:
                raise ValueError(f'the scenario "{scenario.name}" stands twice')
            seen[key] = scenario.id
            names.add(scenario.name)
        for scenario in self.scenarios:
            lost = [name for name in scenario.next if name not in names]
            if lost:
                raise ValueError(f'after "{scenario.name}" comes "{lost[0]}", which is no scenario')
        if Purpose.GOOD in self.errors:
            raise ValueError('"good" is not an error')
        return self

    def of(self, revision: str) -> tuple[Scenario, ...]:
        """The scenarios of one revision: those without a revision belong to all."""
        return tuple(each for each in self.scenarios if each.revision in (None, revision))


class ScenarioFile(_Strict):
    """All of a provider's scenarios, by operation id."""

    operations: Mapping[str, OperationScenarios] = {}

    def operation(self, name: str) -> OperationScenarios:
        """The scenarios of one operation; none where the file says nothing of it."""
        return self.operations.get(name, OperationScenarios())


def load_scenarios(directory: Path) -> ScenarioFile:
    """The scenarios of a provider's folder, or an empty file; ContractError with every problem."""
    path = directory / FILE_NAME
    if not path.is_file():
        return ScenarioFile()
    name = f"{directory.name}/{FILE_NAME}"
    try:
        data, lines = load_yaml(path.read_text(encoding="utf-8"), name=name)
        return ScenarioFile.model_validate(data)
    except (OSError, UnicodeDecodeError):
        raise ContractError(name, "cannot be read as UTF-8 text") from None
    except ValidationError as error:
        problems = "\n".join(explain_problems(error, lines, name))
        line, _, problem = problems.removeprefix(f"{name}:").partition(": ")
        raise ContractError(name, problem, int(line)) from None
