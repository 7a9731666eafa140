"""Whose an entry is and where it leads, where feeds say so in odd ways; the same on both paths."""

import json

import pytest

from schemas.entry import Entry
from transforms.feeds.parsing import parse_feed

URL = "https://paper.example/feeds/main.xml"


def entries(text: str) -> list[Entry]:
    fast = parse_feed(text.encode(), url=URL).entries
    assert fast == parse_feed(text.encode(), url=URL, path="safe").entries
    return fast


def item(inner: str) -> Entry:
    return entries(
        f"<rss version='2.0'><channel><title>Paper</title><link>https://paper.example/</link>"
        f"<item><title>Rain</title>{inner}</item></channel></rss>"
    )[0]


def atom(inner: str, feed_author: str = "<author><name>The Desk</name></author>") -> Entry:
    return entries(
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Paper</title>{feed_author}'
        f"<entry><id>urn:1</id><title>Rain</title>{inner}</entry></feed>"
    )[0]


@pytest.mark.parametrize(
    ("given", "author"),
    [
        ("ada@paper.example (Ada Example)", "Ada Example"),
        ("Ada Example &lt;ada@valley.media&gt;", "Ada Example"),
        ("ada@paper.com (Ada Example)", "Ada Example"),
        ("desk@valley.press", "desk@valley.press"),
        ("Ada Example", "Ada Example"),
    ],
)
def test_an_address_may_end_in_a_long_domain(given: str, author: str) -> None:
    assert item(f"<author>{given}</author>").authors == [author]


def test_an_atom_entry_without_an_author_has_the_feeds() -> None:
    assert atom("").authors == ["The Desk"]
    assert atom("<author><name>Ada Example</name></author>").authors == ["Ada Example"]
    source = "<source><id>urn:2</id><title>Valley</title></source>"
    assert atom(source).authors == []
    assert atom("", feed_author="").authors == []
    assert item("").authors == []


@pytest.mark.parametrize(
    ("inner", "link"),
    [
        ("<guid>12345</guid>", ""),
        ("<guid>item-12_A</guid>", ""),
        ("<guid>https://paper.example/a/1</guid>", "https://paper.example/a/1"),
        ("<guid>/a/1</guid>", "/a/1"),
        ("<guid>a/1.html</guid>", "a/1.html"),
        ("<guid>7</guid><link>https://paper.example/a/7</link>", "https://paper.example/a/7"),
        ("<link>www.paper.example/a/1</link>", "http://www.paper.example/a/1"),
    ],
)
def test_a_link_is_an_address(inner: str, link: str) -> None:
    assert item(inner).link == link


def test_the_id_of_a_json_feeds_item_may_be_its_address() -> None:
    items = [{"id": "https://paper.example/a/1"}, {"id": "1"}, {"id": 2, "date_published": 1.7e9}]
    found = entries(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}))
    assert [one.link for one in found] == ["https://paper.example/a/1", "", ""]
