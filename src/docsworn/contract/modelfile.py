"""A YAML file that a person writes, as a model; every problem in it gets a sentence with file and line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from docsworn.contract.pointer import join
from docsworn.contract.shape import token
from docsworn.contract.yamlsafe import load_yaml
from docsworn.errors import ConfigError, ContractError

Model = TypeVar("Model")


def read_model(path: Path, validate: Callable[[Any], Model]) -> Model:
    """What ``validate`` makes of the data in a file; ConfigError with a line for every problem in it."""
    return parse_model(read_text(path), named(path), validate)[0]


def named(path: Path) -> str:
    """What a file is called in errors: with the folder it stands in."""
    return "/".join(path.parts[-2:])


def read_text(path: Path) -> str:
    """The text of a file; ConfigError where it cannot be read or is no UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{named(path)}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{named(path)}: is not UTF-8") from None


def parse_model(text: str, name: str, validate: Callable[[Any], Model]) -> tuple[Model, Mapping[str, int]]:
    """The same of a text, with the line (from 1) of every JSON pointer; ``name`` stands in errors."""
    try:
        data, lines = load_yaml(text, name=name)
    except ContractError as error:
        raise ConfigError(str(error)) from None
    try:
        return validate(data), lines
    except ValidationError as error:
        raise ConfigError("\n".join(explain_problems(error, lines, name))) from None


_MAPPING, _LIST = "write keys and values here, as {key: value}", "write a list here, as [one, two]"
# Said in place of pydantic's words, which name our classes and types of Python.
_SHAPES: Mapping[str, str] = {
    "model_type": _MAPPING,
    "dict_type": _MAPPING,
    "mapping_type": _MAPPING,
    "tuple_type": _LIST,
    "list_type": _LIST,
}


def explain_problems(
    error: ValidationError,
    lines: Mapping[str, int],
    name: str,
    instead: Callable[[tuple[str, ...]], str] = lambda _: "",
) -> list[str]:
    """One sentence with file and line for each problem that pydantic found; no values.

    ``instead`` says what to write in place of an unknown key, given its whole place.
    """
    problems = error.errors(include_input=False)
    return sorted(_explain(dict(problem), lines, name, instead) for problem in problems)


def line_of(lines: Mapping[str, int], place: tuple[str, ...]) -> int:
    """The line of a place in a file, or of what it would stand in."""
    while join(*place) not in lines:
        place = place[:-1]
    return lines[join(*place)]


def _explain(
    problem: dict[str, Any],
    lines: Mapping[str, int],
    name: str,
    instead: Callable[[tuple[str, ...]], str],
) -> str:
    loc = tuple(str(part) for part in problem["loc"])
    where = f"{name}:{line_of(lines, loc)}"
    place = tuple(token(part) or "*" for part in loc)
    if problem["type"] == "extra_forbidden":
        return f'{where}: unknown key "{place[-1]}" in {join(*place[:-1]) or "the file"}{instead(loc)}'
    message = _SHAPES.get(problem["type"]) or str(problem["msg"]).removeprefix("Value error, ")
    return f"{where}: {join(*place) or 'the file'}: {message[:1].lower()}{message[1:]}"
