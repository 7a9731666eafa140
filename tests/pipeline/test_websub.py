"""Subscriptions at a real hub: pushes instead of polls (W3C WebSub)."""

import os
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.websub import serving_hubs
from schemas.config import Config
from tests.backends import opened
from tests.pipeline.dateline import Dateline
from tests.pipeline.test_signals import report, started, wait_for
from tests.servers.feed_documents import rss
from tests.servers.feed_server import FeedServer
from tests.servers.hub import Hub, running_hub, status_of
from tests.servers.ports import free_port
from transforms.clock import utc_now
from transforms.websub.signature import callback_token, read_secret

SECRET = "a secret of the tests' own"
PATH = "/feed.xml"


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running_hub() as hub:
        yield hub


@pytest.fixture
def subscribed(
    dateline: Dateline, feed_server: FeedServer, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> Iterator[subprocess.Popen[str]]:
    """A run whose one feed names the hub, and whose subscription has been verified."""
    monkeypatch.setenv("DATELINE_WEBSUB_SECRET", SECRET)
    publish(feed_server, hub, 1)
    port = free_port()
    dateline.configure(
        feed_server.url(PATH),
        polling={"per_host_delay": 0, "round": "500ms", "interval": {"min": "1s", "max": "1d"}},
        websub={"callback_url": f"http://127.0.0.1:{port}/behind/a/proxy", "port": port},
    )
    process = started(dateline)
    try:
        wait_for(process, "hub says subscribe")
        yield process
    finally:
        process.kill()
        process.communicate(timeout=30)


def publish(feed_server: FeedServer, hub: Hub, newest: int) -> bytes:
    """Puts a feed of so many reports on the server; gives the document."""
    address = feed_server.url(PATH)
    links = "".join(
        f'<link xmlns="http://www.w3.org/2005/Atom" rel="{rel}" href="{href}"/>'
        for rel, href in (("hub", hub.url), ("self", address))
    )
    body = rss([report(number) for number in range(1, newest + 1)], channel=links)
    feed_server.put(PATH, body)
    return body


def wait_for_silence(dateline: Dateline) -> None:
    """Waits until a poll has learnt that pushes announce what is new (pytest's timeout ends it)."""
    tomorrow = utc_now() + timedelta(hours=20)
    while datetime.fromisoformat(dateline.feed_states()[0]["next_due"]) < tomorrow:
        pass


def ended(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 143


def test_a_push_brings_what_is_new_while_polls_are_rare(
    dateline: Dateline, feed_server: FeedServer, hub: Hub, subscribed: subprocess.Popen[str]
) -> None:
    wait_for_silence(dateline)
    body = publish(feed_server, hub, 2)
    polls = len(feed_server.requests)
    assert hub.publish(feed_server.url(PATH), body) == 202
    # Not the first round's line, which may come after the hub's call.
    wait_for(subscribed, "1 new article, 1 unchanged")
    ended(subscribed)
    assert len(feed_server.requests) == polls + 1
    assert sorted(article["message"] for article in dateline.articles()) == ["N1", "N2"]
    [asked] = hub.requests
    assert (asked["hub.mode"], asked["hub.topic"]) == ("subscribe", feed_server.url(PATH))
    assert 0 < len(asked["hub.secret"]) < 200


def test_only_the_hub_can_push_and_only_what_was_asked_for_is_confirmed(
    dateline: Dateline, feed_server: FeedServer, hub: Hub, subscribed: subprocess.Popen[str]
) -> None:
    wait_for_silence(dateline)
    topic = feed_server.url(PATH)
    body = publish(feed_server, hub, 2)
    polls = len(feed_server.requests)
    assert hub.publish(topic, body, secret="a stranger's") == 202, "a forger learns nothing"
    wait_for(subscribed, "without its hub's signature")
    callback = hub.subscriber(topic).callback
    assert status_of(urllib.request.Request(callback, data=body)) == 202
    wait_for(subscribed, "without its hub's signature")
    elsewhere = callback[:-1] + ("0" if callback[-1] != "0" else "1")
    assert status_of(urllib.request.Request(elsewhere, data=body)) == 410
    [asked] = hub.requests
    assert hub.verify(asked)[0] == 200, "the first confirmation may have been lost"
    for changes in ({"mode": "unsubscribe"}, {"topic": "https://other.example/"}):
        assert hub.verify(asked, **changes)[0] == 404
    # Taken out of the configuration, the feed is nobody's to push to.
    dateline.configure(feed_server.url("/other.xml"))
    wait_for(subscribed, "changed configuration is taken up")
    assert hub.publish(topic, body) == 410
    ended(subscribed)
    assert [r for r in feed_server.requests[polls:] if r.path == PATH] == []


def test_a_hub_that_refuses_costs_nothing_but_the_pushes(
    dateline: Dateline, feed_server: FeedServer, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_WEBSUB_SECRET", SECRET)
    hub.refuses = True
    publish(feed_server, hub, 1)
    port = free_port()
    dateline.configure(
        feed_server.url(PATH), websub={"callback_url": f"http://127.0.0.1:{port}/", "port": port}
    )
    process = started(dateline)
    wait_for(process, "takes no subscription")
    ended(process)
    [state] = dateline.feed_states()
    assert state["health"] == "ok"
    assert state["subscription"]["failures"] == 1
    assert len(dateline.articles()) == 1


def test_without_a_secret_the_run_says_what_is_missing(
    dateline: Dateline, feed_server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATELINE_WEBSUB_SECRET", raising=False)
    dateline.configure(
        feed_server.url(PATH), websub={"callback_url": "https://news.example.org/websub"}
    )
    said = dateline("run", status=2).stderr
    assert "DATELINE_WEBSUB_SECRET" in said


def test_a_changed_bound_holds_for_pushes_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_WEBSUB_SECRET", SECRET)
    port, topic = free_port(), "https://paper.example/feed.xml"
    address = f"http://127.0.0.1:{port}/{callback_token(read_secret(os.environ), topic)}"
    config = Config.model_validate(
        {
            "index": {"url": f"embedded:{tmp_path / 'index'}"},
            "http": {"max_bytes": 1000},
            "websub": {"callback_url": address, "port": port},
            "feeds": [{"url": topic}],
        }
    )
    with opened(config), serving_hubs(config) as on_change:
        push = urllib.request.Request(address, data=b"x" * 2000)
        assert status_of(push) == 413
        http = config.http.model_copy(update={"max_bytes": 3000})
        on_change(config.model_copy(update={"http": http}))
        assert status_of(push) == 202
