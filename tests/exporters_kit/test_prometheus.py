"""The Prometheus files of the kit, held to promtool and to each other."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from docsworn.export.catalogue import METRICS

KIT = Path(__file__).parents[2] / "exporters" / "prometheus"
RULES = sorted((KIT / "rules").glob("*.yml"))
RULE_TESTS = sorted((KIT / "tests").glob("*.yml"))


def _load(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


def _alerts() -> list[dict[str, Any]]:
    groups = [group for path in RULES for group in _load(path)["groups"]]
    return [rule for group in groups for rule in group["rules"] if "alert" in rule]


def _promtool(require: Callable[[str], str], *words: str) -> None:
    done = subprocess.run([require("promtool"), *words], capture_output=True, text=True, cwd=KIT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_configuration_is_valid(require: Callable[[str], str]) -> None:
    """Prometheus takes the scrape configuration and finds its rules."""
    _promtool(require, "check", "config", "prometheus.yml")


@pytest.mark.parametrize("rules", RULES, ids=lambda path: path.stem)
def test_rules_are_clean(require: Callable[[str], str], rules: Path) -> None:
    """Rules parse, and the linter has nothing to say."""
    _promtool(require, "check", "rules", "--lint=all", "--lint-fatal", str(rules))


@pytest.mark.parametrize("cases", RULE_TESTS, ids=lambda path: path.stem)
def test_rules_fire_when_they_should(require: Callable[[str], str], cases: Path) -> None:
    """Alerts fire in the cases that must, and in no other."""
    _promtool(require, "test", "rules", str(cases))


def test_every_alert_has_a_case_that_fires_and_one_that_must_not() -> None:
    """No alert goes untested in either direction."""
    tests = [test for path in RULE_TESTS for test in _load(path)["tests"]]
    cases = [case for test in tests for case in test["alert_rule_test"]]
    for alert in _alerts():
        outcomes = {bool(case["exp_alerts"]) for case in cases if case["alertname"] == alert["alert"]}
        assert outcomes == {True, False}, alert["alert"]


def test_every_alert_says_how_bad_and_what_to_do() -> None:
    """Each alert has a severity that the kit knows, a summary and a description."""
    for alert in _alerts():
        assert alert["labels"]["severity"] in {"page", "ticket"}, alert["alert"]
        assert set(alert["annotations"]) >= {"summary", "description"}, alert["alert"]


def test_readme_of_the_kit_lists_every_alert() -> None:
    """The table in the kit's README has each alert with its severity."""
    readme = (KIT.parent / "README.md").read_text()
    for alert in _alerts():
        assert f"| `{alert['alert']}` | {alert['labels']['severity']} |" in readme


def test_rules_name_only_metrics_that_docsworn_exports() -> None:
    """Every metric in an expression or an annotation stands in the exporter's catalogue."""
    exported = {metric.exported for metric in METRICS}
    named = {name for path in RULES for name in re.findall(r"docsworn_\w+", path.read_text())}
    assert named
    assert named <= exported
