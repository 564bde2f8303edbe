"""The power of detection: every drift that the emulator can list, through the whole pipeline, beside others.

    python benchmarks/detection.py [--quick] [--provider NAME] [--prism PATH]

A drift counts as detected only by a finding that the same requests without it do not have. On the same
responses stand plain jsonschema validation of the pack, schemathesis's own response validation, and
Stoplight Prism's validation proxy where it is there (npm install @stoplight/prism-cli). "place" and "kind"
say that a finding stands where the drift is, with a kind that fits. A drift that neither contract, invariant
nor profile could know is counted apart. Exit code 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from contextlib import ExitStack

from detecting.bench import Bench
from detecting.drifts import run_drifts
from detecting.healthy import run_healthy
from detecting.others import prism_before
from detecting.report import missed_alarms, missed_bars, print_rows

from docsworn.contract.packs import load_provider, pack_roots, provider_names
from docsworn.emulate.server import Emulator
from docsworn.model import Learned

_FEW = 20
_QUICK = 10  # of all drifts and drift-free responses one in so many is run


def run_provider(name: str, options: argparse.Namespace) -> list[str]:
    """Run one provider and print its table; the bars that it misses."""
    provider = load_provider(name, pack_roots())
    number = options.healthy // (_QUICK if options.quick else 1)
    with ExitStack() as stack:
        bench = Bench(provider, stack.enter_context(Emulator([provider])), stack)
        prism = stack.enter_context(prism_before(bench, options.prism))
        learned, started = bench.learn(options.learn), time.perf_counter()
        rows = run_drifts(bench, learned, prism, every=_QUICK if options.quick else 1)
        print_rows(name, rows, prism=prism is not None)
        print(f"  {time.perf_counter() - started:.1f} s for the drifts")
        missed = list(missed_bars(name, rows))
        for known, words in ((learned, options.learn), (bench.learn(_FEW), _FEW), (Learned(), 0)):
            missed += _run_healthy(bench, known, words, number)
    return missed


def _run_healthy(bench: Bench, learned: Learned, taught: int, number: int) -> list[str]:
    alarms, places = run_healthy(bench, learned, number)
    told = ", ".join(f"{count} {severity}" for severity, count in alarms.items()) or "none"
    print(f"  false alarms in {number} drift-free responses, {taught} learned from: {told}", flush=True)
    for place in sorted(set(places))[:20]:
        print(f"    {place}")
    return list(missed_alarms(f"{bench.name} ({taught} learned from)", alarms, number))


def main() -> int:
    """Run it and print the tables; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--provider", action="append", help="one provider; may stand several times")
    parser.add_argument("--quick", action="store_true", help=f"one in {_QUICK} of everything")
    parser.add_argument("--learn", type=int, default=200, help="drift-free responses to learn from (200)")
    parser.add_argument("--healthy", type=int, default=10_000, help="drift-free responses to hold (10000)")
    parser.add_argument("--prism", default=shutil.which("prism"), help="Prism's command (that on the PATH)")
    options = parser.parse_args()
    if options.prism is None:
        print("Prism is not there and was not run: npm install @stoplight/prism-cli, then --prism PATH")
    missed = [
        bar
        for name in options.provider or provider_names(pack_roots())
        for bar in run_provider(name, options)
    ]
    print("\n" + ("\n".join(f"BAR MISSED  {bar}" for bar in missed) or "all bars are kept"))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
