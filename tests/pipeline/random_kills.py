"""Kills `dateline run` again and again while feeds change, and compares the index with them."""

import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field

from schemas.article import Article
from tests.pipeline.dateline import ROOT, Dateline
from tests.servers.publisher import Published, Publisher
from transforms.storage.open import open_index

LEASE_SECONDS = 30
# A process that has not asked for its feeds within this is broken.
PATIENCE_SECONDS = 60
# This share of the kills comes while the process starts, the others once it is polling: so many
# requests later, and a moment. A time alone would give a slow machine no chance to end a poll.
EARLY_SHARE = 0.2
EARLY_SECONDS = 2.0
LATE_REQUESTS = 20
LATE_SECONDS = 0.5


@dataclass
class KillReport:
    """What a run of kills came to.

    Attributes:
        amid_polls: Kills that left leases behind, so polls that had not ended.
        exact: Documents whose right revision is known exactly.
        longest_outage: Between two processes that asked for feeds, in seconds.
        longest_unread: Between two polls of one feed that ended, in seconds.
        problems: What was lost, doubled or wrong; none where all is well.
    """

    kills: int = 0
    amid_polls: int = 0
    items: int = 0
    edits: int = 0
    exact: int = 0
    longest_outage: float = 0.0
    longest_unread: float = 0.0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


def kill_at_random(dateline: Dateline, publisher: Publisher, kills: int, seed: int) -> KillReport:
    """Kills `dateline run` `kills` times, lets the feeds fall silent, polls each twice, looks.

    Args:
        dateline: Its index is empty.
        publisher: Already publishing.
        kills: How often a process is started and killed.
        seed: For the moments of the kills.
    """
    draw = random.Random(seed)
    report = KillReport()
    started = last_request = time.monotonic()
    dateline.configure(
        *publisher.urls,
        polling={
            "per_host_delay": 0,
            "round": "200ms",
            "lease": f"{LEASE_SECONDS}s",
            "interval": {"min": "500ms", "max": "1s"},
        },
    )
    dateline("setup")
    for _ in range(kills):
        before = publisher.requests
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", "run"],
            cwd=dateline.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.DEVNULL,
        )
        if draw.random() < EARLY_SHARE:
            time.sleep(draw.uniform(0, EARLY_SECONDS))
        elif publisher.wait_for_request(before, PATIENCE_SECONDS):
            report.longest_outage = max(report.longest_outage, time.monotonic() - last_request)
            last_of_all = before + draw.randint(0, LATE_REQUESTS)
            if not publisher.wait_for_request(last_of_all, PATIENCE_SECONDS):
                report.problems.append(f"a process stopped asking for {PATIENCE_SECONDS} s")
            time.sleep(draw.uniform(0, LATE_SECONDS))
        else:
            report.problems.append(f"a process asked for nothing within {PATIENCE_SECONDS} s")
        process.kill()
        if process.wait() != -9:
            report.problems.append(f"a process ended by itself, with {process.returncode}")
        report.kills += 1
        report.amid_polls += bool(dateline.leased_hosts())
        if publisher.requests > before:
            last_request = time.monotonic()
    publisher.fall_silent()
    for _ in range(2):
        dateline.run_once()
    report.seconds = time.monotonic() - started
    report.longest_unread = max(publisher.longest_unread())
    compare(dateline, publisher, report)
    return report


def compare(dateline: Dateline, publisher: Publisher, report: KillReport) -> None:
    """Adds to a report what is wrong in the index, each feed having been polled to the end."""
    index = open_index(dateline.config(), read_only=True)
    try:
        documents: dict[str, list[Article]] = defaultdict(list)
        for article in index.scan():
            documents[article.url.full].append(article)
    finally:
        index.close()
    report.items = len(publisher.items)
    report.edits = sum(item.version - 1 for item in publisher.items)
    for item in publisher.items:
        found = documents.pop(item.link, [])
        report.problems += [f"{item.link}: {problem}" for problem in _problems(item, found)]
        least, most = item.revisions()
        report.exact += least == most
    report.problems += [f"{link}: was never published" for link in documents]
    searchable = dateline.search()["total"]
    if searchable != len(publisher.items):
        report.problems.append(f"{searchable} found by a search, {report.items} published")
    report.problems += [f"dead letter: {letter['error']}" for letter in dateline.dead_letters()]


def _problems(item: Published, found: list[Article]) -> list[str]:
    if len(found) != 1:
        return [f"{len(found)} documents instead of one"]
    news = found[0].news
    problems = []
    if (news.title, news.body) != (item.title(), item.text()):
        problems.append(f"{news.title!r} instead of {item.title()!r}")
    least, most = item.revisions()
    if not least <= news.revision <= most:
        problems.append(f"revision {news.revision}, right were {least} to {most}")
    if len(news.feed.name) != len(item.feeds):
        problems.append(f"names {len(news.feed.name)} feeds instead of {len(item.feeds)}")
    return problems
