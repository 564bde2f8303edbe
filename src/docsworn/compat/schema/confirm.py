"""Two validators asked about a body: what they agree on is a fact."""

from __future__ import annotations

import re
from typing import Any

import jsonschema_rs
import referencing
from jsonschema_specifications import REGISTRY

from docsworn.compat.schema.documents import Document
from docsworn.compat.schema.drafts import PYTHON, RUST
from docsworn.contract.pointer import join
from docsworn.errors import ContractError

_FAILURES = (ValueError, OverflowError, re.error, UnicodeError)
_MOST_RECURSIONS = 5  # of the Python validator without an end, after which it is asked no more


class Judge:
    """Both validators of one schema; formats are asserted where wanted; nothing is fetched."""

    def __init__(self, document: Document, *, formats: bool) -> None:
        schema, dialect = document.root, document.dialect
        try:
            self._rust = RUST[dialect.age](schema, validate_formats=formats, offline=True)
        except jsonschema_rs.ValidationError as error:
            document.check_references()
            # A schema held against the meta-schema: its instance path leads to the keyword that is wrong.
            place = join(*error.instance_path) or "its root"
            raise ContractError(document.name, f"not a schema of {dialect.name}: at {place}") from None
        except (jsonschema_rs.ReferencingError, ValueError) as error:
            document.check_references()
            kind = type(error).__name__
            raise ContractError(document.name, f"not a schema of {dialect.name} ({kind})") from None
        python = PYTHON[dialect.age]
        checker = python.FORMAT_CHECKER if formats else None
        registry: referencing.Registry[Any] = REGISTRY
        self._python = python(schema, format_checker=checker, registry=registry)

        self._left = _MOST_RECURSIONS

    def allows(self, body: Any) -> bool | None:
        """Whether a body is valid; None where the two differ or one fails."""
        try:
            one = self._rust.is_valid(body)
            other = one if self._left == 0 else self._python.is_valid(body)
        except RecursionError:
            self._left -= 1
            return None
        except _FAILURES:
            return None
        except referencing.exceptions.Unresolvable:
            return None
        return bool(one) if one == other and self._left else None


def breaks(old: Judge, new: Judge, body: Any) -> bool | None:
    """Whether a body is valid under NEW and not under OLD; None where the two validators differ."""
    allowed = new.allows(body)
    if allowed is False:
        return False
    taken = old.allows(body)
    return False if taken is True else None if allowed is None or taken is None else True
