"""A page as a contract, so that live answers can be held to what the documentation says today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from docsworn.contract.openapi import read_operations
from docsworn.derive.document import choose_operation
from docsworn.model import Contract


def documented_contract(contract: Contract, operation: str, page: Mapping[str, Any]) -> Contract:
    """The contract with the responses that a derived page documents for one operation.

    What the page does not tell (path, statuses that it leaves out) stays as the contract has it.
    """
    ours = contract.operations[operation]
    described = choose_operation(page, None)
    document = {
        "openapi": "3.1.0",
        "paths": {
            ours.path: {ours.method.lower(): {**described, "operationId": operation, "parameters": []}}
        },
        "components": page.get("components", {}),
    }
    theirs = read_operations(document, file="the documentation")[operation]
    merged = replace(ours, responses={**ours.responses, **theirs.responses})
    return replace(contract, operations={**contract.operations, operation: merged}, invariants=())
