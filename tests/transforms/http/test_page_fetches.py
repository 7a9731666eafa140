"""Pages of new entries: robots.txt and leases hold for all that is asked on the way to them."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from schemas.config import Config
from schemas.feed import HoldScope
from schemas.poll import FetchResult
from tests.servers.feed_documents import Item, rss
from tests.servers.feed_server import FeedServer, Response, feed_server_on
from tests.transforms.http.polls import AT_ONCE, LOOPBACK, NOW, work_of
from tests.transforms.pages.test_extraction import page
from transforms.http.pool import FetchPool
from transforms.lease_unit import lease_unit
from transforms.storage.open import open_store

LONG = 15.0
PAGE = Response(200, {"Content-Type": "text/html; charset=utf-8"}, page())


@pytest.fixture
def elsewhere() -> Iterator[FeedServer]:
    with feed_server_on("127.0.0.2") as server:
        yield server


def polled(server: FeedServer, *pages: str, hold: HoldScope = "host", **pool: Any) -> FetchResult:
    """Polls a feed of which all entries are new."""
    server.put("/feed", rss([Item(url, url, f"News {url}") for url in pages]))
    work = work_of(server.url("/feed"), host=lease_unit(server.url("/")))
    work.polls[0].feed.full_text, work.polls[0].feed.hold = True, hold
    fetches = FetchPool(LOOPBACK, AT_ONCE, clock=lambda: NOW, **pool)
    fetches.submit(work)
    (result,) = fetches.collect(LONG)
    fetches.close(0)
    return result


def rules(server: FeedServer, text: str) -> None:
    server.respond("/robots.txt", Response(200, {"Content-Type": "text/plain"}, text.encode()))


def paths(server: FeedServer) -> list[str]:
    return [request.path for request in server.requests]


def test_a_redirect_leads_to_nothing_that_robots_txt_does_not_permit(
    feed_server: FeedServer,
) -> None:
    rules(feed_server, "User-agent: *\nDisallow: /private/\n")
    feed_server.redirect("/go", feed_server.url("/private/1"), 302)
    feed_server.respond("/private/1", PAGE)
    result = polled(feed_server, feed_server.url("/go"))
    assert (result.pages, result.pages_put_off) == ({}, [])
    assert "/private/1" not in paths(feed_server)


@pytest.mark.parametrize(("disallowed", "taken"), [("/", 0), ("/other", 1)], ids=["no", "yes"])
def test_the_rules_of_a_redirects_host_decide(
    feed_server: FeedServer, elsewhere: FeedServer, disallowed: str, taken: int
) -> None:
    rules(elsewhere, f"User-agent: *\nDisallow: {disallowed}\n")
    elsewhere.respond("/page", PAGE)
    feed_server.redirect("/go", elsewhere.url("/page"), 302)
    result = polled(feed_server, feed_server.url("/go"))
    assert len(result.pages) == taken
    assert paths(elsewhere) == ["/robots.txt", "/page"][: 1 + taken]


@pytest.mark.parametrize(
    ("hold", "held"),
    [("host", (3600, None)), ("domain", (3600, None)), ("feed", (None, 3600))],
    ids=["host", "domain", "feed"],
)
@pytest.mark.parametrize("asks", ["/robots.txt", "/1"], ids=["robots", "page"])
def test_a_retry_after_holds_what_the_same_of_the_feed_would(
    feed_server: FeedServer, hold: HoldScope, held: tuple[Any, Any], asks: str
) -> None:
    feed_server.respond("/2", PAGE)
    feed_server.respond(asks, Response(429, {"Retry-After": "3600"}))
    result = polled(feed_server, feed_server.url("/1"), feed_server.url("/2"), hold=hold)
    assert (result.hold_host, result.hold_feed) == held
    assert result.hold_cause == f"{feed_server.url(asks)} answered 429"
    assert paths(feed_server)[-1] == asks


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config.model_validate({"index": {"url": f"embedded:{tmp_path / 'index'}"}})


@pytest.mark.parametrize("direct", [True, False], ids=["linked", "redirected"])
def test_a_page_whose_host_has_anothers_lease_is_left_to_the_next_poll(
    config: Config, feed_server: FeedServer, elsewhere: FeedServer, direct: bool
) -> None:
    feed_server.redirect("/go", elsewhere.url("/page"), 302)
    feed_server.respond("/own", PAGE)
    link = elsewhere.url("/page") if direct else feed_server.url("/go")
    with closing(open_store(config)) as store:
        store.setup()
        store.borrow([lease_unit(elsewhere.url("/"))], "other", NOW, lease_seconds=60)
        opener = partial(open_store, config)
        result = polled(feed_server, link, feed_server.url("/own"), open_store=opener)
    assert (result.pages_put_off, list(result.pages)) == ([link], [feed_server.url("/own")])
    assert elsewhere.requests == []


def test_a_robots_txt_of_another_publisher_holds_its_host(
    config: Config, feed_server: FeedServer, elsewhere: FeedServer
) -> None:
    elsewhere.respond("/robots.txt", Response(429, {"Retry-After": "3600"}))
    with closing(open_store(config)) as store:
        store.setup()
        links = [elsewhere.url("/1"), elsewhere.url("/2")]
        result = polled(feed_server, *links, open_store=partial(open_store, config))
        held = {host.host for host in store.hosts() if host.hold_until is not None}
    assert (result.hold_host, result.hold_feed, result.pages_put_off) == (None, None, [])
    assert lease_unit(elsewhere.url("/")) in held
    assert paths(elsewhere) == ["/robots.txt"]


def test_a_page_that_is_not_there_is_named_once_and_is_no_feed(
    feed_server: FeedServer, caplog: pytest.LogCaptureFixture
) -> None:
    url = feed_server.url("/missing.html")
    with caplog.at_level("INFO"):
        assert polled(feed_server, url).pages == {}
    (said,) = [record.getMessage() for record in caplog.records if "missing" in record.message]
    assert said == f"{url}: answered 404 Not Found; the feed's text is kept"
