"""The page formats: one file a format, each with a module-level ``FORMAT``."""
