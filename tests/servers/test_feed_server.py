import gzip
import http.client
import threading
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import brotli
import pytest

from tests.servers.feed_server import FeedServer, Request, Response, feed_server_on

Answer = tuple[int, Mapping[str, str], bytes]


def get(server: FeedServer, path: str, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection = http.client.HTTPConnection(urlsplit(server.base_url).netloc, timeout=20)
    try:
        connection.request("GET", path, headers=named)
        answer = connection.getresponse()
        return answer.status, dict(answer.headers.items()), answer.read()
    finally:
        connection.close()


def test_a_document_is_served_and_then_not_modified_by_its_etag(feed_server: FeedServer) -> None:
    feed_server.put("/feed", b"<rss/>", content_type="text/xml")
    status, headers, body = get(feed_server, "/feed")
    assert (status, headers["Content-Type"], body) == (200, "text/xml", b"<rss/>")
    assert get(feed_server, "/feed", If_None_Match=headers["ETag"])[::2] == (304, b"")
    feed_server.put("/feed", b"<rss>new</rss>")
    assert get(feed_server, "/feed", If_None_Match=headers["ETag"])[::2] == (200, b"<rss>new</rss>")


def test_a_document_is_not_modified_by_its_date(feed_server: FeedServer) -> None:
    date = "Sun, 01 Mar 2026 12:00:00 GMT"
    feed_server.put("/feed", b"x", etag=False, last_modified=date)
    status, headers, _ = get(feed_server, "/feed")
    assert (status, headers["Last-Modified"], "ETag" in headers) == (200, date, False)
    assert get(feed_server, "/feed", If_Modified_Since=date)[0] == 304


@pytest.mark.parametrize(
    ("encoding", "unpack"), [("gzip", gzip.decompress), ("br", brotli.decompress)]
)
def test_a_document_is_served_compressed(
    feed_server: FeedServer, encoding: str, unpack: Callable[[bytes], bytes]
) -> None:
    feed_server.put("/feed", b"<rss/>" * 100, encoding=encoding)
    _, headers, body = get(feed_server, "/feed")
    assert headers["Content-Encoding"] == encoding
    assert unpack(body) == b"<rss/>" * 100


def test_answers_come_in_turn_and_the_last_one_stays(feed_server: FeedServer) -> None:
    feed_server.respond("/feed", Response(503, {"Retry-After": "7"}), Response(body=b"well"))
    answers = [get(feed_server, "/feed") for _ in range(3)]
    assert [status for status, _, _ in answers] == [503, 200, 200]
    assert answers[0][1]["Retry-After"] == "7"


def test_a_function_of_the_request_answers(feed_server: FeedServer) -> None:
    def echo(request: Request) -> Response:
        return Response(body=request.headers["X-Word"].encode())

    feed_server.script("/echo", echo)
    assert get(feed_server, "/echo", X_Word="hello")[2] == b"hello"


def test_a_redirect_names_its_target(feed_server: FeedServer) -> None:
    feed_server.redirect("/old", feed_server.url("/new"), 301)
    status, headers, _ = get(feed_server, "/old")
    assert (status, headers["Location"]) == (301, feed_server.base_url + "/new")


def test_a_blocked_answer_waits_for_its_event(feed_server: FeedServer) -> None:
    release = feed_server.put_blocked("/slow", b"at last")
    feed_server.put("/quick", b"now")
    answers: list[Answer] = []
    waiting = threading.Thread(target=lambda: answers.append(get(feed_server, "/slow")))
    waiting.start()
    assert get(feed_server, "/quick")[0] == 200
    assert answers == []
    release.set()
    waiting.join(20)
    assert [body for _, _, body in answers] == [b"at last"]


def test_a_body_cut_short_is_seen_as_such(feed_server: FeedServer) -> None:
    feed_server.respond("/cut", Response(body=b"0123456789", close_after=4))
    with pytest.raises(http.client.IncompleteRead) as cut:
        get(feed_server, "/cut")
    assert cut.value.partial == b"0123"


def test_chunks_are_sent_to_the_last(feed_server: FeedServer) -> None:
    feed_server.respond("/drip", Response(chunks=lambda: iter([b"a", b"b", b"c"])))
    assert get(feed_server, "/drip")[2] == b"abc"


def test_requests_are_remembered_in_order(feed_server: FeedServer) -> None:
    feed_server.put("/one", b"1")
    assert get(feed_server, "/one", User_Agent="tester")[0] == 200
    assert get(feed_server, "/none")[0] == 404
    feed_server.remove("/one")
    assert get(feed_server, "/one")[0] == 404
    seen = [(request.path, request.status) for request in feed_server.requests]
    assert seen == [("/one", 200), ("/none", 404), ("/one", 404)]
    assert feed_server.requests_to("/one")[0].headers["User-Agent"] == "tester"
    assert feed_server.requests[0].at <= feed_server.requests[1].at


def test_servers_on_several_addresses_are_several_hosts() -> None:
    with feed_server_on("127.0.0.2") as second, feed_server_on("127.0.0.3") as third:
        second.put("/", b"2")
        third.put("/", b"3")
        assert [get(server, "/")[2] for server in (second, third)] == [b"2", b"3"]
        assert second.base_url.startswith("http://127.0.0.2:")
