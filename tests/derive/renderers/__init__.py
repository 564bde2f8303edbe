"""Drawn contracts printed as each format of page, by code that shares nothing with docsworn."""
