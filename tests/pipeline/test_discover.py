import json
from pathlib import Path

import pytest

from tests.pipeline.dateline import Dateline
from tests.servers.feed_documents import Item, atom, json_feed, rss
from tests.servers.feed_server import FeedServer

ITEMS = [Item("1", "https://paper.example/1", "One"), Item("2", "https://paper.example/2", "Two")]


@pytest.fixture
def dateline(tmp_path: Path) -> Dateline:
    installation = Dateline(tmp_path, {"url": "embedded:./index"})
    installation.configure()
    return installation


def discovered(dateline: Dateline, url: str, status: int = 0) -> list[tuple[str, int, str]]:
    lines = dateline("feeds", "discover", url, "--json", status=status).stdout.splitlines()
    feeds = [json.loads(line) for line in lines]
    return [
        (feed["url"].partition("/")[2][1:].partition("/")[2], feed["entries"], feed["found"])
        for feed in feeds
    ]


def test_the_feeds_a_page_names_are_found_and_read(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    page = (
        '<link rel="alternate" type="application/rss+xml" href="/main.xml">'
        '<link rel="alternate" type="application/rss+xml" href="/gone.xml">'
        '<a href="/sport/feed">Sport</a><a href="/rss-explained">What is RSS?</a>'
    )
    feed_server.put("/", page.encode(), content_type="text/html")
    feed_server.put("/main.xml", rss(ITEMS))
    feed_server.put("/sport/feed", json_feed(ITEMS[:1]), content_type="application/feed+json")
    feed_server.put("/rss-explained", b"<p>A page</p>", content_type="text/html")
    assert discovered(dateline, feed_server.url("/")) == [
        ("main.xml", 2, "link tag"),
        ("sport/feed", 1, "link"),
    ]


def test_a_feed_is_its_own(dateline: Dateline, feed_server: FeedServer) -> None:
    feed_server.put("/x", atom(ITEMS))
    assert discovered(dateline, feed_server.url("/x")) == [("x", 2, "the page itself")]


def test_the_usual_places_are_the_last_resort(dateline: Dateline, feed_server: FeedServer) -> None:
    feed_server.put("/news", b"<html>nothing named</html>", content_type="text/html")
    feed_server.put("/rss.xml", rss(ITEMS))
    assert discovered(dateline, feed_server.url("/news")) == [("rss.xml", 2, "known place")]


def test_where_there_is_none_it_says_so(dateline: Dateline, feed_server: FeedServer) -> None:
    feed_server.put("/", b"<html></html>", content_type="text/html")
    done = dateline("feeds", "discover", feed_server.url("/"), status=1)
    assert done.stdout == ""
    assert "no feed was found" in done.stderr


def test_a_page_that_cannot_be_fetched_is_named(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    done = dateline("feeds", "discover", feed_server.url("/missing"), status=1)
    assert "404" in done.stderr


def sitemap(*urls: str, news: bool = True) -> bytes:
    said = "<news:news><news:title>Rain</news:title></news:news>" if news else ""
    pages = "".join(f"<url><loc>{url}</loc>{said}</url>" for url in urls)
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{pages}</urlset>'
    ).encode()


def sitemap_index(*urls: str) -> bytes:
    named = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return f"<sitemapindex>{named}</sitemapindex>".encode()


def test_news_sitemaps_are_found_by_robots_txt_and_by_a_sitemap_index(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    page = '<link rel="alternate" type="application/rss+xml" href="/main.xml">'
    feed_server.put("/", page.encode(), content_type="text/html")
    feed_server.put("/main.xml", rss(ITEMS))
    lines = ["User-agent: *", "Disallow:"]
    lines += [f"Sitemap: {feed_server.url(path)}" for path in ("/all.xml", "/index.xml")]
    lines += ["SITEMAP : /news.xml"]
    feed_server.put("/robots.txt", "\r\n".join(lines).encode(), content_type="text/plain")
    feed_server.put("/all.xml", sitemap("https://paper.example/about", news=False))
    feed_server.put("/news.xml", sitemap("https://paper.example/1", "https://paper.example/2"))
    children = [feed_server.url(path) for path in ("/old.xml", "/google.xml", "/index.xml")]
    feed_server.put("/index.xml", sitemap_index(*children))
    feed_server.put("/old.xml", sitemap("https://paper.example/0", news=False))
    feed_server.put("/google.xml", sitemap("https://paper.example/3"))
    assert discovered(dateline, feed_server.url("/")) == [
        ("main.xml", 2, "link tag"),
        ("news.xml", 2, "robots.txt"),
        ("google.xml", 1, "sitemap index"),
    ]


def test_what_is_found_is_added_and_removed_again(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    feed_server.put("/feed.xml", rss(ITEMS, title="The Paper &amp;amp; Co"))
    url = feed_server.url("/feed.xml")
    dateline.configure()
    assert dateline("feeds", "discover", url, "--add").stdout == f"{url}\n"
    assert dateline("feeds", "add", url, "a.example/feed").stdout == "https://a.example/feed\n"
    listed = f"{url}  The Paper & Co\nhttps://a.example/feed  \n"
    assert dateline("feeds", "list").stdout == listed
    assert "1 feed removed from" in dateline("feeds", "remove", "a.example/feed").stderr
    assert "no such feed" in dateline("feeds", "remove", "a.example/feed", status=2).stderr
    assert dateline("feeds", "list").stdout == f"{url}  The Paper & Co\n"


def test_of_many_sitemaps_few_are_fetched(dateline: Dateline, feed_server: FeedServer) -> None:
    feed_server.put("/", b"<html></html>", content_type="text/html")
    lines = [f"Sitemap: {feed_server.url(f'/map{n}.xml')}" for n in range(100)]
    feed_server.put("/robots.txt", "\n".join(lines).encode(), content_type="text/plain")
    for number in range(100):
        named = [feed_server.url(f"/part{number}-{n}.xml") for n in range(100)]
        feed_server.put(f"/map{number}.xml", sitemap_index(*named))
    assert discovered(dateline, feed_server.url("/"), status=1) == []
    paths = [request.path for request in feed_server.requests]
    assert len([path for path in paths if path.startswith("/map")]) == 10
    assert len([path for path in paths if path.startswith("/part")]) == 10
