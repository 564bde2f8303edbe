"""What every node of a derived document says of itself: its source, its confidence, its rewrites."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from docsworn.contract.bundle import map_subschemas
from docsworn.model import Confidence

_WORD = re.compile(r"\w+")


def source(document: str, line: int) -> dict[str, Any]:
    """The document and line of a fact, as packs hold it."""
    return {"document": document, "line": line}


def mark(
    node: dict[str, Any], document: str, line: int, confidence: Confidence = Confidence.DOCUMENTED
) -> dict[str, Any]:
    """The node with its source and confidence."""
    return {**node, "x-source": source(document, line), "x-confidence": confidence.value}


def mark_tree(schema: Any, document: str, line: int, confidence: Confidence = Confidence.DOCUMENTED) -> Any:
    """The schema with one source and confidence on it and on every schema below it."""
    if not isinstance(schema, dict):
        return schema
    inner = map_subschemas(schema, lambda child, _path: mark_tree(child, document, line, confidence))
    return mark(inner, document, line, confidence)


def rewrite(keyword: str, reason: str, line: int) -> dict[str, Any]:
    """One entry of ``x-normalised``: what was rewritten and why."""
    return {"keyword": keyword, "reason": reason, "line": line}


def digest_words(text: str) -> str:
    """Digests of a description's words: enough to recognise it again, too little to restore it."""
    words = {word.lower() for word in _WORD.findall(text)}
    return " ".join(sorted({hashlib.sha256(word.encode()).hexdigest()[:4] for word in words}))
