"""The Prometheus files of the kit, held to promtool and to each other."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.exporters_kit.kit import PROMETHEUS, ROOT, RULE_TESTS, RULES, alerts, load, rules

from docsworn.export.catalogue import METRICS, Type

CONFIGURATIONS = ("prometheus.yml", "multi-target.yml")
SEVERITIES = {"page", "ticket", "warning"}


def _promtool(require: Callable[[str], str], *words: str) -> None:
    done = subprocess.run([require("promtool"), *words], capture_output=True, text=True, cwd=PROMETHEUS)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_configuration_is_valid(require: Callable[[str], str], configuration: str) -> None:
    """Prometheus takes the scrape configuration and finds its rules."""
    _promtool(require, "check", "config", configuration)


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_rules_are_clean(require: Callable[[str], str], path: Path) -> None:
    """Rules parse, and the linter has nothing to say."""
    _promtool(require, "check", "rules", "--lint=all", "--lint-fatal", str(path))


@pytest.mark.parametrize("cases", RULE_TESTS, ids=lambda path: path.stem)
def test_rules_fire_when_they_should(require: Callable[[str], str], cases: Path) -> None:
    """Alerts fire in the cases that must, and in no other."""
    _promtool(require, "test", "rules", str(cases))


def test_every_alert_has_a_case_that_fires_and_one_that_must_not() -> None:
    """No alert goes untested in either direction."""
    tests = [test for path in RULE_TESTS for test in load(path)["tests"]]
    cases = [case for test in tests for case in test["alert_rule_test"]]
    for alert in alerts():
        outcomes = {bool(case["exp_alerts"]) for case in cases if case["alertname"] == alert}
        assert outcomes == {True, False}, alert


def test_every_alert_says_how_bad_and_what_to_do() -> None:
    """Each alert has a severity that the kit knows, a summary, a description and its runbook."""
    for name, alert in alerts().items():
        assert alert["labels"]["severity"] in SEVERITIES, name
        assert set(alert["annotations"]) == {"summary", "description", "runbook_url"}, name
        assert alert["annotations"]["runbook_url"] == f"docs/runbooks.md#{name.lower()}"


def test_drift_never_pages() -> None:
    """What only warns is a warning, whatever becomes of the others."""
    assert alerts()["DocswornContractDrift"]["labels"]["severity"] == "warning"


def test_every_alert_has_its_section_in_the_runbooks() -> None:
    """A section for each alert that begins with its severity, and none for an alert that is not."""
    text = (ROOT / "docs" / "runbooks.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^### (\w+)\n\n(\w+)", text, re.MULTILINE))
    expected = {name: alert["labels"]["severity"].capitalize() for name, alert in alerts().items()}
    assert sections == expected


def test_rules_name_only_metrics_that_exist() -> None:
    """Every metric in an expression or an annotation is exported or recorded."""
    exported = {metric.exported for metric in METRICS}
    exported |= {
        f"{metric.exported}_{end}"
        for metric in METRICS
        if metric.type is Type.HISTOGRAM
        for end in ("bucket", "count", "sum")
    }
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    for rule in rules():
        text = rule["expr"] + "".join(rule.get("annotations", {}).values())
        named = set(re.findall(r"[\w:]*docsworn_\w+(?::\w+)*", text))
        assert named <= exported | recorded, rule
    assert recorded <= {name for rule in rules() for name in re.findall(r"\w+:docsworn_[\w:]+", rule["expr"])}


def test_recorded_names_have_the_three_parts() -> None:
    """Recording rules are named level:metric:operations, as Prometheus's own advice has it."""
    for rule in rules():
        if "record" in rule:
            assert re.fullmatch(r"provider_operation:docsworn_\w+:\w+", rule["record"])
