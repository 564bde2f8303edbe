"""The configuration file: every mistake at once, each with file, line and what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.errors import ConfigError
from docsworn.export.cardinality import most_series
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
    assert found.missing == ()


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
        "docsworn.yaml:19: /providers/new: plain http would show the key to the network: use https for"
        ' "api.kites.example"',
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
        ("contracts: own\nmodules: {default: {}}\nproviders: {kites: {}}\n", "docsworn.yaml:1: the file: "),
        (
            "contracts: own\nproviders: {kites: {ca: nothing.pem}}\n",
            "docsworn.yaml:2: /providers/kites: --ca",
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
    assert configure(GOOD, KITES_API_KEY="").missing == (
        "kites: no key: set KITES_API_KEY or KITES_API_KEY_FILE",
    )


def test_the_most_series_are_a_sum_over_the_catalogue(configure: Configure) -> None:
    """More revisions and objectives cost more series, one each."""
    contract = configure(GOOD).targets[0].contract
    assert 150 < most_series(contract, 1) < 250
    assert most_series(contract, 2) == most_series(contract, 1) + 1
    assert most_series(contract, 1, objectives=3) == most_series(contract, 1) + 2


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
    assert problems(configure, "contracts: own\nproviders:\n  kites: hello\n  spare: {checks: status}\n") == [
        "docsworn.yaml:3: /providers/kites: write keys and values here, as {key: value}",
        "docsworn.yaml:4: /providers/spare/checks: write a list here, as [one, two]",
    ]
