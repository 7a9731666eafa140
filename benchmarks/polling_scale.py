"""Polls N feeds over many loopback hosts for a bounded time and tells how well it kept up.

`python -m benchmarks.polling_scale --feeds 10000`. What is measured and how: docs/benchmarks.md.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from benchmarks.polling_clients import ROOT, running
from benchmarks.polling_feeds import document, etag, feed_url
from benchmarks.polling_notes import line_through, percentile, round_curve
from benchmarks.usage import (
    Usage,
    cpu_share,
    growth_by_round,
    means_of_tenths,
    slope,
    store_operations,
)
from pipeline.configuration import load_config
from pipeline.opml import write_opml
from schemas.config import Config
from schemas.feed import Feed, SeenEntry
from schemas.poll import FetchResult, Poll, PollCommit
from tests.servers.elasticsearch_indices import delete_indices
from tests.servers.ports import free_port
from transforms.batches import batches
from transforms.commit import POLLS_AT_ONCE
from transforms.feeds.polling import read_poll
from transforms.storage.feed_store import FeedStore
from transforms.storage.open import open_index, open_store
from transforms.text.normalize import RULE_VERSION

# The client's start, for which no feed is due yet.
START_SECONDS = 15.0
# A feed's seeding takes at most this.
SEEDING_SECONDS = 0.01
# Polls that become due in the first seconds are not counted: connections and caches are cold.
WARM_UP_SECONDS = 20.0


def seed_store(config: Config, port: int, start: datetime) -> None:
    """Gives every feed the state that a first cycle leaves, its due times spread evenly.

    Args:
        config: Its feeds, in order of their numbers.
        port: The server's.
        start: When the first feed is due.
    """
    index, store = open_index(config), open_store(config)
    try:
        index.setup()
        store.setup()
        store.register(config.feeds)
        feeds = {feed.url: feed for feed in config.feeds}
        numbers = {feed_url(number, port): number for number in range(len(feeds))}
        # Neighbours in time are on different hosts, as in life.
        places = {number: number * 7_919 % len(feeds) for number in range(len(feeds))}
        now = datetime.now(UTC)
        works = store.claim(
            "seed", now, lease_seconds=3600, max_hosts=len(feeds), due_only=False, feeds=feeds
        )

        def learnt(poll: Poll) -> PollCommit:
            number = numbers[poll.feed.url]
            result = FetchResult(
                poll=poll,
                fetched_at=now,
                status=200,
                final_url=poll.feed.url,
                content_type="application/rss+xml",
                etag=etag(number, 0),
                body=document(number, 0),
            )
            parsed = read_poll(result, config, now, jitter=0.5)
            wait = config.polling.interval.min * places[number] / len(feeds)
            parsed.learnt.state.next_due = start + timedelta(seconds=wait)
            seen = {
                entry.key: SeenEntry(
                    article_id=entry.article_id, hash=entry.hash, rule_version=RULE_VERSION
                )
                for entry in parsed.entries
            }
            return PollCommit(parsed.learnt, seen)

        commits = (learnt(poll) for work in works for poll in work.polls)
        for batch in batches(commits, POLLS_AT_ONCE):
            commit_all(store, batch, now)
    finally:
        store.close()
        index.close()


def commit_all(store: FeedStore, commits: Sequence[PollCommit], now: datetime) -> None:
    """Commits polls, or ends the benchmark."""
    for error in store.commit(commits, now):
        if error is not None:
            raise SystemExit(f"the store cannot be seeded: {error}")


@contextmanager
def serving(feeds: int, port: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """Runs the server; gives its process id and what is filled at the end with its counts."""
    counts: dict[str, Any] = {}
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.polling_server", str(feeds), str(port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise SystemExit(f"the server did not start, status {process.wait()}")
        yield process.pid, counts
    finally:
        process.terminate()
        counts.update(json.loads(process.communicate()[0] or "{}"))


def configured(args: argparse.Namespace, folder: Path, index: dict[str, str], port: int) -> Config:
    """Writes the configuration and its list of feeds; gives it as the client will read it."""
    feeds = [Feed(url=feed_url(n, port), name=f"Feed {n}") for n in range(args.feeds)]
    (folder / "feeds.opml").write_text(write_opml(feeds), encoding="utf-8")
    interval = f"{args.interval}s"
    values = {
        "index": index,
        "http": {"allow_networks": ["127.0.0.0/8"], "in_flight": 1000},
        "polling": {"interval": {"min": interval, "max": interval}, "hosts_per_round": 2000},
        "opml": ["feeds.opml"],
    }
    file = folder / "dateline.yaml"
    file.write_text(yaml.safe_dump(values), encoding="utf-8")
    return load_config(file)


def measure(args: argparse.Namespace, folder: Path, index: dict[str, str]) -> dict[str, Any]:
    """Seeds, runs, and gives the figures."""
    port = free_port()
    config = configured(args, folder, index, port)
    seeded_at = time.monotonic()
    estimate = args.feeds * SEEDING_SECONDS
    start = datetime.now(UTC) + timedelta(seconds=START_SECONDS + estimate)
    seed_store(config, port, start)
    seeding = time.monotonic() - seeded_at
    if seeding > estimate + START_SECONDS / 2:
        raise SystemExit(f"seeding took {seeding:.0f} s, longer than it may: is the machine busy?")
    first = start.timestamp() + WARM_UP_SECONDS
    end = first + args.seconds
    usages: list[tuple[Usage, Usage]] = []
    before = (0, 0)
    with serving(args.feeds, port) as (server, counts):
        time.sleep(max(0.0, start.timestamp() - START_SECONDS - time.time()))
        with running(args.processes, folder, args.profile) as clients:
            while time.time() < end:
                time.sleep(1.0)
                usage = clients.usage()
                if time.time() >= first:
                    before = before if usages else store_operations(index)
                    usages.append((usage, Usage.of(server)))
            after = store_operations(index)
            ending = clients.end()
    notes = clients.notes().between(first, end)
    lags = sorted(poll.begun - poll.due for poll in notes.polls)
    if not lags:
        raise SystemExit(f"no feed was polled: {clients.last_words()}")
    ours, theirs = zip(*usages, strict=True)
    seconds = end - first
    later_rounds, growth, error = growth_by_round(ours, notes.rounds)
    claim, host = line_through([(one.hosts, one.seconds) for one in notes.claims])
    return {
        "feeds": args.feeds,
        "load_average": os.getloadavg()[0],
        "hosts": len({feed.url.rpartition(":")[0] for feed in config.feeds}),
        "index": "elasticsearch" if args.elasticsearch else "embedded",
        "processes": args.processes,
        "interval_seconds": args.interval,
        "measured_seconds": args.seconds,
        "seeding_seconds": round(seeding, 1),
        "polls_due_per_second": round(args.feeds / args.interval, 1),
        "polls_begun_per_second": round(len(lags) / seconds, 1),
        "lag_p50_seconds": round(percentile(lags, 0.50), 2),
        "lag_p95_seconds": round(percentile(lags, 0.95), 2),
        "lag_p99_seconds": round(percentile(lags, 0.99), 2),
        "rounds_per_second": round(len(notes.rounds) / seconds, 2),
        "round_curve": round_curve(notes.rounds),
        "claim_seconds": round(claim, 4),
        "claim_seconds_per_host": round(host, 5),
        "claims_hosts_per_poll": round(sum(c.hosts for c in notes.claims) / len(lags), 3),
        "store_writes_per_second": round((after[0] - before[0]) / seconds, 1),
        "store_reads_per_second": round((after[1] - before[1]) / seconds, 1),
        "client_cpu_ms_per_poll": round(1000 * cpu_share(ours) * seconds / len(lags), 2),
        "client_cpu_percent": round(100 * cpu_share(ours), 1),
        "server_cpu_percent": round(100 * cpu_share(theirs), 1),
        "client_memory_mb": round(ours[-1].memory, 1),
        "client_memory_mb_per_minute": round(slope(ours), 2),
        "client_own_memory_mb_by_tenths": means_of_tenths([one.own_memory for one in ours]),
        "client_memory_later_rounds": later_rounds,
        "client_memory_kb_per_later_round": [round(growth, 2), round(error, 2)],
        "server_memory_mb": round(theirs[-1].memory, 1),
        "client_ended_in_seconds": round(ending, 1),
        "answers": counts,
        "client_said": clients.last_words(),
    }


def main() -> int:
    """Runs it; gives the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.polling_scale", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--feeds", type=int, default=1000, help="how many (default: 1000)")
    parser.add_argument("--seconds", type=int, default=120, help="measured time (default: 120)")
    parser.add_argument(
        "--interval", type=int, default=300, help="of every feed, in seconds (default: 300)"
    )
    parser.add_argument("--elasticsearch", metavar="URL", help="instead of the embedded index")
    parser.add_argument(
        "--processes", type=int, default=1, help="that share an Elasticsearch (default: 1)"
    )
    parser.add_argument("--profile", metavar="FILE", help="profile the client (cProfile; slower)")
    args = parser.parse_args()
    index = {"url": "embedded:./index"}
    if args.elasticsearch:
        index = {"url": args.elasticsearch.rstrip("/"), "prefix": f"scale-{uuid.uuid4().hex[:8]}-"}
    if args.processes > 1 and not args.elasticsearch:
        parser.error("--processes: an embedded index has one owner; give --elasticsearch too")
    if args.profile:
        args.profile = str(Path(args.profile).resolve())
    try:
        with tempfile.TemporaryDirectory(prefix="dateline-scale-") as folder:
            print(json.dumps(measure(args, Path(folder), index), indent=1))
    finally:
        if args.elasticsearch:
            delete_indices(index["url"], index["prefix"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
