"""Kills `dateline run` many times while feeds publish and edit, and looks for what was lost.

`python -m benchmarks.kills` needs nothing but the embedded index; with `--elasticsearch URL` the
same is done on an Elasticsearch, under a prefix of its own that is deleted afterwards. Exit status
0 where nothing was lost, doubled or wrong, else 1.
"""

import argparse
import random
import sys
import tempfile
import uuid
from pathlib import Path

from tests.pipeline.dateline import Dateline
from tests.pipeline.random_kills import KillReport, kill_at_random
from tests.servers.elasticsearch_indices import delete_indices
from tests.servers.publisher import Publisher

# Longer than the lease (30 s), the interval (1 s) and any outage together.
KEEP_SECONDS = 90.0


def main() -> int:
    """Runs it; gives the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.kills", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--kills", type=int, default=60, help="how often (default: 60)")
    parser.add_argument("--seed", type=int, help="of the moments and of what is published")
    parser.add_argument("--elasticsearch", metavar="URL", help="instead of the embedded index")
    args = parser.parse_args()
    seed = args.seed if args.seed is not None else random.randrange(1_000_000)
    index = {"url": "embedded:./index"}
    if args.elasticsearch:
        index = {"url": args.elasticsearch.rstrip("/"), "prefix": f"kills-{uuid.uuid4().hex[:8]}-"}
    publisher = Publisher(
        keep_seconds=KEEP_SECONDS, pause_seconds=0.3, slowest_seconds=0.3, seed=seed
    )
    try:
        with tempfile.TemporaryDirectory(prefix="dateline-kills-") as folder:
            report = kill_at_random(Dateline(Path(folder), index), publisher, args.kills, seed)
    finally:
        publisher.close()
        if args.elasticsearch:
            delete_indices(index["url"], index["prefix"])
    if report.longest_unread >= KEEP_SECONDS:
        report.problems.append(
            f"{report.longest_unread:.0f} s passed between two polls of a feed that ended: too "
            f"long for items that are kept {KEEP_SECONDS:.0f} s, so some may be missing"
        )
    print_report(report, seed)
    return 1 if report.problems else 0


def print_report(report: KillReport, seed: int) -> None:
    """Says what came out, a line each."""
    print(f"{report.kills} kills in {report.seconds:.0f} s (--seed {seed})")
    print(f"{report.amid_polls} of them amid polls; longest outage {report.longest_outage:.1f} s")
    print(f"longest time between two polls of one feed that ended: {report.longest_unread:.1f} s")
    print(f"{report.items} items published, {report.edits} edits")
    print(f"{report.exact} documents with one right revision, the others with bounds")
    for problem in report.problems:
        print(f"WRONG: {problem}")
    print(f"{len(report.problems)} lost, doubled or wrong")


if __name__ == "__main__":
    sys.exit(main())
