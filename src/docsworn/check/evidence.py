"""How sure it is that something always is so, in words: how often it was, and what that proves."""

from __future__ import annotations

GONE = "no such field"


def bound(straight: int) -> str:
    """The most that the opposite can be likely after so many straight responses: the rule of three."""
    percent = min(100.0, 300 / straight)
    return f"{percent:.1f} %" if percent >= 1 else f"{percent:.1g} %"


def always_there(straight: int, conversations: int) -> str:
    """What a field's absence stands against; ``conversations`` are those of its situation, 0 if unknown."""
    read = f" ({conversations} conversations were read in this situation)" if conversations > 1 else ""
    return (
        f"present in each of the last {straight} relevant responses{read}; absence has a probability of at"
        f" most {bound(straight)} at 95 %"
    )
