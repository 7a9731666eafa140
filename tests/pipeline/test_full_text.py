"""Full texts, from the feed to the document, on both indexes."""

import threading
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipeline.configuration import load_config
from tests.pipeline.dateline import Dateline
from tests.servers.feed_documents import Item, rss
from tests.servers.feed_server import FeedServer, Response
from tests.transforms.pages.test_extraction import PARAGRAPHS, page
from transforms.clock import utc_now
from transforms.storage.open import open_store

FULL = "\n\n".join(PARAGRAPHS)
TEASER = PARAGRAPHS[0]


def html(body: bytes, status: int = 200, **headers: str) -> Response:
    return Response(status, {"Content-Type": "text/html; charset=utf-8", **headers}, body=body)


def items(server: FeedServer, *paths: str) -> list[Item]:
    return [Item(path, server.url(path), f"N{path}", summary=TEASER) for path in paths]


def configure(dateline: Dateline, server: FeedServer, **polling: Any) -> None:
    feed = {"url": server.url("/feed.xml"), "name": "Feed", "full_text": True}
    dateline.configure(feeds=[feed], polling={"per_host_delay": 0, "round": "500ms", **polling})


def bodies(dateline: Dateline) -> dict[str, str]:
    return {one["message"]: one["news"]["body"] for one in dateline.articles()}


def asked(server: FeedServer, path: str) -> int:
    return len(server.requests_to(path))


def test_the_better_text_is_taken(dateline: Dateline, feed_server: FeedServer) -> None:
    feed_server.put("/feed.xml", rss(items(feed_server, "/full", "/poor", "/gone", "/pdf")))
    feed_server.respond("/full", html(page()))
    feed_server.respond("/poor", html(b"<html><body><p>Rain.</p></body></html>"))
    feed_server.respond("/pdf", html(b"%PDF-1.7"))
    configure(dateline, feed_server)
    dateline.run_once()
    assert bodies(dateline) == {"N/full": FULL, "N/poor": TEASER, "N/gone": TEASER, "N/pdf": TEASER}
    dateline.run_once()
    assert asked(feed_server, "/full") == 1, "what is known is not fetched again"
    assert {one["news"]["revision"] for one in dateline.articles()} == {1}


def test_robots_txt_is_obeyed_and_asked_once(dateline: Dateline, feed_server: FeedServer) -> None:
    feed_server.put("/feed.xml", rss(items(feed_server, "/open", "/closed/1", "/closed/2")))
    rules = b"User-agent: Dateline\nDisallow: /closed/\n"
    feed_server.respond("/robots.txt", Response(200, {"Content-Type": "text/plain"}, body=rules))
    for path in ("/open", "/closed/1", "/closed/2"):
        feed_server.respond(path, html(page()))
    configure(dateline, feed_server)
    dateline.run_once()
    assert bodies(dateline) == {"N/open": FULL, "N/closed/1": TEASER, "N/closed/2": TEASER}
    assert asked(feed_server, "/robots.txt") == 1
    assert asked(feed_server, "/closed/1") == 0


def test_the_crawl_delay_of_robots_txt_is_waited_for(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    # Three, since what reads the first is loaded between it and the second, which takes long.
    paths = ("/a", "/b", "/c")
    feed_server.put("/feed.xml", rss(items(feed_server, *paths)))
    rules = b"User-agent: *\nCrawl-delay: 0.5\n"
    feed_server.respond("/robots.txt", Response(200, {"Content-Type": "text/plain"}, body=rules))
    for path in paths:
        feed_server.respond(path, html(page()))
    configure(dateline, feed_server)
    dateline.run_once()
    asked_at = sorted(feed_server.requests_to(path)[0].at for path in paths)
    assert all(second - first >= 0.5 for first, second in pairwise(asked_at))


def test_a_site_that_cannot_give_its_rules_gives_no_pages(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    feed_server.put("/feed.xml", rss(items(feed_server, "/page")))
    feed_server.respond("/robots.txt", Response(500))
    feed_server.respond("/page", html(page()))
    configure(dateline, feed_server)
    dateline.run_once()
    assert bodies(dateline) == {"N/page": TEASER}
    assert asked(feed_server, "/page") == 0


def test_more_entries_than_pages_are_left_to_the_next_polls(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    paths = [f"/page/{number}" for number in range(5)]
    feed_server.put("/feed.xml", rss(items(feed_server, *paths)))
    for path in paths:
        feed_server.respond(path, html(page()))
    configure(dateline, feed_server, pages_per_poll=2)
    dateline.run_once()
    assert bodies(dateline) == {f"N{path}": FULL for path in paths}
    assert [asked(feed_server, path) for path in paths] == [1] * 5
    assert asked(feed_server, "/feed.xml") == 3


def test_a_page_that_asks_to_be_left_alone_holds_the_host(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    feed_server.put("/feed.xml", rss(items(feed_server, "/busy", "/next")))
    feed_server.respond("/busy", html(b"", 429, **{"Retry-After": "600"}))
    feed_server.respond("/next", html(page()))
    configure(dateline, feed_server)
    dateline.run_once()
    assert bodies(dateline) == {"N/busy": TEASER, "N/next": TEASER}
    assert asked(feed_server, "/next") == 0
    dateline.run_once()
    assert asked(feed_server, "/feed.xml") == 1, "the host is left alone"


def elsewhere(server: FeedServer, path: str) -> str:
    return f"http://localhost:{server.port}{path}"


def items_elsewhere(server: FeedServer, *paths: str) -> list[Item]:
    return [Item(path, elsewhere(server, path), f"N{path}", summary=TEASER) for path in paths]


def test_a_page_of_another_publisher_is_asked_under_a_lease_of_its_own(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    leased: list[list[str]] = []

    def answer(_request: Any) -> Response:
        leased.append(dateline.leased_hosts())
        return html(page())

    paths = ["/1", "/2"]
    for path in paths:
        feed_server.script(path, answer)
    own = items(feed_server, "/own")
    feed_server.respond("/own", html(page()))
    feed_server.put("/feed.xml", rss([*own, *items_elsewhere(feed_server, *paths)]))
    configure(dateline, feed_server)
    dateline.run_once()
    assert bodies(dateline) == {"N/1": FULL, "N/2": FULL, "N/own": FULL}
    hosts = ["127.0.0.1", "localhost", f"localhost:{feed_server.port}"]
    assert leased == [hosts, hosts]
    with closing(open_store(dateline.config(), read_only=True)) as store:
        assert [(host.host, host.lease) for host in store.hosts()] == [(one, None) for one in hosts]


def test_another_publisher_that_wants_to_be_left_alone_is_and_the_feed_goes_on(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    feed_server.put("/feed.xml", rss(items_elsewhere(feed_server, "/busy", "/next")))
    feed_server.respond("/busy", html(b"", 429, **{"Retry-After": "600"}))
    feed_server.respond("/next", html(page()))
    configure(dateline, feed_server)
    dateline.run_once()
    feed_server.put("/feed.xml", rss(items_elsewhere(feed_server, "/busy", "/next", "/later")))
    feed_server.respond("/later", html(page()))
    dateline.run_once()
    assert bodies(dateline) == {"N/busy": TEASER, "N/next": TEASER, "N/later": TEASER}
    assert (asked(feed_server, "/next"), asked(feed_server, "/later")) == (0, 0)
    assert asked(feed_server, "/feed.xml") == 2


def test_a_page_whose_host_another_process_asks_is_taken_at_the_next_poll(
    tmp_path: Path, elasticsearch_url: str, index_prefix: str, feed_server: FeedServer
) -> None:
    dateline = Dateline(tmp_path, {"url": elasticsearch_url, "prefix": index_prefix})
    feed_server.put("/feed.xml", rss(items_elsewhere(feed_server, "/page")))
    feed_server.respond("/page", html(page()))
    configure(dateline, feed_server)
    with closing(open_store(dateline.config())) as store:
        store.setup()
        # Another machine's, so that nobody knows whether it lives.
        host = f"localhost:{feed_server.port}"
        loan = store.borrow([host], "elsewhere/1/0", utc_now(), lease_seconds=3_600)
        dateline.run_once()
        assert bodies(dateline) == {"N/page": TEASER}
        store.give_back(loan.leases, last_request=None, hold_until=None)
    dateline.run_once()
    assert bodies(dateline) == {"N/page": FULL}
    assert {one["news"]["revision"] for one in dateline.articles()} == {1}
    dateline.run_once()
    assert [request.status for request in feed_server.requests_to("/feed.xml")] == [200, 200, 304]


def test_feeds_that_link_to_each_others_hosts_wait_for_nobody(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    # Each page is answered when both have been asked for: while both feeds have their leases.
    both = threading.Barrier(2, timeout=30)

    def answer(_request: Any) -> Response:
        both.wait()
        return html(page())

    feed_server.script("/1", answer)
    feed_server.script("/2", answer)
    feed_server.put("/a.xml", rss(items_elsewhere(feed_server, "/1")))
    feed_server.put("/b.xml", rss(items(feed_server, "/2")))
    urls = [feed_server.url("/a.xml"), elsewhere(feed_server, "/b.xml")]
    dateline.configure(feeds=[{"url": url, "full_text": True} for url in urls])
    dateline.run_once()
    assert bodies(dateline) == {"N/1": FULL, "N/2": FULL}


def test_pages_are_asked_one_at_a_time_under_the_feeds_lease(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    paths = [f"/page/{number}" for number in range(4)]
    feed_server.put("/feed.xml", rss(items(feed_server, *paths)))
    lock = threading.Lock()
    overlapping: list[str] = []

    def script(path: str) -> None:
        def answer(_request: Any) -> Response:
            if not lock.acquire(blocking=False):
                overlapping.append(path)
                return html(page())
            try:
                # Long enough that a second request, were there one, would meet this one.
                threading.Event().wait(0.05)
                return html(page())
            finally:
                lock.release()

        feed_server.script(path, answer)

    for path in paths:
        script(path)
    configure(dateline, feed_server)
    dateline.run_once()
    assert overlapping == []
    assert set(bodies(dateline).values()) == {FULL}


@pytest.mark.parametrize(
    ("feeds", "holds"),
    [
        ([{"full_text": True}, {}], ["domain", "domain", "host"]),
        ([{"hold": "domain"}, {}], ["domain", "domain", "host"]),
        ([{"full_text": True, "hold": "feed"}, {}], ["feed", "host", "host"]),
        ([{"full_text": True}, {"hold": "feed"}], ["domain", "feed", "host"]),
    ],
    ids=["full_text", "by_domain", "full_text_by_feed", "another_by_feed"],
)
def test_a_domain_has_one_lease_where_one_of_its_feeds_needs_it(
    tmp_path: Path, feeds: list[dict[str, Any]], holds: list[str]
) -> None:
    import yaml

    urls = ["https://news.paper.example/a", "https://sport.paper.example/b", "https://c.example/"]
    listed = [{"url": url, **more} for url, more in zip(urls, [*feeds, {}], strict=True)]
    (tmp_path / "dateline.yaml").write_text(yaml.safe_dump({"feeds": listed}))
    assert [feed.hold for feed in load_config(tmp_path / "dateline.yaml").feeds] == holds
