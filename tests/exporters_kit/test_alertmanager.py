"""The Alertmanager file of the kit, held to amtool and to the rules."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable

import pytest
from tests.exporters_kit.kit import EXPORTERS, alerts, load

FILE = EXPORTERS / "alertmanager" / "alertmanager.yml"
RECEIVERS = {"page": "pager", "ticket": "tickets", "warning": "reading"}


def _amtool(require: Callable[[str], str], *words: str) -> str:
    done = subprocess.run([require("amtool"), *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_configuration_is_valid(require: Callable[[str], str]) -> None:
    """Alertmanager takes the configuration."""
    _amtool(require, "check-config", str(FILE))


@pytest.mark.parametrize(("severity", "receiver"), RECEIVERS.items())
def test_each_severity_has_its_receiver(require: Callable[[str], str], severity: str, receiver: str) -> None:
    """A page goes to the pager and to nobody else, and so on."""
    said = _amtool(require, "config", "routes", "test", f"--config.file={FILE}", f"severity={severity}")
    assert said.split() == [receiver]


def test_inhibition_names_alerts_that_exist() -> None:
    """Each matcher of an inhibition matches an alert of the rules, and none inhibits itself or is mutual."""
    pairs = set()
    for rule in load(FILE)["inhibit_rules"]:
        sources, targets = _matched(rule["source_matchers"]), _matched(rule["target_matchers"])
        assert sources
        assert targets
        pairs |= {(source, target) for source in sources for target in targets}
    assert not {(target, source) for source, target in pairs} & pairs


def test_down_inhibits_latency_and_contract() -> None:
    """Who is down is not said to be slow, nor to break promises, nor to burn its budget."""
    (rule,) = [
        one
        for one in load(FILE)["inhibit_rules"]
        if _matched(one["source_matchers"]) == {"DocswornProviderDown"}
    ]
    targets = _matched(rule["target_matchers"])
    assert {"DocswornLatencyObjectiveMissed", "DocswornContractBroken", "DocswornContractDrift"} <= targets
    assert {name for name in alerts() if "Burn" in name} <= targets
    assert rule["equal"] == ["provider", "operation"]


def _matched(matchers: list[str]) -> set[str]:
    (matcher,) = matchers
    found = re.fullmatch(r'alertname =~? "?([^"]+)"?', matcher)
    assert found, matcher
    return {name for name in alerts() if re.fullmatch(found[1], name)}
