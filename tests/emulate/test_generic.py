"""A provider that is only a folder: routes, default conversations and refusals come from its contract."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from docsworn.contract.packs import Provider
from docsworn.emulate.server import Emulator
from docsworn.errors import ConfigError, ContractError, UnknownNameError

MakeProvider = Callable[..., Provider]
KEY = {"X-Key": "anything"}
ERROR = {"type": "object", "required": ["why"], "properties": {"why": {"type": "string"}}}
WITH_ERROR = {"description": "", "content": {"application/json": {"schema": ERROR}}}
EMPTY = {"description": ""}


def test_a_folder_is_emulated_without_code(make_provider: MakeProvider) -> None:
    """Two conversations are drawn, each bears its own id, and the listing names them."""
    with Emulator((make_provider(),)) as emulator, httpx.Client(base_url=emulator.base_url) as client:
        assert emulator.ids("madeup") == ("sample-1", "sample-2")
        first, second = (client.get(f"/madeup/calls/{each}", headers=KEY) for each in emulator.ids("madeup"))
        listed = client.get("/__docsworn/").json()["providers"]["madeup"]["scenarios"]
    assert first.status_code == second.status_code == 200
    assert first.headers["content-type"] == "application/json"
    assert (first.json()["id"], second.json()["id"]) == ("sample-1", "sample-2")
    assert first.json()["started_at"] != second.json()["started_at"]
    assert listed[0] == {"id": "sample-1", "name": "sample-1", "path": "/madeup/calls/sample-1"}


def test_default_ids_follow_the_pattern(make_provider: MakeProvider) -> None:
    """The ids of drawn conversations are such as the id parameter takes."""
    provider = make_provider(id_schema={"type": "string", "pattern": "^call_[0-9a-f]{12}$"})
    ids = Emulator((provider,)).ids("madeup")
    assert len(set(ids)) == 2
    assert all(re.fullmatch("call_[0-9a-f]{12}", each) for each in ids)


def test_an_id_that_is_a_number(make_provider: MakeProvider) -> None:
    """It is one in the body too; what is no number is malformed, another number unknown."""
    number = {"type": "integer", "minimum": 10, "maximum": 99}
    schema = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
    with Emulator((make_provider(id_schema=number, schema=schema),)) as emulator:
        path = emulator.conversations("madeup")[0].path
        answer = httpx.get(f"{emulator.base_url}{path}", headers=KEY)
        assert answer.json()["id"] == int(emulator.ids("madeup")[0])
        assert "not an id" in httpx.get(f"{emulator.base_url}/madeup/calls/x", headers=KEY).text
        assert "not an id" in httpx.get(f"{emulator.base_url}/madeup/calls/9", headers=KEY).text
        free = next(each for each in range(10, 99) if str(each) not in emulator.ids("madeup"))
        assert "nothing has" in httpx.get(f"{emulator.base_url}/madeup/calls/{free}", headers=KEY).text


@pytest.mark.parametrize(
    "told",
    [
        {"type": "string", "pattern": "^parcel_[0-9a-f]{8}$"},
        {"type": "integer", "minimum": 1},
        {"type": "string", "format": "uuid"},
        {"anyOf": [{"type": "string", "format": "uuid"}, {"type": "null"}]},
        {"allOf": [{"$ref": "#/components/schemas/ParcelId"}]},
    ],
)
def test_ids_that_only_the_body_constrains(make_provider: MakeProvider, told: dict[str, Any]) -> None:
    """The ids fit the place of the id in the body, where the path takes any text."""
    schema = {"type": "object", "required": ["id"], "properties": {"id": told}}
    with Emulator((make_provider(schema=schema),)) as emulator:
        ids = emulator.ids("madeup")
        assert len(ids) == 2
        for each in ids:
            answer = httpx.get(f"{emulator.base_url}/madeup/calls/{each}", headers=KEY)
            assert (answer.status_code, str(answer.json()["id"])) == (200, each)


def test_an_id_that_fits_nowhere(make_provider: MakeProvider) -> None:
    """Path and body that want different ids are told, with the file that there is."""
    schema = {"type": "object", "properties": {"id": {"type": "integer"}}}
    with pytest.raises(ContractError, match=r"^madeup/v1/openapi.json: the id: none fits both .* and /id"):
        Emulator((make_provider(id_schema={"enum": ["a", "b"]}, schema=schema),))


def test_an_id_of_one_value(make_provider: MakeProvider) -> None:
    """Where only one id is possible there is one conversation."""
    provider = make_provider(id_schema={"enum": ["only/one"]})
    with Emulator((provider,)) as emulator:
        (conversation,) = emulator.conversations("madeup")
        assert conversation.path == "/madeup/calls/only%2Fone"
        answer = httpx.get(f"{emulator.base_url}{conversation.path}", headers=KEY)
    assert answer.json()["id"] == "only/one"


def test_parameters_beside_the_id(make_provider: MakeProvider) -> None:
    """They hold a drawn value in the listed path, and take any."""
    provider = make_provider(
        path="/{room}/calls/{call-id}.json",
        beside_id={"room": {"type": "string", "enum": ["north"]}},
    )
    with Emulator((provider,)) as emulator:
        path = emulator.conversations("madeup")[0].path
        assert path == "/north/calls/sample-1.json"
        for each in (path, path.replace("north", "south")):
            assert httpx.get(f"{emulator.base_url}{each}", headers=KEY).json()["id"] == "sample-1"


def test_unnamed_fields_come_with_their_query_only(make_provider: MakeProvider) -> None:
    """A field without a name on the page is served under its first candidate, when it is asked for."""
    with Emulator((make_provider(),)) as emulator:
        url = f"{emulator.base_url}/madeup/calls/sample-1"
        plain, verbose = (
            httpx.get(url, headers=KEY, params=query).json() for query in ({}, {"verbose": "true"})
        )
        other = httpx.get(url, headers=KEY, params={"verbose": "false"}).json()
    assert "extras" not in plain
    assert plain == other == {name: value for name, value in verbose.items() if name != "extras"}
    assert "details" not in verbose


def test_bytes_are_the_same_for_a_seed(make_provider: MakeProvider) -> None:
    """Two emulators of one seed answer the same bytes, one of another seed others."""
    provider, bodies = make_provider(), []
    for seed in (3, 3, 4):
        with Emulator((provider,), seed=seed) as emulator:
            bodies.append(httpx.get(f"{emulator.base_url}/madeup/calls/sample-1", headers=KEY).content)
    assert bodies[0] == bodies[1] != bodies[2]


@pytest.mark.parametrize(
    ("responses", "no_key", "wrong_key", "unknown"),
    [
        ({}, 401, 401, 404),
        ({"401": WITH_ERROR, "404": WITH_ERROR}, 401, 401, 404),
        ({"403": EMPTY, "400": WITH_ERROR}, 403, 403, 400),
        ({"422": WITH_ERROR}, 422, 401, 422),
    ],
)
def test_refusals_are_as_documented(
    make_provider: MakeProvider, responses: dict[str, Any], no_key: int, wrong_key: int, unknown: int
) -> None:
    """Statuses come from the documented ones, bodies from their schemas."""
    with Emulator((make_provider(responses=responses),)) as emulator:
        url = f"{emulator.base_url}/madeup/calls/"
        answers = {
            no_key: httpx.get(f"{url}sample-1"),
            wrong_key: httpx.get(f"{url}sample-1", headers={"x-key": "invalid-key"}),
            unknown: httpx.get(f"{url}nobody", headers=KEY),
        }
        blank = httpx.get(f"{url}sample-1", headers={"x-key": ""})
    assert blank.status_code == no_key
    for status, answer in answers.items():
        assert answer.status_code == status
        documented = responses.get(str(status), EMPTY)
        assert list(answer.json()) == (["why"] if documented is WITH_ERROR else ["error"])


def test_unknown_paths_and_methods_get_json(make_provider: MakeProvider) -> None:
    """404 and 405 with a sentence; a key is not asked for."""
    with Emulator((make_provider(),)) as emulator:
        lost = httpx.get(f"{emulator.base_url}/nowhere")
        post = httpx.post(f"{emulator.base_url}/madeup/calls/sample-1", headers=KEY)
        odd = httpx.request("PROPFIND", f"{emulator.base_url}/madeup/calls/sample-1", headers=KEY)
        slash = httpx.get(f"{emulator.base_url}/madeup/calls/a/b", headers=KEY)
    assert [each.status_code for each in (lost, post, odd, slash)] == [404, 405, 405, 404]
    assert "no operation has this path" in lost.json()["error"]
    assert post.json() == {"error": "the operation at this path has other methods"}
    assert post.headers["allow"] == "GET"


def test_a_good_status_without_a_body(make_provider: MakeProvider) -> None:
    """Where no body is documented, none is sent."""
    with Emulator((make_provider(good={"204": EMPTY}, identity=False),)) as emulator:
        answer = httpx.get(f"{emulator.base_url}/madeup/calls/sample-1", headers=KEY)
    assert (answer.status_code, answer.content) == (204, b"")


def test_two_providers_on_one_port(make_provider: MakeProvider) -> None:
    """Paths that do not collide are served beside each other, paths that do are refused."""
    one, two = make_provider("one"), make_provider("two")
    with Emulator((one, two)) as emulator:
        for name in ("one", "two"):
            assert httpx.get(f"{emulator.base_url}/{name}/calls/sample-1", headers=KEY).status_code == 200
    clash = make_provider("clash", path="/one/calls/{call-id}")
    with pytest.raises(ConfigError, match="one and clash both serve GET /one/calls/"), Emulator((one, clash)):
        pass


def test_a_port_that_is_taken(make_provider: MakeProvider) -> None:
    """The second server says so in a sentence."""
    with Emulator((make_provider(),)) as emulator:
        port = int(emulator.base_url.rpartition(":")[2])
        with pytest.raises(ConfigError, match=rf"cannot listen on 127.0.0.1:{port}: the port is taken"):
            Emulator((make_provider("other"),), port=port).__enter__()


def test_unknown_names(make_provider: MakeProvider) -> None:
    """Providers and revisions that nobody knows are errors with a guess."""
    provider = make_provider()
    with pytest.raises(UnknownNameError, match='did you mean "madeup"'):
        Emulator((provider,)).ids("madeupp")
    with pytest.raises(UnknownNameError, match='unknown revision of madeup "v9"'):
        Emulator((provider,), revisions={"madeup": "v9"})
    with pytest.raises(UnknownNameError, match='unknown provider "madeip"'):
        Emulator((provider,), revisions={"madeip": "v1"})


def test_a_contract_that_cannot_be_drawn(make_provider: MakeProvider) -> None:
    """A body that nobody can make up is asked for."""
    schema = {"type": "object", "properties": {"id": {"type": "string"}, "a": False}, "required": ["id", "a"]}
    with pytest.raises(ContractError, match=r"^madeup/v1/openapi.json: .*/a; write a scenarios.yaml"):
        Emulator((make_provider(schema=schema),))
    told = make_provider("told", schema=schema, scenarios="operations: {}\n")
    with pytest.raises(ContractError, match=r"^told/scenarios.yaml: .*nothing is allowed at /a; say what"):
        Emulator((told,))
