"""Contract and Exchange → Findings; one file a check in ``rules``."""
