"""One fetch against a real server on loopback: conditional, compressed, redirected, limited."""

import asyncio
import gzip
import re

import brotli
import pytest

from schemas.config import HttpConfig
from schemas.poll import FetchResult, Poll
from tests.servers.feed_server import FeedServer, Response
from tests.transforms.http.polls import LOOPBACK, NOW, poll_of, requests_to
from transforms.http.client import FeedClient
from transforms.http.fetch import fetch

BODY = b"<rss version='2.0'><channel><title>Feed</title></channel></rss>"


def ask(poll: Poll, config: HttpConfig = LOOPBACK) -> FetchResult:
    async def run() -> FetchResult:
        client = FeedClient(config)
        try:
            return await fetch(client, poll, config, lambda: NOW)
        finally:
            await client.close()

    return asyncio.run(run())


def config(**changes: object) -> HttpConfig:
    return LOOPBACK.model_copy(update=changes)


def test_validators_come_back_as_given_and_lead_to_304(feed_server: FeedServer) -> None:
    modified = "Sun, 01 Mar 2026 10:00:00 GMT"
    feed_server.put("/feed", BODY, last_modified=modified)
    first = ask(poll_of(feed_server.url("/feed")))
    assert (first.status, first.body, first.error) == (200, BODY, "")
    assert first.last_modified == modified
    assert first.etag.startswith('"')

    again = poll_of(feed_server.url("/feed"), etag=first.etag, last_modified=modified)
    second = ask(again)
    assert (second.status, second.body, second.error) == (304, b"", "")
    assert second.etag == first.etag
    sent = requests_to(feed_server, "/feed", 2)[-1].headers
    assert sent["If-None-Match"] == first.etag
    assert sent["If-Modified-Since"] == modified


def test_not_modified_is_no_answer_to_who_knows_nothing(feed_server: FeedServer) -> None:
    feed_server.respond("/feed", Response(304))
    result = ask(poll_of(feed_server.url("/feed")))
    assert "answered 304 (not modified) to a request without ETag" in result.error
    for known in ({"etag": '"1"'}, {"last_modified": "Sun, 01 Mar 2026 10:00:00 GMT"}):
        assert ask(poll_of(feed_server.url("/feed"), **known)).error == ""


@pytest.mark.parametrize("tag", ['W/"weak"', "no quotes", '"a,b"'])
def test_an_odd_etag_is_not_mended(feed_server: FeedServer, tag: str) -> None:
    feed_server.respond("/feed", Response(headers={"ETag": tag}, body=BODY))
    result = ask(poll_of(feed_server.url("/feed"), etag=tag))
    assert result.etag == tag
    assert requests_to(feed_server, "/feed")[0].headers["If-None-Match"] == tag


def test_a_delta_of_the_feed_is_taken(feed_server: FeedServer) -> None:
    feed_server.respond("/feed", Response(226, {"IM": "feed", "ETag": '"2"'}, body=BODY))
    result = ask(poll_of(feed_server.url("/feed"), etag='"1"'))
    assert (result.status, result.body, result.etag, result.error) == (226, BODY, '"2"', "")
    sent = requests_to(feed_server, "/feed")[0].headers
    assert (sent["A-IM"], sent["If-None-Match"]) == ("feed", '"1"')


def test_links_are_read_from_all_of_their_lines(feed_server: FeedServer) -> None:
    lines = {
        "Link": '<https://hub.example/>; rel="hub"',
        "link": '<https://a.example/>; rel="self"',
    }
    feed_server.respond("/feed", Response(headers=lines, body=BODY))
    assert ask(poll_of(feed_server.url("/feed"))).links == list(lines.values())


def test_no_cookie_is_kept(feed_server: FeedServer) -> None:
    moved = Response(302, {"Location": "/feed", "Set-Cookie": "visitor=1; Path=/"})
    feed_server.respond("/old", moved)
    feed_server.put("/feed", BODY)
    # aiohttp's jar would keep none of an address without a name.
    url = feed_server.url("/old").replace("127.0.0.1", "localhost")
    assert ask(poll_of(url, host="localhost")).body == BODY
    assert "Cookie" not in requests_to(feed_server, "/feed")[0].headers


def test_the_user_agent_names_dateline_and_a_contact(feed_server: FeedServer) -> None:
    feed_server.put("/feed", BODY)
    ask(poll_of(feed_server.url("/feed")))
    sent = requests_to(feed_server, "/feed")[0].headers["User-Agent"]
    assert re.fullmatch(r"Dateline/[0-9.]+ \(\+https://\S+\)", sent)


@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
def test_bodies_are_unpacked(feed_server: FeedServer, encoding: str) -> None:
    feed_server.put("/feed", BODY, encoding=encoding)
    assert ask(poll_of(feed_server.url("/feed"))).body == BODY


@pytest.mark.parametrize(
    ("statuses", "is_permanent"),
    [((301,), True), ((308, 301), True), ((301, 302), False), ((307,), False), ((303,), False)],
    ids=str,
)
def test_only_a_chain_of_permanent_redirects_moves_a_feed(
    feed_server: FeedServer, statuses: tuple[int, ...], is_permanent: bool
) -> None:
    for step, status in enumerate(statuses):
        feed_server.redirect(f"/{step}", f"/{step + 1}", status)
    end = f"/{len(statuses)}"
    feed_server.put(end, BODY)
    result = ask(poll_of(feed_server.url("/0")))
    assert (result.body, result.final_url) == (BODY, feed_server.url(end))
    assert result.moved_to == (feed_server.url(end) if is_permanent else "")


@pytest.mark.parametrize(
    ("status", "detoured", "said"),
    [(301, False, "the feed is gone for good"), (302, True, "the feed itself may come back")],
    ids=["permanent", "temporary"],
)
def test_what_is_gone_behind_a_temporary_redirect_is_not_the_feed(
    feed_server: FeedServer, status: int, detoured: bool, said: str
) -> None:
    feed_server.redirect("/feed", "/gone", status)
    feed_server.respond("/gone", Response(410))
    result = ask(poll_of(feed_server.url("/feed")))
    assert (result.status, result.detoured) == (410, detoured)
    assert said in result.error


def test_a_failed_target_moves_nothing(feed_server: FeedServer) -> None:
    feed_server.redirect("/old", "/missing", 301)
    result = ask(poll_of(feed_server.url("/old")))
    assert (result.status, result.moved_to) == (404, "")
    assert "answered 404" in result.error


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("/a", "redirects in a circle"),
        ("", "without a Location"),
        ("http://[bad", "no address"),
        ("file:///etc/passwd", "must be http or https"),
        ("http://169.254.169.254/latest/meta-data", "cloud metadata"),
        ("http://10.0.0.1/", "private address"),
        ("http://[::ffff:10.0.0.1]/", "private address"),
    ],
)
def test_bad_redirects_are_named(feed_server: FeedServer, target: str, reason: str) -> None:
    feed_server.redirect("/a", target, 302)
    result = ask(poll_of(feed_server.url("/a")))
    assert reason in result.error
    assert result.body == b""


def test_redirects_end_at_the_limit(feed_server: FeedServer) -> None:
    for step in range(4):
        feed_server.redirect(f"/{step}", f"/{step + 1}")
    feed_server.put("/4", BODY)
    assert (
        "more than 3 redirects"
        in ask(poll_of(feed_server.url("/0")), config(max_redirects=3)).error
    )
    assert ask(poll_of(feed_server.url("/0")), config(max_redirects=4)).body == BODY


@pytest.mark.parametrize("pack", [gzip.compress, brotli.compress], ids=["gzip", "br"])
def test_a_bomb_is_stopped_at_the_limit(feed_server: FeedServer, pack) -> None:  # type: ignore[no-untyped-def]
    coding = "gzip" if pack is gzip.compress else "br"
    feed_server.respond(
        "/feed", Response(headers={"Content-Encoding": coding}, body=pack(b" " * 30_000_000))
    )
    result = ask(poll_of(feed_server.url("/feed")), config(max_bytes=1_000_000))
    assert "larger than 1,000,000 bytes after decompression (http.max_bytes)" in result.error
    assert result.body == b""


def test_a_compressed_body_is_stopped_at_the_limit_too(feed_server: FeedServer) -> None:
    # What follows the last member unpacks to nothing.
    pieces = (gzip.compress(BODY), b"\0" * 2_000)
    headers = {"Content-Encoding": "gzip"}
    feed_server.respond("/feed", Response(headers=headers, chunks=lambda: iter(pieces)))
    result = ask(poll_of(feed_server.url("/feed")), config(max_bytes=1_000))
    assert "larger than 1,000 bytes as sent (http.max_bytes)" in result.error
    assert result.body == b""


def test_a_body_that_says_it_is_too_large_is_not_read(feed_server: FeedServer) -> None:
    feed_server.respond("/feed", Response(body=b"x" * 2000))
    assert (
        "2,000 bytes, more than 1,000"
        in ask(poll_of(feed_server.url("/feed")), config(max_bytes=1000)).error
    )


def test_a_dripping_server_is_cut_by_the_timeout_as_a_whole(feed_server: FeedServer) -> None:
    feed_server.put_endless("/feed")
    result = ask(poll_of(feed_server.url("/feed")), config(timeout=0.5))
    assert "no complete answer within 0.5 s (http.timeout)" in result.error
    assert result.body == b""


def test_the_timeout_counts_redirects_in(feed_server: FeedServer) -> None:
    feed_server.redirect("/feed", "/slow")
    feed_server.put_endless("/slow")
    assert "http.timeout" in ask(poll_of(feed_server.url("/feed")), config(timeout=0.5)).error


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (Response(410), "gone for good"),
        (Response(500), "the server has a problem"),
        (Response(401), "wants a user and password"),
        (Response(body=BODY * 9, close_after=20), "broke off before its end"),
        (Response(headers={"Content-Encoding": "gzip"}, body=gzip.compress(BODY)[:-9]), "middle"),
        (Response(headers={"Content-Encoding": "zstd"}, body=BODY), "'zstd'"),
        (Response(headers={"Content-Encoding": "br"}, body=BODY), "no valid br"),
        (Response(226, headers={"IM": "vcdiff"}, body=BODY), "only `feed` was asked for"),
    ],
    ids=["410", "500", "401", "cut", "cut gzip", "zstd", "not br", "vcdiff"],
)
def test_what_is_wrong_is_said(feed_server: FeedServer, response: Response, reason: str) -> None:
    feed_server.respond("/feed", response)
    result = ask(poll_of(feed_server.url("/feed")))
    assert reason in result.error
    assert result.error.startswith(feed_server.url("/feed"))
    assert result.body == b""


def test_nobody_listening_is_an_error_of_the_result(feed_server: FeedServer) -> None:
    url = feed_server.url("/feed")
    feed_server.close()
    result = ask(poll_of(url))
    assert result.status is None
    host = f"127.0.0.1:{feed_server.port}"
    assert result.error == f"{url}: no connection to {host} (Connection refused)"
    assert result.unreachable


def test_private_addresses_are_refused_unless_allowed(feed_server: FeedServer) -> None:
    feed_server.put("/feed", BODY)
    guarded = HttpConfig()
    for url in (
        feed_server.url("/feed"),
        f"http://localhost:{feed_server.port}/feed",
        f"http://2130706433:{feed_server.port}/feed",
    ):
        error = ask(poll_of(url), guarded).error
        assert "loopback address" in error
        assert "http.allow_networks" in error
    assert feed_server.requests == []


def test_secrets_of_the_address_are_not_in_the_error(feed_server: FeedServer) -> None:
    result = ask(poll_of(feed_server.url("/feed?id=7&api_key=topsecret")))
    assert "topsecret" not in result.error
    assert "id=7" in result.error


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("wish", "seconds"),
    [("120", 120), ("Tue, 31 Dec 2199 12:10:00 GMT", 86_400), ("9999999", 86_400), ("soon", None)],
)
def test_retry_after_holds_the_host(
    feed_server: FeedServer, status: int, wish: str, seconds: float | None
) -> None:
    feed_server.respond("/feed", Response(status, {"Retry-After": wish}))
    result = ask(poll_of(feed_server.url("/feed")))
    assert result.hold_host == seconds
    assert result.error


def test_retry_after_holds_only_the_feed_where_it_is_configured_so(feed_server: FeedServer) -> None:
    feed_server.respond("/feed", Response(429, {"Retry-After": "120"}))
    poll = poll_of(feed_server.url("/feed"))
    poll.feed.hold = "feed"
    result = ask(poll)
    assert (result.hold_host, result.hold_feed) == (None, 120)


def test_a_feed_that_has_moved_is_asked_at_its_new_address(feed_server: FeedServer) -> None:
    feed_server.put("/new", BODY)
    poll = poll_of(feed_server.url("/old"))
    poll.state.address = feed_server.url("/new")
    result = ask(poll)
    assert (result.body, result.moved_to) == (BODY, "")
    assert feed_server.requests_to("/old") == []


def test_freshness_is_told(feed_server: FeedServer) -> None:
    feed_server.put("/feed", BODY, headers={"Cache-Control": "public, max-age=900"})
    result = ask(poll_of(feed_server.url("/feed")))
    assert (result.max_age_seconds, result.fetched_at) == (900, NOW)
