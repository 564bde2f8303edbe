"""The configuration file: every mistake at once, each with file, line and what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from docsworn.errors import ConfigError
from docsworn.export.cardinality import most_series
from docsworn.export.config_doc import FILES
from docsworn.watch.config import OWN_MODULE
from docsworn.watch.configfile import read_config
from docsworn.watch.targets import Configured, configured
from tests.cli.kites import write_kites
from tests.watch.kites import ENVIRONMENT, KEY

GOOD = """\
contracts: own
listen: 127.0.0.1:0
history: state/history.db
connectivity: [one.one.one.one:443]
modules:
  quick: {checks: [status], error_contract: never, deadline: 2}
providers:
  kites:
    base_url: http://127.0.0.1:9
    interval: 60
  spare:
    contract: kites
    revision: v1
    scheduled: false
    min_interval: 25
    key_env: SPARE_KEY
    ids_env: SPARE_IDS
    documentation: {address: "https://docs.kites.example/kite", interval: 3600}
"""

Configure = Callable[..., Configured]


@pytest.fixture
def configure(tmp_path: Path) -> Configure:
    """Reads a text as ``docsworn.yaml``, beside the pack of kites."""
    write_kites(tmp_path)

    def read(text: str, **environ: str) -> Configured:
        file = tmp_path / "docsworn.yaml"
        file.write_text(text, encoding="utf-8")
        return configured(read_config(file), {**ENVIRONMENT, "SPARE_KEY": "s", **environ})

    return read


def problems(configure: Configure, text: str, **environ: str) -> list[str]:
    """What is said about a file that is wrong."""
    with pytest.raises(ConfigError) as caught:
        configure(text, **environ)
    assert KEY not in str(caught.value)
    return str(caught.value).splitlines()


def test_a_file_becomes_targets(configure: Configure, tmp_path: Path) -> None:
    """Names, places, keys and rhythm are those of the file; the rest is the pack's."""
    found = configure(GOOD, SPARE_IDS="s1")
    kites, spare = found.targets
    assert (kites.name, kites.interval_seconds, kites.min_interval_seconds) == ("kites", 60, 120)
    assert (kites.target.ids, kites.target.budget.per_minute) == (("k1", "k2", "k3"), 30)
    assert (spare.name, spare.interval_seconds, spare.min_interval_seconds) == ("spare", None, 25)
    assert (spare.target.ids, spare.target.auth.env) == (("s1",), "SPARE_KEY")
    assert spare.page == ("https://docs.kites.example/kite", 3600)
    assert kites.contract is spare.contract
    quick, own = kites.modules["quick"], kites.modules[OWN_MODULE]
    assert ([check.name for check in quick.checks], quick.error_seconds, quick.deadline_seconds) == (
        ["status"], None, 2.0,
    )  # fmt: skip
    assert (own.error_seconds, own.deadline_seconds) == (86_400.0, 20.0)
    assert found.file.path(found.config.history) == tmp_path / "state" / "history.db"
    assert found.missing == {}


def test_every_mistake_is_told_at_once(configure: Configure) -> None:
    """Mistakes of layout and of meaning, in all targets, in the order of the file."""
    text = """\
contracts: own
listem: 127.0.0.1:0
modules:
  quick: {checks: [statsu]}
providers:
  kites:
    intervall: 60
    jitter: 2
  keys:
    contract: kites
    key_env: sk-live-0123456789
    ids: k1
  odd:
    contract: kits
  old:
    contract: kites
    revision: v0
    base_url: http://api.kites.example
  new:
    contract: kites
    base_url: http://api.kites.example
"""
    assert problems(configure, text) == [
        'docsworn.yaml:2: unknown key "listem" in the file: did you mean "listen"?',
        'docsworn.yaml:4: /modules/quick/checks: unknown check "statsu": did you mean "status"?',
        'docsworn.yaml:7: unknown key "intervall" in /providers/kites: did you mean "interval"?',
        "docsworn.yaml:8: /providers/kites/jitter: input should be less than or equal to 1",
        "docsworn.yaml:11: /providers/keys/key_env: write the NAME of an environment variable here, such as"
        " TAVUS_API_KEY, and never what it holds",
        'docsworn.yaml:12: unknown key "ids" in /providers/keys: no id stands in this file; write ids_env and'
        " the NAME of an environment variable",
        'docsworn.yaml:14: /providers/odd/contract: unknown provider "kits": did you mean "kites"?',
        'docsworn.yaml:17: /providers/old/revision: unknown revision of kites "v0": did you mean "v1"?',
        "docsworn.yaml:18: /providers/old/base_url: plain http would show the key to the network: use https"
        ' for "api.kites.example"',
        "docsworn.yaml:21: /providers/new/base_url: plain http would show the key to the network: use https"
        ' for "api.kites.example"',
    ]


@pytest.mark.parametrize(
    "secret",
    [
        KEY,
        "sk_live_0123456789",
        "AKIAIOSFODNN7EXAMPLE",
        "eyJhbGciOiJIUzI1NiJ9.e30.abc",
        "TAVUS-API-KEY",
        "A" * 65,
        "0123456789ABCDEF0123456789ABCDEF",
    ],
)
@pytest.mark.parametrize("place", ["key_env", "ids_env"])
def test_a_secret_in_place_of_a_name_is_refused(configure: Configure, secret: str, place: str) -> None:
    """What does not look like the name of a variable is not repeated either."""
    (line,) = problems(configure, f"contracts: own\nproviders:\n  kites:\n    {place}: {secret}\n")
    assert line.startswith(f"docsworn.yaml:4: /providers/kites/{place}: write the NAME")
    assert secret not in line


@pytest.mark.parametrize("key", ["key", "api_key", "token", "secret", "password"])
def test_a_key_in_the_file_is_refused(configure: Configure, key: str) -> None:
    """Whoever writes the key itself is told where it belongs."""
    (line,) = problems(configure, f"contracts: own\nproviders:\n  kites:\n    {key}: {KEY}\n")
    assert line.endswith("no key stands in this file; write key_env and the NAME of an environment variable")


def test_a_user_in_the_url_is_refused(configure: Configure) -> None:
    """A password in an address is a secret as well."""
    (line,) = problems(
        configure,
        "contracts: own\nproviders:\n  kites:\n    base_url: https://me:pass1234@api.kites.example\n",
    )
    assert line.startswith("docsworn.yaml:4: /providers/kites/base_url: ")
    assert "pass1234" not in line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "docsworn.yaml: the document is empty"),
        ("providers: {", "docsworn.yaml:2: not YAML"),
        ("- a\n", "docsworn.yaml:1: the file: "),
        ("contracts: own\nproviders: {}\n", "docsworn.yaml:2: /providers: "),
        ("contracts: own\n", "docsworn.yaml:1: /providers: field required"),
        ("contracts: nowhere\nproviders: {kites: {}}\n", "docsworn.yaml:1: "),
        (
            "contracts: own\nmodules: {default: {}}\nproviders: {kites: {}}\n",
            "docsworn.yaml:2: /modules/default: ",
        ),
        (
            "contracts: own\nproviders: {kites: {ca: nothing.pem}}\n",
            "docsworn.yaml:2: /providers/kites/ca: nothing.pem: cannot be read: ",
        ),
        (
            "contracts: own\nconnectivity: [here]\nproviders: {kites: {}}\n",
            "docsworn.yaml:2: /connectivity/0",
        ),
        (
            "contracts: own\nproviders: {kites: {documentation: {}}}\n",
            "docsworn.yaml:2: /providers/kites/docu",
        ),
        (
            "contracts: own\nproviders: {kites: {interval: .inf}}\n",
            "docsworn.yaml:2: /providers/kites/interv",
        ),
    ],
)
def test_what_is_no_configuration_is_told(configure: Configure, text: str, said: str) -> None:
    """One sentence with its line, and never a traceback."""
    assert problems(configure, text)[0].startswith(said)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The name is in the message."""
    with pytest.raises(ConfigError, match=r"^docsworn\.yaml: cannot be read: No such file"):
        read_config(tmp_path / "docsworn.yaml")


def test_a_missing_key_is_told_apart(configure: Configure) -> None:
    """A configuration may be checked where the keys are not at hand."""
    said = "docsworn.yaml:8: /providers/kites: no key: set KITES_API_KEY or KITES_API_KEY_FILE"
    assert configure(GOOD, KITES_API_KEY="").missing == {"kites": said}


def test_the_most_series_are_a_sum_over_the_catalogue(configure: Configure) -> None:
    """More revisions and objectives cost more series, one each."""
    contract = configure(GOOD).targets[0].contract
    assert 150 < most_series(contract, 1) < 250
    assert most_series(contract, 2) == most_series(contract, 1) + 1
    assert most_series(contract, 1, objectives=3) == most_series(contract, 1) + 2


@settings(deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_is_a_configuration_or_an_error(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever stands in the file, nothing else is raised."""
    file = tmp_path_factory.mktemp("any") / "docsworn.yaml"
    file.write_text(text, encoding="utf-8", errors="replace")
    with pytest.raises(ConfigError):
        configured(read_config(file), {})


def test_a_module_costs_no_more_than_its_target(configure: Configure) -> None:
    """Where a module says nothing about turns and queries, it has those of the target that is probed."""
    text = """\
contracts: own
modules:
  quick: {checks: [status]}
  own: {cases_per_round: 2, scenarios: [{wind: weak}]}
providers:
  kites: {cases_per_round: 1, scenarios: [{}, {wind: strong}]}
"""
    (kites,) = configure(text).targets
    quick, own = kites.modules["quick"], kites.modules["own"]
    assert (quick.at_once, quick.scenarios) == (1, ({}, {"wind": "strong"}))
    assert (own.at_once, own.scenarios) == (2, ({"wind": "weak"},))


def test_what_has_the_wrong_shape_is_told_in_words(configure: Configure) -> None:
    """No name of our code and no word of Python: what to write instead."""
    assert problems(
        configure, "contracts: own\nproviders:\n  kites: hello\n  spare: {contract: kites, checks: status}\n"
    ) == [
        "docsworn.yaml:3: /providers/kites: write keys and values here, as {key: value}",
        "docsworn.yaml:4: /providers/spare/checks: write a list here, as [one, two]",
    ]


TWENTY = """\
contracts: own
listen: 9808
threads: true
history_days: -1
connectivity: [here]
modules:
  default: {}
  quick: {checks: [statsu, 5], deadline: 301}
providers:
  Kites EU: {contract: kites, interval: soon}
  kites:
    interval: 60
    budget: {per_day: true, per_hour: 3}
    revision: v0
    ca: nothing.pem
    base_url: http://api.kites.example
    checks: [body_shema, statsu]
    error_contract: weekly
    interval: .inf
    scenarios: [{windy: true}]
    key: sk-live-0123456789
  spare:
    revision: V1
    documentation: {}
  third: {contract: kites, documentation: {}, key_env: THIRD_KEY}
listen: localhost:1
"""


def test_twenty_mistakes_are_told_at_once(configure: Configure) -> None:
    """None hides another: those of layout, names, numbers, files, packs and checks, in the order of lines."""
    assert problems(configure, TWENTY) == [
        "docsworn.yaml:3: /threads: write a number here, not true or false",
        "docsworn.yaml:4: /history_days: input should be greater than 0",
        "docsworn.yaml:5: /connectivity/0: write HOST:PORT, such as one.one.one.one:443",
        'docsworn.yaml:7: /modules/default: "default" is what a target says itself: give the'
        " module another name",
        "docsworn.yaml:8: /modules/quick/checks/1: write text here, in quotes where it looks like"
        " a number or like true",
        'docsworn.yaml:8: /modules/quick/checks: unknown check "statsu": did you mean "status"?',
        "docsworn.yaml:8: /modules/quick/deadline: input should be less than or equal to 300",
        "docsworn.yaml:10: /providers/*/interval: input should be a valid number, unable to parse"
        " string as a number",
        'docsworn.yaml:10: /providers/*: a name has lower case letters, digits, "_", "." and "-",'
        " and begins with a letter or a digit",
        "docsworn.yaml:13: /providers/kites/budget/per_day: write a number here, not true or false",
        'docsworn.yaml:13: unknown key "per_hour" in /providers/kites/budget: did you mean "per_minute"?',
        'docsworn.yaml:14: /providers/kites/revision: unknown revision of kites "v0": did you mean "v1"?',
        "docsworn.yaml:15: /providers/kites/ca: nothing.pem: cannot be read: No such file or directory",
        "docsworn.yaml:16: /providers/kites/base_url: plain http would show the key to the"
        ' network: use https for "api.kites.example"',
        'docsworn.yaml:17: /providers/kites/checks: unknown check "body_shema": did you mean "body_schema"?',
        'docsworn.yaml:17: /providers/kites/checks: unknown check "statsu": did you mean "status"?',
        "docsworn.yaml:18: /providers/kites/error_contract: input should be 'daily', 'never' or 'always'",
        "docsworn.yaml:19: /providers/kites/interval: input should be a valid number, unable to"
        " parse string as a number",
        'docsworn.yaml:19: the key "interval" stands twice (first in line 12): write it once',
        "docsworn.yaml:20: /providers/kites/scenarios/0/windy: write text here, in quotes where it"
        " looks like a number or like true",
        "docsworn.yaml:20: /providers/kites/scenarios: write at least one here",
        'docsworn.yaml:21: unknown key "key" in /providers/kites: no key stands in this file;'
        " write key_env and the NAME of an environment variable",
        'docsworn.yaml:22: /providers/spare: unknown provider "spare": known: elevenlabs, kites,'
        " speechify, tavus; write contract and the NAME of the pack",
        'docsworn.yaml:23: /providers/spare/revision: a name has lower case letters, digits, "_",'
        ' "." and "-", and begins with a letter or a digit',
        "docsworn.yaml:25: /providers/third/documentation: the recipe of the contract names no"
        " address: write address here",
        'docsworn.yaml:26: the key "listen" stands twice (first in line 2): write it once',
    ]


def number_fields() -> Iterator[tuple[type[BaseModel], str]]:
    """Every number that a file of ours may hold."""
    waiting: list[type[BaseModel]] = list(FILES.values())
    for model in waiting:
        for name, schema in model.model_json_schema()["properties"].items():
            branches = [one.get("type") for one in schema.get("anyOf", [schema])]
            if {"integer", "number"} & set(branches):
                yield model, name
        held = [part for field in model.model_fields.values() for part in flat(field.annotation)]
        waiting += [part for part in held if isinstance(part, type) and issubclass(part, BaseModel)]


def flat(annotation: object) -> Iterator[object]:
    """An annotation and all that it is made of."""
    yield annotation
    for part in get_args(annotation):
        yield from flat(part)


def test_true_is_no_number() -> None:
    """A budget of ``true`` would be one request: no number of any file takes it."""
    fields = list(number_fields())
    assert len(fields) > 15
    for model, name in fields:
        with pytest.raises(ValidationError) as caught:
            model.model_validate({name: True})
        said = [one["msg"] for one in caught.value.errors() if one["loc"] == (name,)]
        assert said == ["Value error, write a number here, not true or false"], (model, name)
