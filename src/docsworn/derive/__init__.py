"""A documentation page becomes an OpenAPI document in which every fact names its line."""

from docsworn.derive.facts import Fact
from docsworn.derive.pipeline import Derivation, derive

__all__ = ["Derivation", "Fact", "derive"]
