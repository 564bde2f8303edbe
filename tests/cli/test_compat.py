"""``docsworn compat``: what it compares, how it ends, and what it says of bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import Docsworn, Ended
from tests.derive.site import serving

TALK = {
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"type": "string", "enum": ["on", "off"]}, "note": {"type": "string"}},
}
WIDER = {**TALK, "properties": {**TALK["properties"], "status": {"enum": ["on", "off", "held"]}}}  # type: ignore[dict-item]
SECRET = "sk-live-4f9c-very-private"


def openapi(schema: Any, version: str = "3.1.0", path: str = "/talks/{id}", **more: Any) -> dict[str, Any]:
    """A document of one operation."""
    answer = {"description": "OK", "content": {"application/json": {"schema": schema}}}
    call = {"operationId": "get_talk", "responses": {"200": answer}, **more}
    return {"openapi": version, "info": {"title": "t", "version": "1"}, "paths": {path: {"get": call}}}


class Compat:
    """Runs the verb on two documents that are written first."""

    def __init__(self, docsworn: Docsworn) -> None:
        self.docsworn = docsworn

    def __call__(self, old: Any, new: Any, *options: str) -> Ended:
        """How it ends; a text is a file's content or a name as it is."""
        named = [self.write(side, data) for side, data in (("old", old), ("new", new))]
        return self.docsworn("compat", *named, *options)

    def data(self, old: Any, new: Any, *options: str) -> dict[str, Any]:
        """What it says as data."""
        ended = self(old, new, "--format", "json", *options)
        found: dict[str, Any] = json.loads(ended.out)
        assert ended.code == (1 if found["verdict"] == "breaking" else 0), ended.err
        return found

    @staticmethod
    def write(name: str, data: Any) -> str:
        """The name of a file with this data."""
        if isinstance(data, str):
            return data
        Path(f"{name}.json").write_text(json.dumps(data))
        return f"{name}.json"


@pytest.fixture
def compat(docsworn: Docsworn) -> Compat:
    """The verb."""
    return Compat(docsworn)


def test_safe_is_0_and_breaking_is_1(compat: Compat) -> None:
    """The exit codes of the house."""
    assert compat(openapi(TALK), openapi(TALK)).code == 0
    ended = compat(openapi(TALK), openapi(WIDER))
    assert ended.code == 1
    assert "breaking for the strict reader" in ended.out
    assert compat(openapi(TALK), openapi(WIDER), "--reader", "tolerant").code == 0


def test_unknown_fails_where_it_is_asked_for(compat: Compat) -> None:
    """``--fail-on unknown`` also fails for what is neither proven nor broken."""
    old = openapi({"type": "object", "x-unnamed": [{"schema": {"type": "array"}}]})
    new = openapi({"type": "object"})
    assert compat.data(old, new)["verdict"] == "unknown"
    assert compat(old, new, "--fail-on", "unknown").code == 1


def test_a_breaking_has_a_witness(compat: Compat) -> None:
    """A generated body that is valid under NEW and not under OLD."""
    (one,) = [each for each in compat.data(openapi(TALK), openapi(WIDER))["changes"] if each["witnessed"]]
    assert one["witness"]["status"] == "held"


def test_json_schemas_are_compared_as_they_are(compat: Compat) -> None:
    """Two JSON Schemas need no operation."""
    assert compat.data(TALK, WIDER)["verdict"] == "breaking"
    assert compat.data(WIDER, TALK)["verdict"] == "safe"
    assert compat.data(WIDER, TALK, "--direction", "request")["verdict"] == "breaking"
    assert compat.data(WIDER, TALK, "--direction", "both")["verdict"] == "breaking"


@pytest.mark.parametrize("version", ["2.0", "3.0.3", "3.1.0"])
def test_every_version_of_openapi_is_read(compat: Compat, version: str, tmp_path: Path) -> None:
    """The same contract in JSON or YAML, of any version, is no change."""
    document = openapi(TALK, version)
    if version == "2.0":
        document = {
            "swagger": "2.0",
            "paths": {"/talks/{talk_id}": {"get": {"responses": {"200": {"schema": TALK}}}}},
        }
    (tmp_path / "side.yaml").write_text(yaml.safe_dump(json.loads(json.dumps(document))))
    assert compat.data(str(tmp_path / "side.yaml"), openapi(TALK))["changes"] == []


def test_a_document_at_an_address(compat: Compat) -> None:
    """OLD or NEW may be a URL."""
    with serving() as site:
        address = site.put("/openapi.json", json.dumps(openapi(WIDER)), "application/json")
        assert compat.data(openapi(TALK), address)["verdict"] == "breaking"


def test_a_page_is_derived(compat: Compat) -> None:
    """A documentation page is as good as a document."""
    page = Path(__file__).parents[1] / "derive" / "pages" / "fern-openapi.md"
    assert compat.data(str(page), str(page))["changes"] == []


def test_tavus_has_two_renames_a_parameter_and_an_unnamed_field(compat: Compat) -> None:
    """What the two states of the page differ in is told with its evidence."""
    data = compat.data("tavus@v2-replica", "tavus@v2-face", "--direction", "both")
    renames = [one for one in data["changes"] if "renamed" in one["rule"]]
    renamed = {(one["details"]["old"], one["details"]["new"]): one for one in renames}
    assert renamed.keys() == {("replica_id", "face_id"), ("persona_id", "pal_id")}
    for one in renamed.values():
        assert one["verdict"] == "breaking"
        assert one["witnessed"]
        assert any("alias" in sentence for sentence in one["evidence"])
        assert "same type: string" in one["evidence"]
        assert one["confidence"] in ("curated", "inferred")
        assert "a response shows whether" in one["unsettled"]
    rules = [one["rule"] for one in data["changes"]]
    assert "request-optional-parameter-added" in rules
    assert "response-unnamed-property-added" in rules


@pytest.mark.parametrize(
    ("served", "words"), [("v2-face", "both are sent"), ("v2-replica", "the old name is still")]
)
def test_live_settles_it(compat: Compat, served: str, words: str) -> None:
    """Responses say which revision is served, and whether a predicted break is real."""
    data = compat.data("tavus@v2-replica", "tavus@v2-face", "--live", f"tavus@{served}", "--emulator")
    valid = {one["contract"]: one["valid"] for one in data["served"]}
    assert max(valid, key=lambda name: valid[name]) == f"tavus@{served}"
    settled = [one["settled"] for one in data["changes"] if "renamed" in one["rule"]]
    assert len(settled) == 2
    assert all(words in sentence for sentence in settled)


def test_live_without_a_key_names_only_options_that_it_has(
    compat: Compat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To skip the provider is no way to ask it."""
    monkeypatch.delenv("TAVUS_API_KEY", raising=False)
    ended = compat("tavus@v2-replica", "tavus@v2-face", "--live", "tavus")
    assert ended.code == 2
    assert "set TAVUS_API_KEY" in ended.err
    assert "--allow-skip" not in ended.err


def har(*entries: tuple[str, int, Any]) -> str:
    """A HAR file's text."""
    told = [
        {
            "request": {"method": "GET", "url": url},
            "response": {"status": status, "content": {"text": json.dumps(body)}},
        }
        for url, status, body in entries
    ]
    return json.dumps({"log": {"entries": told}})


@pytest.mark.parametrize("kind", ["har", "ndjson"])
def test_recorded_responses_settle_it_and_no_value_shows(compat: Compat, kind: str) -> None:
    """Each response is held to both contracts; what it says stays with it."""
    bodies = [{"status": "held", "note": SECRET}, {"status": "on", SECRET: SECRET}]
    text = "".join(json.dumps(body) + "\n" for body in bodies)
    if kind == "har":
        text = har(*((f"https://t.example/v1/talks/{SECRET}", 200, body) for body in bodies))
    Path("seen").write_text(text)
    for form in ("text", "json", "markdown", "junit", "github", "html"):
        ended = compat(openapi(TALK), openapi(WIDER), "--recorded", "seen", "--format", form)
        assert ended.code == 1
        assert SECRET not in ended.out + ended.err
    data = compat.data(openapi(TALK), openapi(WIDER), "--recorded", "seen")
    assert data["served"] == [
        {"contract": "old.json", "valid": 1, "responses": 2},
        {"contract": "new.json", "valid": 2, "responses": 2},
    ]
    assert any("1 of 2 responses" in (one["settled"] or "") for one in data["changes"])


def test_uses_tell_apart_what_is_read(compat: Compat) -> None:
    """A change outside the uses is listed apart and fails nothing; the same inside fails."""
    Path("note").write_text("/note\n")
    Path("status").write_text("- /status\n")
    outside = compat.data(openapi(TALK), openapi(WIDER), "--uses", "note")
    assert (outside["verdict"], [one["verdict"] for one in outside["outside"]]) == ("safe", ["breaking"])
    assert compat.data(openapi(TALK), openapi(WIDER), "--uses", "status")["verdict"] == "breaking"
    assert compat.data(TALK, WIDER, "--uses", "note")["verdict"] == "safe"
    assert compat.data(TALK, WIDER, "--uses", "status")["verdict"] == "breaking"


def test_an_ignored_change_does_not_fail_until_its_day(compat: Compat) -> None:
    """An entry names rule, pointer, reason and last day; one that is over does nothing and says so."""
    changes = compat.data(openapi(TALK), openapi(WIDER))["changes"]
    (rule,) = {one["rule"] for one in changes if one["verdict"] == "breaking"}
    entry = f"- rule: {rule}\n  reason: we map it\n  until: '%s'\n"
    Path("ignore").write_text(entry % "2999-01-01")
    data = compat.data(openapi(TALK), openapi(WIDER), "--ignore", "ignore")
    assert data["verdict"] == "safe"
    assert [one["ignored"] for one in data["changes"] if one["ignored"]] == ["we map it"]
    Path("ignore").write_text(entry % "2020-01-01")
    over = compat.data(openapi(TALK), openapi(WIDER), "--ignore", "ignore")
    assert over["verdict"] == "breaking"
    assert over["notes"] == ["ignore:1: ended on 2020-01-01: it ignores nothing"]


def test_a_reader_of_ones_own(compat: Compat) -> None:
    """What a team tolerates is a file."""
    Path("ours.yaml").write_text("unknown_enum_values: true\n")
    assert compat(openapi(TALK), openapi(WIDER), "--reader", "ours.yaml").code == 0


def test_output_is_the_same_every_time(compat: Compat) -> None:
    """Byte for byte, in processes of their own with other hash seeds."""
    old, new = (compat.write(side, data) for side, data in (("old", openapi(TALK)), ("new", openapi(WIDER))))
    command = [
        sys.executable,
        "-m",
        "docsworn",
        "compat",
        old,
        new,
        "--direction",
        "both",
        "--format",
        "html",
    ]
    runs = [
        subprocess.run(command, capture_output=True, env={"PATH": "/usr/bin", "PYTHONHASHSEED": seed})
        for seed in ("1", "2")
    ]
    assert [one.returncode for one in runs] == [1, 1], runs[0].stderr
    assert runs[0].stdout == runs[1].stdout


REMOTE = {"$ref": "https://elsewhere.example/schema.json"}
SAME = openapi(TALK), openapi(TALK)
BAD: dict[str, tuple[Any, Any, tuple[str, ...], int, str]] = {
    "neither": ({"colour": "red"}, TALK, (), 2, "old.json:1: is neither an OpenAPI document"),
    "a list": ([1], TALK, (), 2, "old.json:1: is neither an OpenAPI document nor a JSON Schema"),
    "a version of the future": ({**openapi(TALK), "openapi": "9.0"}, TALK, (), 2, "nobody knows: 9.0"),
    "a schema and a document": (TALK, openapi(TALK), (), 2, "old.json is a JSON Schema and new.json"),
    "no common operation": (openapi(TALK), openapi(TALK, path="/else"), (), 2,
                            "in common: old.json has GET /talks/{id}; new.json has GET /else"),
    "an unknown operation": (openapi(TALK), openapi(TALK), ("--operation", "get_tlk"), 2,
                             'unknown operation "get_tlk": did you mean "get_talk"?'),
    "a reference to nowhere": (openapi(TALK), openapi({"$ref": "#/components/schemas/Gone"}), (), 3,
                               'new.json:1: a reference leads nowhere: "#/components/schemas/Gone"'),
    "a remote reference": (openapi(TALK), openapi(REMOTE), (), 3,
        "new.json:1: a remote reference is not fetched"),
    "a remote reference in a schema": (TALK, REMOTE, (), 3, "new.json:1: a remote reference is not fetched"),
    "an invalid schema in a document": (openapi(TALK), openapi({"enum": "on"}), (), 3, "new.json:1: "),
    "a dangling reference in a schema": (TALK, {"$ref": "#/$defs/A"}, (), 3, 'leads nowhere: "#/$defs/A"'),
    "an invalid schema": (TALK, {"type": "strong"}, (), 3, "new.json:1: is no valid schema: type is wrong"),
    "a dialect": (TALK, {"$schema": "https://x.example/d"}, (), 3, "nobody knows: https://x.example/d"),
    "a name that is nothing": ("nothing@v1", TALK, (), 2, 'unknown provider "nothing"'),
    "a pattern of a document": (openapi(TALK), openapi({"type": "string", "pattern": "[a-"}), (), 3,
                                "new.json:1: a pattern is no regular expression"),
    "a pattern of a schema": (TALK, {"pattern": "(?<x"}, (), 3, "new.json:1: a pattern is no regular"),
    "a folder": (openapi(TALK), "/", (), 2, "/: is a folder: a pack, a file"),
    "no name": (openapi(TALK), "", (), 2, "an empty name"),
    "both of standard input": ("-", "-", (), 2, "standard input is OLD or NEW, not both"),
    "a folder of uses": (*SAME, ("--uses", "/"), 2, "/: is a folder: a list of places"),
    "a folder to ignore": (*SAME, ("--ignore", "/"), 2, "/: is a folder: a list of changes"),
    "a folder of responses": (*SAME, ("--recorded", "/"), 2, "/: is a folder: a HAR"),
    "a folder as a reader": (*SAME, ("--reader", "/"), 2, "/: is a folder: a mapping"),
    "a reader that is gone": (*SAME, ("--reader", "our.yaml"), 2, "our.yaml: is not there"),
    "live and recorded": (openapi(TALK), openapi(TALK), ("--live", "tavus", "--recorded", "x"), 2,
        "exclude each other"),
    "an emulator for nothing": (openapi(TALK), openapi(TALK), ("--emulator",), 2, "go with --live"),
    "no such recording": (*SAME, ("--recorded", "gone"), 2, "gone: is not there"),
    "an unknown reader": (*SAME, ("--reader", "kind"), 2, 'unknown reader "kind"'),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_a_sentence(compat: Compat, case: str) -> None:
    """What is wrong and where, one exit code a cause, no traceback."""
    old, new, options, code, sentence = BAD[case]
    ended = compat(old, new, *options)
    assert (ended.code, ended.out) == (code, "")
    assert sentence in ended.err
    assert "fault" not in ended.err


def test_lines_of_bad_input(compat: Compat) -> None:
    """The line of a reference in a laid out document, and of JSON or YAML that is none."""
    Path("new.yaml").write_text(yaml.safe_dump(openapi({"$ref": "#/nowhere"}), sort_keys=False))
    line = Path("new.yaml").read_text().splitlines().index("                $ref: '#/nowhere'")
    ended = compat(openapi(TALK), "new.yaml")
    assert (ended.code, f"new.yaml:{line}" in ended.err or f"new.yaml:{line + 1}" in ended.err) == (3, True)
    Path("broken.json").write_text('{\n "type": }')
    assert "broken.json:2: not JSON" in compat(TALK, "broken.json").err
    Path("broken.yaml").write_text("type: [\n")
    assert "broken.yaml" in compat(TALK, "broken.yaml").err


def test_the_line_of_a_pattern_in_a_component(compat: Compat) -> None:
    """An error of the engine is told where it stands in the document, references followed."""
    named = openapi({"$ref": "#/components/schemas/Talk"})
    bad = {**named, "components": {"schemas": {"Talk": {"properties": {"a": {"pattern": "[a-"}}}}}}
    good = {**named, "components": {"schemas": {"Talk": {"properties": {"a": {"pattern": "a"}}}}}}
    Path("bad.json").write_text(json.dumps(bad, indent=1))
    line = next(at for at, row in enumerate(Path("bad.json").read_text().splitlines(), 1) if "pattern" in row)
    assert f"bad.json:{line}: a pattern is no regular expression" in compat(good, "bad.json").err


READERS: dict[str, tuple[str, str]] = {
    "no extent": (
        "unknown_fields: true\nnulls: sometimes\n",
        'our.yaml:2: "nulls" is one of none, optional, all',
    ),
    "no truth": ("unknown_fields: maybe\n", 'our.yaml:1: "unknown_fields" is true or false'),
    "no tolerance": ("nulls: all\nnil: true\n", 'unknown tolerance in our.yaml:2 "nil"'),
    "no YAML": ("[1\n", "our.yaml:2: not YAML"),
    "no mapping": ("- 1\n", "our.yaml:1: a reader file holds a mapping"),
    "no text": ("\udcff", "our.yaml:1: is no UTF-8 text"),
}


@pytest.mark.parametrize("case", READERS)
def test_a_reader_file_that_is_none(compat: Compat, case: str) -> None:
    """What is wrong with a team's own reader is told with its line."""
    text, sentence = READERS[case]
    Path("our.yaml").write_bytes(text.encode("utf-8", "surrogateescape"))
    ended = compat(openapi(TALK), openapi(TALK), "--reader", "our.yaml")
    assert (ended.code, sentence in ended.err) == (2, True), ended.err


def test_a_line_of_json_may_hold_any_character(compat: Compat) -> None:
    """Only line feeds end a line of NDJSON: U+2028 in a text does not."""
    Path("seen").write_text(json.dumps({"status": "on", "note": "a\u2028b"}, ensure_ascii=False) + "\n")
    data = compat.data(openapi(TALK), openapi(WIDER), "--recorded", "seen")
    assert [one["responses"] for one in data["served"]] == [1, 1]


def test_a_use_that_nobody_knows(compat: Compat) -> None:
    """The sentence has the file, the line and a guess."""
    Path("uses").write_text("/note\n/statos\n")
    ended = compat(openapi(TALK), openapi(WIDER), "--uses", "uses")
    assert ended.code == 2
    assert 'unknown place in uses:2 "/statos": did you mean "/status"?' in ended.err


def test_a_pattern_of_a_schema_is_no_markup(compat: Compat) -> None:
    """Names come from strangers: HTML, Markdown and workflow commands show them as text."""
    name = "<script>alert(1)</script>|::error::`x`\n::stop-commands::t"
    new = openapi({**TALK, "properties": {**TALK["properties"], name: {"type": "string"}}})  # type: ignore[dict-item]
    page = compat(new, openapi(TALK), "--format", "html").out
    assert "<script" not in page
    lines = compat(new, openapi(TALK), "--format", "github").out.splitlines()
    assert all(line.startswith(("::error title=", "::warning title=", "::notice title=")) for line in lines)
