"""How a comparison of two contracts is written down: one file a format, each with a ``FORMAT``."""
