"""Two validators asked about a body: what they agree on is a fact."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import jsonschema_rs
import referencing
from jsonschema_specifications import REGISTRY

from docsworn.compat.schema.dialects import Dialect
from docsworn.compat.schema.drafts import PYTHON, RUST
from docsworn.errors import ContractError

# Beyond these the Python validator's own recursion ends in an error.
_FAILURES = (RecursionError, ValueError, OverflowError, re.error, UnicodeError)


class Judge:
    """Both validators of one schema; formats are asserted where wanted; nothing is fetched."""

    def __init__(self, schema: Any, dialect: Dialect, *, name: str, formats: bool) -> None:
        python = PYTHON[dialect.age]
        try:
            python.check_schema(schema)
            self._rust = RUST[dialect.age](schema, validate_formats=formats, offline=True)
        except jsonschema.SchemaError as error:
            place = "/".join(str(part) for part in error.absolute_path)
            raise ContractError(
                name, f'not a schema of {dialect.name}: "{error.validator}" at /{place}'
            ) from None
        except (jsonschema_rs.ReferencingError, jsonschema_rs.ValidationError, ValueError) as error:
            raise ContractError(name, f"not a schema of {dialect.name} ({type(error).__name__})") from None
        checker = python.FORMAT_CHECKER if formats else None
        registry: referencing.Registry[Any] = REGISTRY
        self._python = python(schema, format_checker=checker, registry=registry)

    def allows(self, body: Any) -> bool | None:
        """Whether a body is valid; None where the two differ or one fails."""
        try:
            one = self._rust.is_valid(body)
            other = self._python.is_valid(body)
        except _FAILURES:
            return None
        except referencing.exceptions.Unresolvable:
            return None
        return bool(one) if one == other else None


def confirmed(old: Judge, new: Judge, body: Any) -> bool:
    """Whether both validators say that a body is valid under NEW and not under OLD."""
    return new.allows(body) is True and old.allows(body) is False
