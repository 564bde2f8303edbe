"""The checks: each module has a ``CHECK``; the loader finds it, nothing registers."""
