"""Packs on disk become contracts that can be held against exchanges."""
