"""Writing to Elasticsearch: the sink and Dateline's write stage against raw NDJSON.

    python -m benchmarks.elasticsearch_io [--documents 20000] [--rounds 3] [--json]

Every way writes the same documents of about 3 KB to the same server: `raw` posts bodies that were
made beforehand over one connection; `sink` is `WriteToElasticsearch`, `stage` the whole write stage
(mget, merge, compare-and-set), each a whole pipeline on the in-process runner; `nothing` is the
sink's pipeline with a sink that does nothing. The ways take turns, the figures are medians, and
everything that was written is counted. The exit code is 1 where an aim is missed.

The server is the one at ELASTICSEARCH_URL, else one of its own.
"""

import argparse
import gc
import json
import os
import statistics
import sys
from typing import Any

from benchmarks.elasticsearch_ways import WAYS, WORK, Spent, Ways, make_work
from tests.servers.elasticsearch_server import open_server

MIN_SINK, MIN_STAGE, MAX_CPU_MS = 0.8, 0.6, 0.08


def measure(url: str, documents: int, rounds: int) -> dict[str, Any]:
    ways = Ways(url)
    # The first round warms the server's compiler, and does not count.
    WORK[:] = [make_work(min(documents, 4_000))]
    for name in WAYS:
        ways.measure(name, len(WORK[0].documents))
    WORK[:] = [make_work(documents)]
    # The collector would go through the benchmark's own documents again and again.
    gc.collect()
    gc.freeze()
    spent: dict[str, list[Spent]] = {name: [] for name in WAYS}
    for _ in range(rounds):
        for name in WAYS:
            spent[name].append(ways.measure(name, documents))
    rates = {
        name: documents / statistics.median(run.seconds for run in runs)
        for name, runs in spent.items()
    }
    cpus = {
        name: 1000 * statistics.median(run.cpu for run in runs) / documents
        for name, runs in spent.items()
    }
    return {
        "documents": documents,
        "rounds": rounds,
        "bytes_per_document": round(sum(map(len, WORK[0].bodies)) / documents),
        "load_average": os.getloadavg()[0],
        "raw_per_second": round(rates["raw"]),
        "sink_per_second": round(rates["sink"]),
        "stage_per_second": round(rates["stage"]),
        "nothing_seconds": round(documents / rates["nothing"], 2),
        "sink_of_raw": round(rates["sink"] / rates["raw"], 2),
        "stage_of_raw": round(rates["stage"] / rates["raw"], 2),
        "sink_cpu_ms": round(cpus["sink"] - cpus["nothing"], 3),
        "stage_cpu_ms": round(cpus["stage"] - cpus["nothing"], 3),
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.elasticsearch_io", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--documents", type=int, default=20_000, help="of a run (default: 20000)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each way (default: 3)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    args = parser.parse_args()
    url = os.environ.get("ELASTICSEARCH_URL", "").rstrip("/")
    server = None if url else open_server()
    try:
        figures = measure(server.url if server else url, args.documents, args.rounds)
    finally:
        if server is not None:
            server.close()
    if args.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name.replace('_', ' '):20} {value}")
    missed = (
        figures["sink_of_raw"] < MIN_SINK
        or figures["stage_of_raw"] < MIN_STAGE
        or figures["sink_cpu_ms"] > MAX_CPU_MS
    )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
