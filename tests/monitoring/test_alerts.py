"""The whole chain, live: what goes wrong at a provider reaches the on-call, and nothing else does.

Emulators, ``docsworn watch``, Prometheus on the kit's scrape file and rules, Alertmanager on the kit's routes
and inhibition, and a webhook. Only durations are divided: a five minutes' interval is two seconds.
All stories run at once, each at a provider of its own, so that one Prometheus sees them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from tests.cli.kites import PAGE
from tests.exporters_kit.dashboard import filled, queries
from tests.monitoring.programs import (
    SAMPLE_SECONDS,
    Prometheus,
    Watch,
    alertmanager,
    prometheus,
    wait_for,
    watching,
)
from tests.monitoring.providers import LATENCY_OBJECTIVE, Page, Providers, emulated
from tests.monitoring.webhook import Told, Webhook

from docsworn.emulate.faults import Fault
from docsworn.watch.news import LINES

SCALE = 150
INTERVAL = 300 / SCALE  # seconds between two rounds
PATIENCE = 120.0  # seconds for everything that must come
NETWORK_GONE = 12.0  # seconds

Break = Callable[[Providers, Page, str], None]


def _fault(name: str, **settings: float) -> Break:
    return lambda providers, _, who: providers.fault(who, Fault(name, settings))


def _drift(identifier: str) -> Break:
    return lambda providers, _, who: providers.drift(who, identifier)


def _change_page(_: Providers, documentation: Page, __: str) -> None:
    documentation.text = PAGE.replace("enum: [calm, wild]", "enum: [calm, wild, lazy]")


@dataclass(frozen=True, slots=True)
class Story:
    """What happens to a provider, and the one alert that it must raise."""

    alert: str
    receiver: str
    happens: Break
    tls: bool = False


STORIES = {
    "down": Story("DocswornProviderDown", "pager", _fault("503")),
    "slow": Story(
        "DocswornLatencyObjectiveMissed", "tickets", _fault("latency", seconds=1.5 * LATENCY_OBJECTIVE)
    ),
    "drifted": Story("DocswornContractBroken", "tickets", _drift("get_kite:/mood:enum")),
    "odd": Story("DocswornContractDrift", "reading", _drift("get_kite::new-field")),
    "limited": Story("DocswornRateLimited", "tickets", _fault("429-seconds", retry_after=1)),
    "expired": Story("DocswornCertificateRefused", "pager", _fault("certificate-expired"), tls=True),
    "deleted": Story("DocswornFixtureGone", "tickets", _fault("html-error", status=404)),
    "documented": Story("DocswornDocumentationChanged", "tickets", _change_page),
}
# What on-call people find in the log: each once, though it lasted for many rounds.
LOGGED = (
    "down: down: get_kite: server_error (a status of 500 or above)",
    "down: up again: get_kite",
    "drifted: the contract is broken: get_kite: enum",
    "drifted: the contract is kept again: get_kite",
    "documented: the documentation says other facts than the contract",
    "documented: the documentation says the facts of the contract again",
    "limited: the pause is over",
)
WELL = "well"  # nothing ever happens to this one


@dataclass(frozen=True, slots=True)
class Chain:
    """Everything that runs."""

    providers: Providers
    documentation: Page
    prometheus: Prometheus
    webhook: Webhook
    watch: Watch


def _config(providers: Providers, documentation: Page) -> str:
    targets = {}
    for name in (*STORIES, WELL):
        targets[name] = providers.settings(name) | {"interval": INTERVAL, "deadline": 10, "concurrency": 2}
        targets[name]["budget"] = {"per_minute": 100_000, "per_day": 1_000_000}
    targets["documented"]["documentation"] = {"address": documentation.url, "interval": INTERVAL}
    return yaml.safe_dump({"contracts": str(providers.packs), "providers": targets})


@pytest.fixture
def chain(tmp_path: Path, require: Callable[[str], str]) -> Iterator[Chain]:
    """The chain, once every provider was seen to be well."""
    programs = require("prometheus"), require("prometheus-alertmanager")
    names = {name: story.tls for name, story in STORIES.items()} | {WELL: False}
    with (
        Webhook() as webhook,
        Page(PAGE, "application/yaml") as documentation,
        emulated(tmp_path, names) as providers,
        watching(tmp_path, _config(providers, documentation), providers.environment) as watch,
        alertmanager(programs[1], tmp_path / "alertmanager", webhook.address, SCALE) as routes,
        prometheus(
            programs[0],
            tmp_path / "prometheus",
            "prometheus.yml",
            {"127.0.0.1:9808": watch.address, "127.0.0.1:9093": routes},
            SCALE,
        ) as asked,
    ):
        wait_for(
            lambda: asked.number("count(docsworn_probe_success == 1)") == len(names),
            lambda: f"{asked.query('docsworn_probe_success')} {watch.log.read_text()}",
            PATIENCE,
        )
        yield Chain(providers, documentation, asked, webhook, watch)


@pytest.mark.timeout(400)
def test_each_story_raises_its_alert_and_no_other(chain: Chain) -> None:
    """Each provider goes wrong in its own way; as many alerts come and end; then our own network goes."""
    expected = {Told(story.alert, name, story.receiver) for name, story in STORIES.items()}
    for name, story in STORIES.items():
        story.happens(chain.providers, chain.documentation, name)
    _wait_until(chain, expected)
    _check_dashboard(chain.prometheus)
    chain.providers.repair()
    chain.documentation.text = PAGE
    _wait_until(chain, set())
    assert chain.webhook.told == expected
    said = chain.watch.log.read_text(encoding="utf-8")
    assert [said.count(f"{line}\n") for line in LOGGED] == [1] * len(LOGGED), said

    chain.webhook.forget()
    chain.providers.close_all(NETWORK_GONE)
    _wait_until(chain, {Told("DocswornOwnNetworkGone", None, "tickets")})
    _wait_until(chain, set())
    assert chain.webhook.told == {Told("DocswornOwnNetworkGone", None, "tickets")}
    secrets = [part for text in chain.providers.environment.values() for part in text.split(",")]
    assert len(secrets) >= 2
    assert not [body for body in chain.webhook.bodies for secret in secrets if secret.encode() in body]
    said = chain.watch.log.read_text(encoding="utf-8")
    assert not [secret for secret in secrets if secret in said]
    assert all(f"{line}\n" in said for line in LINES["network"])

    chain.webhook.forget()
    chain.watch.process.terminate()
    _wait_until(chain, {Told("DocswornExporterDown", None, "tickets")})
    assert chain.webhook.told == {Told("DocswornExporterDown", None, "tickets")}


def _wait_until(chain: Chain, firing: set[Told]) -> None:
    """Until the webhook was told that just these are firing."""
    wait_for(
        lambda: chain.webhook.firing == firing,
        lambda: (
            f"missing {sorted(map(str, firing - chain.webhook.firing))},"
            f" too much {sorted(map(str, chain.webhook.firing - firing))};"
            f" Prometheus: {[one['metric'] for one in chain.prometheus.query('ALERTS')]}"
        ),
        PATIENCE,
    )


def _check_dashboard(asked: Prometheus) -> None:
    """Every query of the Grafana dashboard returns data."""
    window = f"{4 * SAMPLE_SECONDS}s"
    empty = [
        query
        for query in queries()
        if not asked.query(filled(query, rate_interval=window, range="20s").replace("offset 5m", "offset 1m"))
    ]
    assert empty == []
