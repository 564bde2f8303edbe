"""Two validators asked about a body: what they agree on is a fact."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
            place = join(*error.instance_path)
            problem = f"not a schema of {dialect.name}: {_wrong(schema, error.instance_path)}"
            raise ContractError(document.name, problem, pointer=place) from None
        except jsonschema_rs.ReferencingError:
            document.check_references()
            raise ContractError(document.name, "a reference that leads nowhere") from None
        except ValueError:  # of JSON: the validator has a limit of its own
            raise ContractError(document.name, "it nests deeper than validators go") from None
        python = PYTHON[dialect.age]
        checker = python.FORMAT_CHECKER if formats else None
        registry: referencing.Registry[Any] = REGISTRY
        self._python = python(schema, format_checker=checker, registry=registry)

        self._left = _MOST_RECURSIONS

    def may_allow(self, body: Any) -> bool:
        """Whether the quicker validator takes a body."""
        try:
            return bool(self._rust.is_valid(body))
        except _FAILURES:
            return False

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


def _wrong(schema: Any, path: Sequence[str | int]) -> str:
    """What is wrong at a place of a schema, in few words."""
    value = schema
    for part in path:
        value = value[part]
    is_pattern = (path and path[-1] == "pattern" and isinstance(value, str)) or "patternProperties" in path[
        -2:-1
    ]
    what = "no regular expression, " if is_pattern else ""
    return f"{what}at {join(*path) or 'its root'}"


def surely_breaks(old: Judge, new: Judge, body: Any) -> bool:
    """Whether both validators say that a body breaks; the quicker one denies it of most."""
    return new.may_allow(body) and not old.may_allow(body) and breaks(old, new, body) is True


def breaks(old: Judge, new: Judge, body: Any) -> bool | None:
    """Whether a body is valid under NEW and not under OLD; None where the two validators differ."""
    allowed = new.allows(body)
    if allowed is False:
        return False
    taken = old.allows(body)
    return False if taken is True else None if allowed is None or taken is None else True
