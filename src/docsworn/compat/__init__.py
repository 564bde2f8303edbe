"""Documentation, contract and live API against each other: who has moved, and where."""

from docsworn.compat.changes import Change, Comparison, Verdict
from docsworn.compat.readers import Reader
from docsworn.compat.schema.compare import compare_schemas

__all__ = ["Change", "Comparison", "Reader", "Verdict", "compare_schemas"]
