import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.feeds.discovery import candidates, known_places

URL = "https://paper.example/world/today"


def found(html: str) -> list[tuple[str, str]]:
    return [(candidate.url, candidate.found) for candidate in candidates(html, URL)]


def test_link_tags_come_before_links() -> None:
    html = (
        '<a href="/rss">RSS</a><link rel="alternate" type="application/atom+xml" href="../atom">'
        '<link rel="alternate" type="application/rss+xml" title="Main" href="/main.xml">'
    )
    assert found(html) == [
        ("https://paper.example/atom", "link tag"),
        ("https://paper.example/main.xml", "link tag"),
        ("https://paper.example/rss", "link"),
    ]
    assert candidates(html, URL)[1].title == "Main"


@pytest.mark.parametrize(
    "tag",
    [
        '<link rel="stylesheet" type="text/css" href="/rss.css">',
        '<link rel="alternate" hreflang="de" href="/de">',
        '<a href="/feedback">Feedback</a>',
        '<a href="mailto:rss@paper.example">Mail</a>',
        '<a href="http://[broken/rss">Broken</a>',
        "<a>No address</a>",
    ],
)
def test_what_is_no_feed_is_passed_over(tag: str) -> None:
    assert found(tag) == []


@pytest.mark.parametrize(
    "path", ["/rss", "/feed/", "/news.rss", "/?feed=rss2", "/a/atom.xml", "/rdf"]
)
def test_links_that_look_like_feeds_are_tried(path: str) -> None:
    assert found(f'<a href="{path}">x</a>') == [(f"https://paper.example{path}", "link")]


def test_addresses_start_from_the_base_and_lose_their_fragment() -> None:
    html = '<base href="https://cdn.example/x/"><link rel="feed" href="rss.xml#top">'
    assert found(html) == [("https://cdn.example/x/rss.xml", "link tag")]


def test_known_places_are_at_the_sites_root() -> None:
    assert {candidate.url for candidate in known_places(URL)} >= {
        "https://paper.example/feed/",
        "https://paper.example/rss.xml",
    }


@given(st.text(max_size=300))
def test_no_page_makes_it_fail(html: str) -> None:
    assert all(
        url.startswith("http") for url, _ in found(f'<a href="/rss">{html}<a href="{html}">')
    )
