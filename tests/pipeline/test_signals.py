"""`dateline run` for ever, ended by signals."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from tests.pipeline.dateline import ROOT, Dateline
from tests.servers.feed_documents import Item, rss
from tests.servers.feed_server import FeedServer
from transforms.storage.open import open_store


def report(number: int) -> Item:
    published = datetime(2026, 3, 1, 9, tzinfo=UTC)
    return Item(f"g{number}", f"https://paper.example/{number}", f"N{number}", published=published)


def started(dateline: Dateline) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", "run"],
        cwd=dateline.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(process: subprocess.Popen[str], text: str) -> None:
    """Reads what a process says until a line holds the text (pytest's timeout is the end)."""
    assert process.stderr is not None
    for line in process.stderr:
        if text in line:
            return
    raise AssertionError(f"the process ended with {process.wait()} and never said {text!r}")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_a_run_cleanly_and_gives_its_leases_back(
    dateline: Dateline, feed_server: FeedServer, number: signal.Signals, status: int
) -> None:
    feed_server.put("/quick.xml", rss([report(1)]))
    feed_server.put_blocked("/slow.xml", rss([report(2)]))
    slow = f"http://localhost:{feed_server.port}/slow.xml"
    dateline.configure(feed_server.url("/quick.xml"), slow)
    process = started(dateline)
    wait_for(process, "1 new article; 1 under way")
    process.send_signal(number)
    _, rest = process.communicate(timeout=60)
    assert process.returncode == status
    again = "press Ctrl-C again" if number == signal.SIGINT else "send another signal"
    assert f"stopping: finishing what is under way (at most 10 s); {again} to exit now\n" in rest
    assert "done: 1 feed polled" in rest
    assert [article["message"] for article in dateline.articles()] == ["N1"]
    store = open_store(dateline.config(), read_only=True)
    assert [host.lease for host in store.hosts()] == [None, None]
    store.close()


def test_a_second_signal_ends_it_at_once_and_loses_nothing(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    release = feed_server.put_blocked("/slow.xml", rss([report(2)]))
    feed_server.put("/quick.xml", rss([report(1)]))
    slow = f"http://localhost:{feed_server.port}/slow.xml"
    dateline.configure(feed_server.url("/quick.xml"), slow)
    process = started(dateline)
    wait_for(process, "1 new article; 1 under way")
    process.send_signal(signal.SIGTERM)
    wait_for(process, "stopping: ")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 143
    release.set()
    dateline.run_once()
    assert sorted(article["message"] for article in dateline.articles()) == ["N1", "N2"]


def test_a_changed_feed_is_polled_again_when_it_is_due(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    feed_server.put("/feed.xml", rss([report(1)]))
    polling = {"per_host_delay": 0, "round": "200ms", "interval": {"min": "1s", "max": "1s"}}
    dateline.configure(feed_server.url("/feed.xml"), polling=polling)
    process = started(dateline)
    wait_for(process, "1 new article")
    feed_server.put("/feed.xml", rss([report(1), report(2)]))
    wait_for(process, "1 new article, 1 unchanged")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert len(dateline.articles()) == 2


def test_a_changed_configuration_is_taken_up_without_a_restart(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    feed_server.put("/one.xml", rss([report(1)]))
    feed_server.put("/two.xml", rss([report(2)]))
    polling = {"per_host_delay": 0, "round": "200ms", "interval": {"min": "1s", "max": "1s"}}
    dateline.configure(feed_server.url("/one.xml"), polling=polling)
    process = started(dateline)
    wait_for(process, "1 new article")
    config_file = dateline.folder / "dateline.yaml"
    good = config_file.read_text()
    config_file.write_text(good + "nonsense: 1\n")
    wait_for(process, "nonsense")
    dateline.configure(feed_server.url("/one.xml"), feed_server.url("/two.xml"))
    wait_for(process, "is taken up: 2 feeds")
    wait_for(process, "1 new article")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert sorted(article["message"] for article in dateline.articles()) == ["N1", "N2"]
