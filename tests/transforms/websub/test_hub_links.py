"""Which hub a feed names."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.websub.hub_links import advertised_hub, document_links, header_links, own_link

BASE = "https://paper.example/feeds/news"
HUB, SELF = "https://hub.example/", "https://paper.example/feed.xml"
RSS = f"""<?xml version="1.0"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>N</title>
<atom:link rel="self" href="{SELF}" type="application/rss+xml"/>
<atom:link href='{HUB}' rel='hub'/>
<item><link>https://paper.example/1</link></item></channel></rss>""".encode()
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><link rel="hub" href="{HUB}"/>
<link rel="self" href="/feed.xml"/><entry/></feed>""".encode()
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "feed_url": SELF,
        "hubs": [{"type": "rssCloud", "url": "https://x.example"}, {"type": "WebSub", "url": HUB}],
        "items": [],
    }
).encode()


@pytest.mark.parametrize(
    "body",
    [RSS, ATOM, JSON, b"\xef\xbb\xbf" + JSON],
    ids=["rss", "atom", "json", "json after a byte order mark"],
)
def test_a_document_names_its_hub_and_itself(body: bytes) -> None:
    assert advertised_hub([], document_links(body), BASE) == (HUB, SELF)


@pytest.mark.parametrize(
    ("body", "address"),
    [
        (RSS.replace(b"rel='hub'", b"rel='alternate'"), SELF),
        (ATOM, ""),
        (JSON, SELF),
        (b'{"feed_url": 1}', ""),
        (b"{", ""),
    ],
    ids=["rss without a hub", "relative", "json", "json of another kind", "json cut off"],
)
def test_what_a_document_calls_itself_needs_no_hub(body: bytes, address: str) -> None:
    assert own_link(body) == address


def test_links_of_an_entry_are_not_the_feeds() -> None:
    body = b'<feed><entry><link rel="hub" href="https://hub.example/"/></entry></feed>'
    assert document_links(body) == []


def test_a_link_in_a_comment_is_none() -> None:
    comment = b'<!-- <link rel="hub" href="https://old.example/"/>\n-->'
    assert advertised_hub([], document_links(ATOM.replace(b"<link", comment + b"<link", 1)), BASE)
    assert document_links(b"<feed>" + comment + b"</feed>") == []
    assert document_links(b"<feed>" + comment.removesuffix(b"-->") + b"</feed>") == []


def test_an_ampersand_in_an_address_is_read_as_xml_writes_it() -> None:
    body = b'<feed><link rel="hub" href="https://hub.example/?a=1&amp;b=2"/></feed>'
    assert document_links(body) == [("hub", "https://hub.example/?a=1&b=2")]


def test_a_header_goes_before_the_document() -> None:
    headers = [f'<https://other.example/>; rel="hub", <{SELF}>; rel=self']
    assert advertised_hub(headers, document_links(RSS), BASE) == ("https://other.example/", SELF)


@pytest.mark.parametrize(
    ("header", "links"),
    [
        ('<a>; rel="hub self"', [("hub self", "a")]),
        ('<a>; title="x, y; rel=no"; rel=hub, <b>; rel=self', [("hub", "a"), ("self", "b")]),
        ("<a>; rel=hub; rel=self", [("hub", "a")]),
        ("<a>", []),
        ("", []),
        ("rel=hub", []),
    ],
    ids=["two words", "quoted comma", "second rel", "no rel", "empty", "no target"],
)
def test_link_headers(header: str, links: list[tuple[str, str]]) -> None:
    assert header_links(header) == links


@pytest.mark.parametrize("target", ["javascript:x", "ftp://hub.example/", "http://[", "http://"])
def test_what_is_no_http_address_is_no_hub(target: str) -> None:
    assert advertised_hub([], [("hub", target), ("self", SELF)], BASE) is None


def test_without_a_topic_there_is_nothing_to_subscribe_to() -> None:
    assert advertised_hub([], [("hub", HUB)], BASE) is None


@given(st.binary(max_size=300), st.text(max_size=300))
def test_nothing_that_a_server_sends_breaks_it(body: bytes, header: str) -> None:
    advertised_hub([header], document_links(b"<feed hub " + body), BASE)
    document_links(b'{"hubs"' + body)
