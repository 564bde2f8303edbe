"""A YAML file that a person writes, as a model; every problem in it gets a sentence with file and line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from docsworn.contract.pointer import join
from docsworn.contract.shape import token
from docsworn.contract.yamlsafe import survey_yaml
from docsworn.errors import ConfigError, ContractError

Model = TypeVar("Model")

ENV_NAME = r"^[A-Z][A-Z0-9_]*$"
SLUG = r"^[a-z0-9][a-z0-9_.\-]*$"
HEADER_NAME = r"^[A-Za-z0-9\-]+$"


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
        found = survey_yaml(text, name=name)
    except ContractError as error:
        raise ConfigError(str(error)) from None
    problems = [str(problem) for problem in found.problems]
    try:
        model = validate(found.data)
    except ValidationError as error:
        problems += explain_problems(error, found.lines, name)
    if problems:
        raise ConfigError("\n".join(problems))
    return model, found.lines


_MAPPING, _LIST = "write keys and values here, as {key: value}", "write a list here, as [one, two]"
# Said in place of pydantic's words, which name our classes and types of Python.
_SHAPES: Mapping[str, str] = {
    "model_type": _MAPPING,
    "dict_type": _MAPPING,
    "mapping_type": _MAPPING,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "too_short": "write at least one here",
    "string_type": "write text here, in quotes where it looks like a number or like true",
}
# And in place of the pattern itself.
_PATTERNS: Mapping[str, str] = {
    SLUG: 'a name has lower case letters, digits, "_", "." and "-", and begins with a letter or a digit',
    ENV_NAME: "write the NAME of an environment variable here, such as TAVUS_API_KEY",
    HEADER_NAME: 'the name of a header has letters, digits and "-"',
}
_KEY = "[key]"  # as pydantic ends the place of a key that is wrong


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
    if loc[-1:] == (_KEY,):
        place = place[:-1]
    words = _SHAPES.get(problem["type"]) or _PATTERNS.get(problem.get("ctx", {}).get("pattern", ""))
    message = words or str(problem["msg"]).removeprefix("Value error, ")
    return f"{where}: {join(*place) or 'the file'}: {message[:1].lower()}{message[1:]}"
