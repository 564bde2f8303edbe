"""Documentation, contract and live API against each other: who has moved, and where."""
