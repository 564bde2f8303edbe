"""Settings and environment become a target, or a message for the user without a secret in it."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.contract.settings import ProviderSettings
from docsworn.errors import ConfigError
from docsworn.probe.target import Key, Target, resolve_target

SETTINGS = ProviderSettings.model_validate(
    {
        "provider": "acme",
        "title": "Acme",
        "base_url": "https://api.acme.test/",
        "revisions": ["v1"],
        "current": "v1",
        "auth": {"header": "Authorization", "prefix": "Bearer ", "env": "ACME_API_KEY"},
        "operations": {"get_thing": {"id_parameter": "id", "ids_env": "ACME_THING_IDS"}},
    }
)


def test_a_target_from_the_environment() -> None:
    """The key is stripped, ids are split and each is there once."""
    target = resolve_target(
        SETTINGS, {"ACME_API_KEY": " key-1 \n", "ACME_THING_IDS": "a, b,,a ,c d"}, base_url=None
    )
    assert target.key is not None
    assert target.key.reveal() == "key-1"
    assert target.ids == ("a", "b", "c d")
    assert (target.base_url, target.host) == ("https://api.acme.test", "api.acme.test")
    assert target.ids_env == "ACME_THING_IDS"


def test_nothing_in_the_environment() -> None:
    """No key and no ids are no mistake yet."""
    target = resolve_target(SETTINGS, {"ACME_API_KEY": "  ", "ACME_THING_IDS": " , "})
    assert (target.key, target.ids) == (None, ())


def test_a_key_from_a_file(tmp_path: Path) -> None:
    """``…_FILE`` names it; the variable itself comes first."""
    path = tmp_path / "key"
    path.write_text("key-2\n")
    environ = {"ACME_API_KEY_FILE": str(path)}
    assert resolve_target(SETTINGS, environ).key == Key("key-2")
    assert resolve_target(SETTINGS, {**environ, "ACME_API_KEY": "key-1"}).key == Key("key-1")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "http://api.acme.test",
            'plain http would show the key to the network: use https for "api.acme.test"',
        ),
        ("http://localhost.acme.test:80", "plain http would show the key"),
        ("http://127.0.0.1.acme.test", "plain http would show the key"),
        ("http://10.0.0.1", "plain http would show the key"),
        ("ftp://api.acme.test", "begins with https:// and names a host"),
        ("api.acme.test", "begins with https:// and names a host"),
        ("https://", "begins with https:// and names a host"),
        ("https://a:secret@api.acme.test", "holds a user or a password"),
        ("https://api.acme.test/?key=secret", "holds a query or a fragment"),
        ("https://api.acme.test/#secret", "holds a query or a fragment"),
        ("https://api.acme.test:secret", "cannot be read"),
        ("https://[::1", "cannot be read"),
        ("https://api.acme.test/a b", "holds a space or a control character"),
    ],
)
def test_bad_base_urls(url: str, message: str) -> None:
    """Each names the mistake, none repeats what may be a secret."""
    with pytest.raises(ConfigError) as caught:
        resolve_target(SETTINGS, {}, base_url=url)
    assert message in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://127.0.0.1:8808", "127.0.0.1:8808"),
        ("http://localhost:1/", "localhost:1"),
        ("http://[::1]:1", "[::1]:1"),
        ("https://Proxy.acme.test/prefix/", "proxy.acme.test"),
    ],
)
def test_good_base_urls(url: str, host: str) -> None:
    """Plain http is for loopback; the host is the label of the history."""
    target = resolve_target(SETTINGS, {}, base_url=url)
    assert (target.base_url, target.host) == (url.rstrip("/"), host)


@pytest.mark.parametrize("key", ["a b", "Bearer secret", "a\nb", "a\x00b", "clé", "a\x7fb", "x\u2028y"])
def test_keys_that_cannot_stand_in_a_header(key: str) -> None:
    """The variable is named, the key is not shown."""
    with pytest.raises(ConfigError) as caught:
        resolve_target(SETTINGS, {"ACME_API_KEY": key})
    assert str(caught.value).startswith("ACME_API_KEY: the key holds a space, a control or a non-ASCII")
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "ACME_API_KEY_FILE: the file cannot be read: No such file or directory"),
        (b"\xff\xfe", "ACME_API_KEY_FILE: the file is not UTF-8 text"),
        (b"two words", "ACME_API_KEY_FILE: the key holds a space"),
    ],
)
def test_bad_key_files(tmp_path: Path, content: bytes | None, message: str) -> None:
    """The variable that named the file is named."""
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        resolve_target(SETTINGS, {"ACME_API_KEY_FILE": str(path)})
    assert str(caught.value).startswith(message)


def test_a_bad_ca_is_found_before_anything_is_sent(tmp_path: Path) -> None:
    """As a configuration mistake."""
    with pytest.raises(ConfigError, match=r"--ca missing\.pem: cannot be read"):
        resolve_target(SETTINGS, {}, ca=tmp_path / "missing.pem")


@given(secret=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=6))
def test_a_key_never_shows(secret: str) -> None:
    """Not alone, not in a target, not in a format string, not in a pickle."""
    secret = f"Zq7{secret}"
    key = Key(secret)
    target = resolve_target(SETTINGS, {"ACME_API_KEY": secret, "ACME_THING_IDS": "Zq7-id"})
    shown: list[Any] = [repr(key), str(key), f"{key}", "%s" % key, repr(target), str(target), repr([target])]  # noqa: UP031
    assert all("Zq7" not in text for text in shown)
    assert target.key == key
    for way in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match="a key is not pickled"):
            way(key)


def test_targets_are_values() -> None:
    """The same environment gives an equal target."""
    environ = {"ACME_API_KEY": "k", "ACME_THING_IDS": "a"}
    first: Target = resolve_target(SETTINGS, environ)
    assert first == resolve_target(SETTINGS, environ)
    assert hash(first.key) == hash(Key("k"))
