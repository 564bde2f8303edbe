"""What single conversations always showed: a record that is complete does not lose a field later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_MAX_CONVERSATIONS = 200


@dataclass(slots=True)
class Memory:
    """Which promises each conversation put to the test in all of its responses.

    ``masks`` has a bit for each of ``promises``; ``losses`` counts how often a known conversation showed
    less than before without being told, and ``lost_at`` at which response last. ``lacked`` has the same for
    the listed fields that were not there when each was read last.
    """

    promises: list[str] = field(default_factory=list)
    masks: dict[str, int] = field(default_factory=dict)
    lacked: dict[str, int] = field(default_factory=dict)
    losses: int = 0
    lost_at: int = 0

    def shown(self, conversation: str) -> frozenset[str]:
        """The promises that a conversation always put to the test; none where it is not known."""
        return self._told(self.masks.get(conversation, 0))

    def absent(self, conversation: str) -> frozenset[str]:
        """The promises of listed fields that a conversation lacked when it was read last."""
        return self._told(self.lacked.get(conversation, 0))

    def keep(self, conversation: str, shown: Iterable[str], absent: Iterable[str], at: int) -> None:
        """Take in what one response put to the test, and which fields it lacked; ``at`` counts them."""
        before = self.masks.get(conversation)
        if before is None and len(self.masks) >= _MAX_CONVERSATIONS:
            return
        places = {promise: place for place, promise in enumerate(self.promises)}
        mask = self._mask(shown, places)
        self.lacked[conversation] = self._mask(absent, places)
        after = mask if before is None else before & mask
        if before is not None and after != before:
            self.losses, self.lost_at = self.losses + 1, at
        self.masks[conversation] = after

    def as_json(self) -> dict[str, Any]:
        """The memory as JSON data."""
        return {
            "promises": self.promises,
            "masks": {conversation: f"{mask:x}" for conversation, mask in self.masks.items()},
            "lacked": {conversation: f"{mask:x}" for conversation, mask in self.lacked.items() if mask},
            "losses": self.losses,
            "lost_at": self.lost_at,
        }

    def _told(self, mask: int) -> frozenset[str]:
        return frozenset(promise for at, promise in enumerate(self.promises) if mask >> at & 1)

    def _mask(self, promises: Iterable[str], places: dict[str, int]) -> int:
        mask = 0
        for promise in promises:
            if promise not in places:
                places[promise] = len(self.promises)
                self.promises.append(promise)
            mask |= 1 << places[promise]
        return mask


def memory_of(stored: Mapping[str, Any]) -> Memory:
    """The memory from what was stored."""
    masks = {conversation: int(mask, 16) for conversation, mask in stored["masks"].items()}
    lacked = {conversation: int(mask, 16) for conversation, mask in stored.get("lacked", {}).items()}
    return Memory(stored["promises"], masks, lacked, stored["losses"], stored["lost_at"])
