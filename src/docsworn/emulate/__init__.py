"""A contract becomes a real HTTP server that keeps it, until it is told to drift."""
