"""The committed packs as tests read them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CONTRACTS = ROOT / "contracts"
PAGES = Path(os.environ.get("DOCSWORN_PAGES", ROOT / "../shared/docs"))
PACKS = ("elevenlabs/v1-2025-12", "speechify/v1", "tavus/v2-face", "tavus/v2-replica")


def pack(name: str) -> dict[str, Any]:
    """A committed pack's document."""
    document: dict[str, Any] = json.loads((CONTRACTS / name / "openapi.json").read_text(encoding="utf-8"))
    return document


def operation(document: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """Path, method and node of the one operation of a pack."""
    ((path, item),) = document["paths"].items()
    ((method, node),) = item.items()
    return path, method, node
