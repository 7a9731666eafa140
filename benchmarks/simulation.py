"""Predicts polls a second, lag and store load from 1,000 to 1,000,000 feeds, by simulation.

    python -m benchmarks.simulation --costs MEASURED.json … [--check MEASURED.json …]

MEASURED.json is what `python -m benchmarks.polling_scale` prints: runs of loads of their own give
the costs; each run to check is simulated with them, and the two are put side by side.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.polling_notes import percentile
from benchmarks.simulated_load import Costs, Load, Rules, Simulated
from benchmarks.simulated_polling import Simulation

SIZES = (1_000, 10_000, 50_000, 180_000, 1_000_000)
INTERVALS = (1_800.0, 300.0)
# A table's runs last so long, of which the first part only fills the pipes.
WARM_UP_SECONDS, SECONDS = 60.0, 240.0
# A process that keeps up has a lag below this at the 95th percentile.
LAG_WANTED = 10.0
MOST_WORKERS = 256
# A point of the curve of costs is the mean of at least so many rounds.
FEWEST_ROUNDS = 3


def costs_of(measured: Sequence[dict[str, Any]]) -> Costs:
    """Takes the costs out of measured runs: a light one and a heavy one tell the most."""
    bins: dict[int, list[tuple[float, float, int]]] = {}
    for run in measured:
        for answers, seconds, rounds in run["round_curve"]:
            bins.setdefault(int(answers + 0.5).bit_length(), []).append((answers, seconds, rounds))
    curve = []
    for found in bins.values():
        rounds = sum(count for _, _, count in found)
        # A single round may hold a sweep of the stories, or a pause of the machine.
        if rounds >= FEWEST_ROUNDS:
            mean_answers = sum(answers * count for answers, _, count in found) / rounds
            curve.append((mean_answers, sum(s * count for _, s, count in found) / rounds))
    heaviest = max(measured, key=lambda run: float(run["polls_begun_per_second"]))
    return Costs(
        round_curve=tuple(sorted(curve)),
        claim_seconds=heaviest["claim_seconds"],
        claim_host_seconds=heaviest["claim_seconds_per_host"],
    )


def simulated(load: Load, rules: Rules, costs: Costs, warm_up: float, seconds: float) -> Simulated:
    """Runs one simulation."""
    return Simulation(load, rules, costs).run(warm_up, seconds)


def figures(result: Simulated) -> dict[str, float]:
    """Gives what is compared, by the names that `polling_scale` uses."""
    return {
        "polls_begun_per_second": len(result.lags) / result.seconds,
        "lag_p95_seconds": percentile(result.lags, 0.95),
        "store_writes_per_second": result.writes / result.seconds,
        "store_reads_per_second": result.reads / result.seconds,
    }


def check(measured: dict[str, Any], costs: Costs) -> Iterator[str]:
    """Simulates a measured run; gives a table's rows."""
    load = Load(measured["feeds"], interval=float(measured["interval_seconds"]))
    # The benchmark's own warm-up and time: a short run of few feeds is a small sample.
    result = simulated(load, Rules(), costs, 20.0, 40.0 * 60.0 if load.feeds < 5_000 else 600.0)
    for name, predicted in figures(result).items():
        seen = measured[name]
        if seen:
            yield (
                f"| {load.feeds:,} | {name} | {seen:,.2f} | {predicted:,.2f} "
                f"| {100 * (predicted / seen - 1):+.0f} % |"
            )


def fewest_workers(load: Load, costs: Costs) -> tuple[int, Simulated]:
    """Finds how many processes keep the lag at the 95th percentile below what is wanted.

    That is LAG_WANTED, or what hosts alone make of it: a host is asked one thing at a time, and its
    slow answers hold up its other feeds however many processes there are.
    """
    free = Costs(((0.0, 0.0),), claim_seconds=0.0, claim_host_seconds=0.0)
    unlimited = Rules(hosts_per_round=load.feeds)
    unhindered = simulated(load, unlimited, free, WARM_UP_SECONDS, SECONDS)
    wanted = max(LAG_WANTED, 1.2 * percentile(unhindered.lags, 0.95))
    workers = 1
    while True:
        result = simulated(load, Rules(workers=workers), costs, WARM_UP_SECONDS, SECONDS)
        if percentile(result.lags, 0.95) < wanted or workers >= MOST_WORKERS:
            return workers, result
        # What they are short of, by how many polls they made of those that can be made.
        workers = max(workers + 1, int(workers * len(unhindered.lags) / len(result.lags)))


def table(costs: Costs, sizes: Sequence[int]) -> Iterator[str]:
    """Gives the table from a laptop to a million feeds."""
    yield "| feeds | interval | polls/s | processes | busy | lag p50 / p95 | writes/s | reads/s |"
    yield "|---|---|---|---|---|---|---|---|"
    for interval in INTERVALS:
        for feeds in sizes:
            load = replace(Load(feeds), interval=interval)
            print(f"simulating {feeds:,} feeds at {interval:.0f} s …", file=sys.stderr)
            workers, result = fewest_workers(load, costs)
            made = figures(result)
            yield (
                f"| {feeds:,} | {interval / 60:.0f} min | {made['polls_begun_per_second']:,.1f} "
                f"| {workers} | {100 * result.busy:.0f} % "
                f"| {percentile(result.lags, 0.5):.1f} / {made['lag_p95_seconds']:.1f} s "
                f"| {made['store_writes_per_second']:,.0f} "
                f"| {made['store_reads_per_second']:,.0f} |"
            )


def main() -> int:
    """Runs it; gives the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.simulation", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--costs", type=Path, nargs="+", required=True, metavar="MEASURED.json")
    parser.add_argument("--check", type=Path, nargs="*", default=[], metavar="MEASURED.json")
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES), help="feeds")
    args = parser.parse_args()
    costs = costs_of([json.loads(path.read_text()) for path in args.costs])
    print(costs)
    if args.check:
        print("| feeds | | measured | simulated | differs |\n|---|---|---|---|---|")
    for path in args.check:
        for row in check(json.loads(path.read_text()), costs):
            print(row)
    for row in table(costs, args.sizes):
        print(row)
    return 0


if __name__ == "__main__":
    sys.exit(main())
