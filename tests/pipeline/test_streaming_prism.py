"""The unbounded graph on Prism, Beam's local runner for streams."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.pipeline.dateline import Dateline
from tests.pipeline.random_kills import KillReport, compare
from tests.pipeline.streaming_runs import StreamingRun, polled_to_the_end, prism_options
from tests.servers.feed_documents import Item, rss
from tests.servers.feed_server import FeedServer
from tests.servers.prism import prism
from tests.servers.publisher import Publisher

LEASE_SECONDS = 8  # half of it is more than a loaded machine stands still
POLLING = {
    "per_host_delay": 0,
    "round": "200ms",
    "lease": f"{LEASE_SECONDS}s",
    "interval": {"min": "1s", "max": "1s"},
}

SOMEBODY_ELSE = "Changed/1.0 (+mailto:changed@paper.example)"
AS_SOMEBODY_ELSE = {"allow_networks": ["127.0.0.0/8"], "user_agent": SOMEBODY_ELSE}


@pytest.fixture(scope="session")
def prism_program() -> Path:
    return prism()


@pytest.fixture
def shared(tmp_path: Path, elasticsearch_url: str, index_prefix: str) -> Dateline:
    """Gives an installation whose index several processes can share."""
    return Dateline(tmp_path, {"url": elasticsearch_url, "prefix": index_prefix})


@pytest.fixture
def embedded(tmp_path: Path) -> Dateline:
    """Gives an installation with an embedded index, where the index makes no difference."""
    return Dateline(tmp_path, {"url": "embedded:./index"})


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    published = Publisher(keep_seconds=200, pause_seconds=0.2, slowest_seconds=1.5, seed=8)
    yield published
    published.close()


def report(number: int) -> Item:
    published = datetime(2026, 3, 1, 9, tzinfo=UTC)
    return Item(f"g{number}", f"https://paper.example/{number}", f"N{number}", published=published)


def is_asked_for_by_somebody_else(publisher: Publisher) -> bool:
    """Says whether the newest request for each feed bears the changed User-Agent."""
    newest = [server.requests_to(path)[-1:] for server, path in publisher.feeds()]
    return all(one and one[0].headers["User-Agent"] == SOMEBODY_ELSE for one in newest)


def prisms_of(run: StreamingRun) -> int:
    return sum(name == "prism" or name.startswith("prism-") for name in run.programs())


def wait_for_polls(run: StreamingRun, publisher: Publisher, polls: int) -> None:
    enough = publisher.requests + polls
    run.wait_until(lambda: publisher.requests >= enough, f"{polls} polls")


def test_a_stream_polls_each_feed_when_it_is_due_and_stops_cleanly(
    dateline: Dateline, feed_server: FeedServer, prism_program: Path
) -> None:
    feed_server.put("/one.xml", rss([report(n) for n in range(20)]))
    feed_server.put("/two.xml", rss([report(n) for n in range(15, 40)]))
    other_host = f"http://localhost:{feed_server.port}/two.xml"
    dateline.configure(feed_server.url("/one.xml"), other_host, polling=POLLING)
    run = StreamingRun(dateline, *prism_options(prism_program))
    try:
        feeds = [(feed_server, "/one.xml"), (feed_server, "/two.xml")]
        run.wait_until(polled_to_the_end(feeds), "both feeds")
        feed_server.put("/one.xml", rss([report(n) for n in range(25)] + [report(40)]))
        run.wait_until(polled_to_the_end(feeds), "the change")
        assert run.stop(signal.SIGTERM) == 143
    finally:
        run.close()
    titles = [article["message"] for article in dateline.articles()]
    assert sorted(titles) == sorted(f"N{n}" for n in range(41))
    assert dateline.leased_hosts() == []


def test_answers_that_come_after_their_bundle_are_taken_by_a_later_tick(
    shared: Dateline, feed_server: FeedServer, prism_program: Path
) -> None:
    release = feed_server.put_blocked("/slow.xml", rss([report(1)]))
    feed_server.put("/quick.xml", rss([report(2)]))
    slow = f"http://localhost:{feed_server.port}/slow.xml"
    shared.configure(feed_server.url("/quick.xml"), slow, polling=POLLING)
    run = StreamingRun(shared, *prism_options(prism_program))
    try:
        # More polls than the slow one's lease is long: it has been renewed meanwhile.
        run.wait_until(
            lambda: len(feed_server.requests_to("/quick.xml")) > LEASE_SECONDS + 3, "quick polls"
        )
        release.set()
        # Nothing else of this host is asked before the slow answer's poll has ended.
        run.wait_until(lambda: len(feed_server.requests_to("/slow.xml")) >= 2, "the slow feed")
        assert run.stop(signal.SIGINT) == 130
    finally:
        run.close()
    assert sorted(article["message"] for article in shared.articles()) == ["N1", "N2"]
    assert "the lease of" not in run.log()
    assert shared.leased_hosts() == []


def test_a_killed_job_that_is_started_again_loses_and_doubles_nothing(
    shared: Dateline, publisher: Publisher, prism_program: Path
) -> None:
    shared.configure(*publisher.urls, polling=POLLING)
    found = KillReport()
    for _ in range(2):
        run = StreamingRun(shared, *prism_options(prism_program))
        try:
            wait_for_polls(run, publisher, 8)
            run.kill()
        finally:
            run.close()
        found.kills += 1
        found.amid_polls += bool(shared.leased_hosts())
    run = StreamingRun(shared, *prism_options(prism_program))
    try:
        wait_for_polls(run, publisher, 8)
        publisher.fall_silent()
        run.wait_until(polled_to_the_end(publisher.feeds()), "each silent feed polled twice")
        assert run.stop() == 143
    finally:
        run.close()
    compare(shared, publisher, found)
    assert found.problems == []
    assert found.amid_polls > 0, "no kill met a poll: the test has shown nothing"
    assert found.edits > 0


def test_a_changed_configuration_is_taken_up_by_another_job_of_the_same_process(
    embedded: Dateline, publisher: Publisher, prism_program: Path
) -> None:
    urls = publisher.urls
    embedded.configure(urls[0], polling=POLLING)
    run = StreamingRun(embedded, *prism_options(prism_program))
    try:
        wait_for_polls(run, publisher, 3)
        embedded.configure(*urls, http=AS_SOMEBODY_ELSE)
        run.wait_until(lambda: is_asked_for_by_somebody_else(publisher), "the first change")
        # Again and again, so that what one job leaves behind would be met by the next.
        embedded.configure(*urls[:-1])
        run.wait_until(lambda: run.log().count("is taken up: ") == 2, "the second change")
        wait_for_polls(run, publisher, 10)
        embedded.configure(*urls)
        run.wait_until(lambda: run.log().count("is taken up: ") == 3, "the third change")
        assert prisms_of(run) == 1
        publisher.fall_silent()
        run.wait_until(polled_to_the_end(publisher.feeds()), "each silent feed polled twice")
        assert run.stop() == 143
    finally:
        run.close()
    found = KillReport()
    compare(embedded, publisher, found)
    assert found.problems == []
    assert publisher.overlaps == []
    assert "left to expire" not in run.log()
    assert embedded.leased_hosts() == []


def test_a_mistake_in_a_changed_configuration_costs_the_job_nothing(
    embedded: Dateline, feed_server: FeedServer, prism_program: Path
) -> None:
    feed_server.put("/one.xml", rss([report(1)]))
    feed_server.put("/two.xml", rss([report(2)]))
    one, two = feed_server.url("/one.xml"), feed_server.url("/two.xml")
    gazetteer = embedded.folder / "own.yaml"
    gazetteer.write_text("entries: [{nmae: Ada Example}]")
    embedded.configure(one, polling=POLLING)
    run = StreamingRun(embedded, *prism_options(prism_program))
    try:
        run.wait_until(polled_to_the_end([(feed_server, "/one.xml")]), "the first feed")
        embedded.configure(one, two, tagger={"data": ["own.yaml"]})
        run.wait_until(lambda: "is not taken up: " in run.log(), "the mistake is told")
        assert "own.yaml" in run.log()
        feed_server.put("/one.xml", rss([report(1), report(3)]))
        run.wait_until(polled_to_the_end([(feed_server, "/one.xml")]), "the old job goes on")
        assert not feed_server.requests_to("/two.xml")
        assert "the job ends" not in run.log()
        gazetteer.write_text("entries: []")
        run.wait_until(polled_to_the_end([(feed_server, "/two.xml")]), "the mended change")
        assert run.stop() == 143
    finally:
        run.close()
    assert sorted(article["message"] for article in embedded.articles()) == ["N1", "N2", "N3"]
    assert embedded.leased_hosts() == []


def test_a_new_job_that_is_not_taken_ends_the_run_with_its_error(
    embedded: Dateline, feed_server: FeedServer, prism_program: Path
) -> None:
    feed_server.put("/one.xml", rss([report(1)]))
    embedded.configure(feed_server.url("/one.xml"), polling=POLLING)
    program = embedded.folder / "prism"
    program.symlink_to(prism_program)
    run = StreamingRun(embedded, *prism_options(program))
    try:
        run.wait_until(polled_to_the_end([(feed_server, "/one.xml")]), "the feed")
        program.unlink()
        embedded.configure(feed_server.url("/one.xml"), http=AS_SOMEBODY_ELSE)
        assert run.process.wait(60) == 2
    finally:
        run.close()
    assert "the runner cannot be started" in run.log()
    assert [article["message"] for article in embedded.articles()] == ["N1"]
    assert embedded.leased_hosts() == []
