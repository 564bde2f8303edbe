"""``docsworn demo``: three providers on the emulator, first kept, then each drifting once and caught."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from prometheus_client import CollectorRegistry

from docsworn.check.loader import load_checks
from docsworn.cli.choose import Wanted, choose_providers, load_compiled
from docsworn.cli.emulated import emulated_target
from docsworn.cli.engage import Engagement, prober
from docsworn.cli.output import print_runs, write_exports
from docsworn.emulate.drift import Drift
from docsworn.emulate.server import Emulator
from docsworn.errors import DocswornError, ExitCode
from docsworn.export.metrics import Metrics, render
from docsworn.model import Kind, Run
from docsworn.observe.history import ENOUGH_RESPONSES, History

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@dataclass(frozen=True, slots=True)
class Scene:
    """A drift of one provider, in words, and the finding that must come of it.

    ``scenario`` names the conversation that drifts; empty means all of them.
    """

    provider: str
    words: str
    drift: Drift
    scenario: str
    kind: Kind
    pointer: str


SCENES = (
    Scene(
        provider="elevenlabs",
        words="ElevenLabs answers with a status nobody documented",
        drift=Drift("set", pointer="/status", value="escalated"),
        scenario="",
        kind=Kind.ENUM,
        pointer="/status",
    ),
    Scene(
        provider="tavus",
        words="Tavus drops the field status",
        drift=Drift("drop", pointer="/status"),
        scenario="",
        kind=Kind.VANISHED,
        pointer="/status",
    ),
    Scene(
        provider="speechify",
        words="Speechify sends a dial_busy conversation that is not failed",
        drift=Drift("set", pointer="/status", value="completed"),
        scenario="sip-outbound-busy",
        kind=Kind.INVARIANT,
        pointer="/status",
    ),
)


@app.command()
def demo(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="For the report (default: a new temporary folder)."),
    ] = None,
) -> int:
    """See three providers kept and broken, on an emulator: no keys, no network."""
    # The bundled packs, whatever folder called contracts stands around.
    chosen = choose_providers(Wanted(tuple(scene.provider for scene in SCENES)))
    contracts = [load_compiled(provider, revision) for provider, revision in chosen]
    metrics = Metrics(registry := CollectorRegistry(), contracts)
    with Emulator([provider for provider, _ in chosen]) as emulator, History() as history:
        typer.echo(
            f"The emulator serves {', '.join(scene.provider for scene in SCENES)} on {emulator.base_url}.\n"
        )
        engagements = [Engagement(contract, emulated_target(contract, emulator)) for contract in contracts]
        typer.echo("1. Every provider keeps its contract, and docsworn learns what is normal:\n")
        for engagement in engagements:
            _learn(engagement, history, metrics)
        typer.echo("\n2. Each provider drifts once:\n")
        runs = [
            _drift(scene, engagement, emulator, history, metrics)
            for scene, engagement in zip(SCENES, engagements, strict=True)
        ]
    _print_metrics(registry)
    _write_report(runs, registry, out)
    return ExitCode.KEPT


def _learn(engagement: Engagement, history: History, metrics: Metrics) -> None:
    """As many rounds as make every conversation's state familiar; all of them must be kept."""
    exchanges = 0
    with prober(engagement, history, load_checks()) as probe:
        for number in range(ENOUGH_RESPONSES):
            runs = probe(number == 0)
            exchanges += sum(len(run.exchanges) for run in runs)
            for run in runs:
                metrics.record(run, engagement.contract, time.time())
                if run.findings:
                    print_runs((run,), as_json=False)
                    raise DocswornError(f"{run.provider} broke its contract before it drifted")
    (run, *_) = runs
    kept, broken = run.promises.kept, run.promises.broken
    typer.echo(
        f"   {run.provider:<11} {run.verdict}: {kept} promises kept, {broken} broken, {exchanges} exchanges"
    )


def _drift(
    scene: Scene, engagement: Engagement, emulator: Emulator, history: History, metrics: Metrics
) -> Run:
    conversations = {found.name: found.id for found in emulator.conversations(scene.provider)}
    emulator.drift(
        scene.provider,
        replace(scene.drift, conversation=conversations[scene.scenario] if scene.scenario else None),
    )
    with prober(engagement, history, load_checks()) as probe:
        (run,) = probe(False)
    metrics.record(run, engagement.contract, time.time())
    caught = [f for f in run.findings if f.kind is scene.kind and f.pointer == scene.pointer]
    if not caught:
        raise DocswornError(f"{scene.provider}: the drift was not caught")
    typer.echo(f"   {scene.words}")
    for finding in caught:
        typer.echo(f"     caught      {finding.severity}, {finding.kind}")
        typer.echo(f"     place       {finding.pointer}")
        typer.echo(f"     documented  {finding.documented}")
        typer.echo(f"     seen        {finding.observed}")
        typer.echo(f"     promised by {finding.source}\n")
    return run


def _print_metrics(registry: CollectorRegistry) -> None:
    typer.echo("3. What Prometheus sees (buckets, and counts that are zero, left out):\n")
    for line in render(registry).decode().splitlines():
        counts_nothing = line.endswith(" 0.0") and "contract_conforming" not in line
        if not line.startswith("#") and "_bucket{" not in line and not counts_nothing:
            typer.echo(f"   {line}")


def _write_report(runs: Sequence[Run], registry: CollectorRegistry, out: Path | None) -> None:
    folder = out or Path(tempfile.mkdtemp(prefix="docsworn-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    report, metrics = folder / "report.html", folder / "metrics.prom"
    write_exports(runs, {report: "html"})
    metrics.write_bytes(render(registry))
    typer.echo(f"\nThe report is in {report}, all metrics in {metrics}.")
