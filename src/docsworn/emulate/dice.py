"""How often something happens: a share of all times, the same times again for the same seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field


@dataclass(slots=True)
class Dice:
    """Falls ``True`` in a share ``rate`` (0 to 1) of all throws."""

    rate: float = 1.0
    seed: int = 0
    random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 - repeatable, no secret

    def falls(self) -> bool:
        """One throw; a rate of 1 or 0 needs none."""
        return self.rate >= 1 or (self.rate > 0 and self.random.random() < self.rate)
