"""The made-up provider, ready to be fuzzed without a command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from docsworn.contract.compiled import CompiledContract, compile_contract
from docsworn.contract.packs import load_contract, load_provider
from docsworn.fuzz.request import Subject, subject_of
from tests.fuzz.pack import write_pack


@pytest.fixture
def contract(tmp_path: Path) -> CompiledContract:
    """The made-up provider's contract."""
    provider = load_provider("madeup", (write_pack(tmp_path / "contracts"),))
    return compile_contract(load_contract(provider), provider.settings)


@pytest.fixture
def subject(contract: CompiledContract) -> Subject:
    """Its operation, ready to be fuzzed."""
    return subject_of(contract, "get_call")
