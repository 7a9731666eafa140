"""Figures for Prometheus, of a real run, over HTTP."""

import re
import signal
import socket
import urllib.request
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipeline.metrics import PROCESS_METRICS, ProcessMetrics, serving_metrics
from pipeline.observing import EndedRound
from schemas.config import MetricsConfig
from schemas.errors import ConfigError
from schemas.poll import RoundSummary
from tests.pipeline.dateline import Dateline
from tests.pipeline.test_signals import started, wait_for
from tests.servers.feed_documents import Item, rss
from tests.servers.feed_server import FeedServer
from tests.servers.ports import free_port
from transforms.lag import lag_counters

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
Samples = dict[tuple[str, str], float]


def scraped(port: int) -> Samples:
    """Gives the samples by name and the one label's value (of histograms, the bound)."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_runs_figures_can_be_scraped(dateline: Dateline, feed_server: FeedServer) -> None:
    items = [Item(f"g{n}", f"https://paper.example/{n}", f"N{n}") for n in range(3)]
    empty = Item("g9", "", "")
    feed_server.put("/good.xml", rss([*items, empty]))
    port = free_port()
    dateline.configure(
        feed_server.url("/good.xml"), feed_server.url("/missing.xml"), metrics={"port": port}
    )
    process = started(dateline)
    wait_for(process, "1 feed failed")
    samples = scraped(port)
    # The two polls may end in two rounds, in any order (pytest's timeout is the end).
    while samples["dateline_polls_total", "committed"] < 1:
        samples = scraped(port)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert samples["dateline_polls_total", "committed"] == 1
    assert samples["dateline_polls_total", "failed"] == 1
    assert samples["dateline_entries_total", "written"] == 3
    assert samples["dateline_documents_written_total", "created"] == 3
    assert samples["dateline_documents_written_total", "updated"] == 0
    assert samples["dateline_dead_letters_total", "normalize"] == 1
    assert samples["dateline_feeds", "ok"] + samples["dateline_feeds", "new"] >= 1
    for stage in ("fetch", "parse", "normalize", "tag", "write", "commit"):
        assert samples["dateline_stage_seconds_total", stage] > 0, stage


def test_rounds_add_up() -> None:
    metrics = ProcessMetrics()
    summary = RoundSummary(timestamp=NOW, owner="me", seconds=0.5)
    counters = Counter({"polls_committed": 2, "outcomes_written": 5, "articles_created": 3})
    for lag in (0.2, 7.0):
        counters.update(lag_counters(lag))
    for _ in range(2):
        metrics.on_round(EndedRound(summary, counters, under_way=4))
    metrics.on_health({"ok": 7, "failing": 1})
    port = free_port()
    with serving_metrics(MetricsConfig(port=port), metrics):
        samples = scraped(port)
    assert samples["dateline_polls_total", "committed"] == 4
    assert samples["dateline_documents_written_total", "updated"] == 4
    assert samples["dateline_rounds_total", ""] == 2
    assert samples["dateline_round_seconds_total", ""] == 1
    assert samples["dateline_polls_under_way", ""] == 4
    assert samples["dateline_feeds", "ok"] == 7
    assert samples["dateline_feeds", "retired"] == 0
    assert samples["dateline_poll_lag_seconds_bucket", "0.5"] == 2
    assert samples["dateline_poll_lag_seconds_bucket", "10.0"] == 4
    assert samples["dateline_poll_lag_seconds_count", ""] == 4
    assert samples["dateline_poll_lag_seconds_sum", ""] == pytest.approx(14.4)


def test_a_port_in_use_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        with (
            pytest.raises(ConfigError, match=rf"metrics\.port: 127\.0\.0\.1:{port}"),
            serving_metrics(MetricsConfig(port=port)),
        ):
            pass


def test_without_a_port_nothing_is_served() -> None:
    with serving_metrics(MetricsConfig()):
        assert PROCESS_METRICS.collect() is not None


def test_every_metric_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs/metrics.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(dateline_[a-z_]+)", page, re.M))
    named = {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in ProcessMetrics().collect()
    }
    assert documented == named
