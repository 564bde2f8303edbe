"""What is ours stays out of findings: an API may send an id back where a short token shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from docsworn.model import Finding

HIDDEN = "****"
_LONG = 8  # characters; what is shorter may be part of any word


def without_secrets(finding: Finding, secrets: Iterable[str]) -> Finding:
    """The finding with the key and the ids hidden in what was observed and in the pointer."""
    observed, pointer = finding.observed, finding.pointer
    for secret in secrets:
        # A short one may be part of any word: only where it stands alone is it the secret.
        alone = len(secret) < _LONG
        observed = observed.replace(f'"{secret}"' if alone else secret, HIDDEN)
        pointer = "/".join(
            "*" if part == secret or (not alone and secret in part) else part for part in pointer.split("/")
        )
    if (observed, pointer) == (finding.observed, finding.pointer):
        return finding
    return replace(finding, observed=observed, pointer=pointer)
