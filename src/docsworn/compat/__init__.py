"""Documentation × contract × live: who has moved, and where."""
