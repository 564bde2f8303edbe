"""Containers, the systemd unit and the Kubernetes manifests, held to schemas, linters and each other."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.exporters_kit.kit import EXPORTERS, PROMETHEUS, ROOT, load

PROGRAMS = Path(sys.executable).parent
KUBERNETES = sorted((EXPORTERS / "kubernetes").glob("*.yaml"))
KUBERNETES_VERSIONS = ("1.30.0", "1.37.0")
UNIT = EXPORTERS / "systemd" / "docsworn.service"
MOST_EXPOSURE = 15  # in tenths, as systemd-analyze counts: 100 is no hardening at all
CUSTOM = {"servicemonitor"}  # of the Prometheus operator: PyPI has no schema of it


def _documents() -> list[dict[str, Any]]:
    return [document for path in KUBERNETES for document in yaml.safe_load_all(path.read_text())]


def _pods() -> list[dict[str, Any]]:
    return [document for document in _documents() if document["kind"] in {"Deployment", "StatefulSet"}]


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True)


def test_compose_file_is_as_the_specification_says() -> None:
    """The schema of the Compose specification takes it."""
    done = _run(
        PROGRAMS / "check-jsonschema",
        "--builtin-schema",
        "vendor.compose-spec",
        EXPORTERS / "compose.yaml",
    )
    assert done.returncode == 0, done.stdout


def test_compose_mounts_exist_and_nothing_is_public() -> None:
    """Every file that is mounted is in the kit; ports are published on loopback, roots are read-only."""
    compose = load(EXPORTERS / "compose.yaml")
    assert set(compose["services"]) == {"docsworn", "prometheus", "alertmanager", "grafana"}
    for name, service in compose["services"].items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"]
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
        for mount in service["volumes"]:
            source = mount.split(":")[0]
            known = (EXPORTERS / source).exists() if source.startswith("./") else source in compose["volumes"]
            assert known, mount
    build = compose["services"]["docsworn"]["build"]
    assert (EXPORTERS / build["context"] / build["dockerfile"]).exists()


def test_dockerfile_is_clean() -> None:
    """hadolint has nothing to say."""
    done = _run(PROGRAMS / "hadolint", EXPORTERS / "Dockerfile")
    assert (done.returncode, done.stdout) == (0, "")


def test_dockerfile_takes_what_there_is_and_ends_as_nobody() -> None:
    """What is copied exists and is let through to the builder; the user of the last stage is not root."""
    text = (EXPORTERS / "Dockerfile").read_text()
    let_through = set(
        re.findall(r"^!(\S+)", (EXPORTERS / "Dockerfile.dockerignore").read_text(), re.MULTILINE)
    )
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists()
            assert source in let_through
    last = text.split("FROM ")[-1]
    (user,) = re.findall(r"^USER (\d+)", last, re.MULTILINE)
    assert int(user) > 0
    assert "HEALTHCHECK" in last


@pytest.mark.parametrize("version", KUBERNETES_VERSIONS)
def test_manifests_are_what_kubernetes_takes(version: str) -> None:
    """Every manifest fits the schema of Kubernetes strictly, of an older and of newer ones."""
    known = [path for path in KUBERNETES if path.stem not in CUSTOM]
    assert len(known) == len(KUBERNETES) - len(CUSTOM)
    done = _run(PROGRAMS / "kubernetes-validate", "--strict", f"--kubernetes-version={version}", *known)
    assert done.returncode == 0, done.stdout + done.stderr


def test_manifests_fit_together() -> None:
    """Services and monitors select pods that there are, by ports that they name."""
    pods = [pod["spec"]["template"] for pod in _pods()]
    for document in _documents():
        if document["kind"] == "Service":
            (chosen,) = [
                pod
                for pod in pods
                if document["spec"]["selector"].items() <= pod["metadata"]["labels"].items()
            ]
            ports = {port["name"] for port in chosen["spec"]["containers"][0]["ports"]}
            assert {port["targetPort"] for port in document["spec"]["ports"]} <= ports
        if document["kind"] == "ServiceMonitor":
            wanted = document["spec"]["selector"]["matchLabels"].items()
            (service,) = [
                one
                for one in _documents()
                if one["kind"] == "Service" and wanted <= one["metadata"]["labels"].items()
            ]
            names = {port["name"] for port in service["spec"]["ports"]}
            assert {endpoint["port"] for endpoint in document["spec"]["endpoints"]} <= names


def test_pods_may_do_nothing_but_their_work() -> None:
    """No root, no capabilities, a read-only root, no token of the cluster; asked whether they live."""
    for pod in _pods():
        spec = pod["spec"]["template"]["spec"]
        assert spec["securityContext"]["runAsNonRoot"]
        assert spec["automountServiceAccountToken"] is False
        (container,) = spec["containers"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["livenessProbe"]["httpGet"]["path"] == "/-/healthy"
        assert container["readinessProbe"]["httpGet"]["path"] == "/-/ready"


def test_as_many_shards_as_the_hash_has() -> None:
    """Prometheus's modulus is the number of replicas, and it scrapes each of them."""
    (replicas,) = [pod["spec"]["replicas"] for pod in _pods() if pod["kind"] == "StatefulSet"]
    daemon, probe = load(PROMETHEUS / "sharded.yml")["scrape_configs"]
    (modulus,) = [rule["modulus"] for rule in probe["relabel_configs"] if "modulus" in rule]
    assert modulus == replicas == len(daemon["static_configs"][0]["targets"])


def test_a_target_is_always_asked_of_the_same_shard(require: Callable[[str], str], tmp_path: Path) -> None:
    """Prometheus itself spreads a hundred targets over all shards, each at an address that is scraped."""
    config = load(PROMETHEUS / "sharded.yml")
    daemon, probe = config["scrape_configs"]
    names = [f"target-{number}" for number in range(100)]
    probe["static_configs"] = [{"targets": names}]
    file = tmp_path / "sharded.yml"
    file.write_text(yaml.safe_dump({"scrape_configs": [probe]}))
    done = _run(
        require("promtool"), "check", "service-discovery", "--timeout=1s", str(file), "docsworn_probe"
    )
    found = [one["labels"] for one in json.loads(done.stdout)]
    assert {labels["__param_target"] for labels in found} == set(names)
    assert {labels["__address__"] for labels in found} == set(daemon["static_configs"][0]["targets"])
    assert all(labels["instance"] == labels["__address__"] for labels in found)


def test_unit_is_what_systemd_takes(require: Callable[[str], str], tmp_path: Path) -> None:
    """systemd reads the unit without a word; its program is put where this machine has it."""
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text().replace("/opt/docsworn/bin/docsworn", str(PROGRAMS / "docsworn")))
    done = _run(require("systemd-analyze"), "verify", "--man=no", "--recursive-errors=no", str(copy))
    assert (done.returncode, done.stderr) == (0, "")


def test_unit_is_hardened(require: Callable[[str], str]) -> None:
    """By systemd's own measure little is left open."""
    done = _run(
        require("systemd-analyze"),
        *("security", "--offline=yes", f"--threshold={MOST_EXPOSURE}", "--no-pager", str(UNIT)),
    )
    assert done.returncode == 0, done.stdout


def test_every_way_of_running_gives_arguments_that_watch_has() -> None:
    """The options in the Dockerfile, the unit and the manifests are options of the command."""
    help_text = _run(PROGRAMS / "docsworn", "watch", "--help").stdout
    texts = [
        (EXPORTERS / "Dockerfile").read_text().split("CMD")[-1],
        *re.findall(r"^ExecStart=.+$", UNIT.read_text(), re.MULTILINE),
        *(" ".join(pod["spec"]["template"]["spec"]["containers"][0]["args"]) for pod in _pods()),
    ]
    for option in {option for text in texts for option in re.findall(r"--[a-z-]+", text)}:
        assert option in help_text, option
