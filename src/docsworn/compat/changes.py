"""What a comparison of two contracts says: verdicts, rules, changes, and the comparison itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from docsworn.model import Severity


class Verdict(StrEnum):
    """What a new contract does to a reader of the old one."""

    BREAKING = "breaking"
    SAFE = "safe"
    UNKNOWN = "unknown"


class Direction(StrEnum):
    """Whose reader is asked: the consumer's of responses, or the provider's of requests."""

    RESPONSE = "response"
    REQUEST = "request"


class Area(StrEnum):
    """What a change is about: a whole body or something inside it, or another part of the exchange."""

    BODY = "body"
    PROPERTY = "property"
    HEADER = "header"
    PARAMETER = "parameter"
    MEDIA_TYPE = "media-type"
    STATUS = "status"
    SECURITY = "security"
    OPERATION = "operation"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the rule table.

    ``id`` is in the field's style (``response-property-enum-value-added``); ``keyword`` is the schema
    keyword that changed; ``verdicts`` holds the verdict of the change alone for each reader's name;
    ``message`` is a template over the change's ``details``; ``mirror`` is the id of the opposite change,
    None where ``waiver`` says why there is none.
    """

    id: str
    direction: Direction
    area: Area
    keyword: str
    verdicts: Mapping[str, Verdict]
    message: str
    severity: Severity
    mirror: str | None = None
    waiver: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change at the schema node where it happened.

    ``place`` is the place in the body as a pattern (``/transcript/*/role``), the first one that reaches
    the node; ``old_pointer`` and ``new_pointer`` are JSON pointers of the node in the two schema documents
    (None on the side where it does not exist). ``verdicts`` holds the verdict for each reader's name.
    ``details`` are what the message names; they hold words of the two contracts only.
    """

    rule: str
    place: str
    old_pointer: str | None
    new_pointer: str | None
    verdicts: Mapping[str, Verdict]
    severity: Severity
    message: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two schemas compared for one reader.

    ``witness`` is a body valid under NEW on which the reader of OLD breaks, confirmed by both
    validators; None unless ``verdict`` is *breaking* (``witnessed`` tells a body ``null`` from none).
    ``reason`` says why the verdict is *unknown*, else it is empty.
    """

    verdict: Verdict
    changes: tuple[Change, ...]
    witness: Any = field(default=None, repr=False)
    witnessed: bool = False
    reason: str = ""
