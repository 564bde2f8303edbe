"""HTTPS with a certificate of the emulator's own making, and certificates that are wrong on demand."""

from __future__ import annotations

import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from docsworn.contract.packs import Provider
from docsworn.emulate.faults import Fault
from docsworn.emulate.server import Emulator
from docsworn.emulate.tls import Certificates
from docsworn.errors import ConfigError

MakeProvider = Callable[..., Provider]
KEY = {"X-Key": "anything"}
PATH = "/madeup/calls/sample-1"


def trusting(emulator: Emulator) -> ssl.SSLContext:
    """What a client that trusts the emulator checks with."""
    return ssl.create_default_context(cadata=emulator.authority.decode())


def test_https_beside_http(make_provider: MakeProvider) -> None:
    """The same answers, to those who trust its authority only."""
    with Emulator((make_provider(),), tls=True) as emulator:
        assert emulator.tls_url.startswith("https://127.0.0.1:")
        plain = httpx.get(f"{emulator.base_url}{PATH}", headers=KEY)
        for url in (emulator.tls_url, emulator.tls_url.replace("127.0.0.1", "localhost")):
            assert httpx.get(f"{url}{PATH}", headers=KEY, verify=trusting(emulator)).content == plain.content
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(f"{emulator.tls_url}{PATH}", headers=KEY)
    assert Emulator((make_provider("other"),)).tls_url == ""


@pytest.mark.parametrize(
    ("fault", "problem"),
    [("certificate-expired", "certificate has expired"), ("certificate-wrong-name", "IP address mismatch")],
)
def test_wrong_certificates(make_provider: MakeProvider, fault: str, problem: str) -> None:
    """Switched on over plain HTTP, seen on the next connection, and over again."""
    with Emulator((make_provider(),), tls=True) as emulator:
        url, trust = f"{emulator.tls_url}{PATH}", trusting(emulator)
        control = f"{emulator.base_url}/__docsworn/faults"
        assert httpx.put(control, json={"fault": fault}).status_code == 200
        with pytest.raises(httpx.ConnectError, match=problem):
            httpx.get(url, headers=KEY, verify=trust)
        assert httpx.get(f"{emulator.base_url}{PATH}", headers=KEY).status_code == 200
        httpx.delete(control)
        assert httpx.get(url, headers=KEY, verify=trust).status_code == 200


def test_a_share_of_wrong_certificates(make_provider: MakeProvider) -> None:
    """The same connections fail for the same seed."""
    with Emulator((make_provider(),), tls=True) as emulator:

        def fails() -> list[bool]:
            emulator.faults(Fault("certificate-expired", rate=0.5, seed=3))
            found = []
            for _ in range(12):
                try:
                    httpx.get(f"{emulator.tls_url}{PATH}", headers=KEY, verify=trusting(emulator))
                    found.append(False)
                except httpx.ConnectError:
                    found.append(True)
            return found

        first = fails()
        assert first == fails()
        assert len(set(first)) == 2


def test_faults_on_the_wire_of_https(make_provider: MakeProvider) -> None:
    """Resets and truncations work through TLS."""
    with Emulator((make_provider(),), tls=True) as emulator:
        url, trust = f"{emulator.tls_url}{PATH}", trusting(emulator)
        for fault in ("refused", "reset-inside-body", "truncated-body"):
            with pytest.raises(httpx.TransportError):
                httpx.get(url, headers={**KEY, "X-Docsworn-Fault": fault}, verify=trust)
        assert httpx.get(url, headers=KEY, verify=trust).status_code == 200


def test_the_authority_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    """PEM of the authority alone, no key; a folder that is not there is told."""
    certificates = Certificates(lambda: None)
    certificates.write(tmp_path / "ca.crt")
    assert "PRIVATE" not in (tmp_path / "ca.crt").read_text()
    with pytest.raises(ConfigError, match=r"ca\.crt: cannot be written: No such file"):
        certificates.write(tmp_path / "nowhere" / "ca.crt")


SERVE = """\
from pathlib import Path
from docsworn.contract.packs import load_provider
from docsworn.emulate.player import player_of
from docsworn.emulate.server import Listening, serve
serve([player_of(load_provider("madeup", (Path({root!r}),)))], Listening(tls=True))
"""


def test_the_server_of_a_person_says_where_the_certificate_is(make_provider: MakeProvider) -> None:
    """A file that is gone when the server is."""
    root = str(make_provider().directory.parent)
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE.format(root=root)], stderr=subprocess.PIPE, text=True
    )
    with process:
        assert process.stderr is not None
        process.stderr.readline()
        second = process.stderr.readline()
        url, file = second.split()[2].rstrip(","), Path(second.split(" trust ")[1].strip())
        trust = ssl.create_default_context(cafile=str(file))
        assert httpx.get(f"{url}{PATH}", headers=KEY, verify=trust).status_code == 200
        process.terminate()
        assert process.wait(5) == 0
    assert not file.exists()
