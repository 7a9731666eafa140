"""Every format that is read, in one table: what its fields come to, on both parsing paths."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.entry import Entry
from schemas.errors import TerminalError
from tests.servers.format_documents import DOCUMENTS, RAIN, Document
from transforms.feeds.comparison import compare_paths
from transforms.feeds.news_sitemap import sitemap_children
from transforms.feeds.parsing import parse_feed
from transforms.text.dates import publication_date
from transforms.text.html import html_to_text, title_to_text

URL = "https://paper.example/feeds/main.xml"
NOW = datetime(2026, 3, 2, tzinfo=UTC)


each_document = pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)


def only(document: Document) -> Entry:
    parsed = parse_feed(document.body.encode(), url=URL, content_type=document.content_type)
    assert (parsed.format, parsed.title) == (document.format, document.feed_title)
    (entry,) = parsed.entries
    return entry


@each_document
def test_each_format_comes_to_the_same_entry(document: Document) -> None:
    entry = only(document)
    assert title_to_text(entry.title) == "Rain & wind"
    assert html_to_text(entry.content or entry.summary) == document.text
    assert (entry.link, entry.guid) == (RAIN, document.guid)
    assert publication_date(entry, NOW) == document.published
    assert (entry.authors, entry.categories) == (document.authors, document.categories)


@each_document
def test_both_paths_read_each_format_alike(document: Document) -> None:
    _, found = compare_paths(document.body.encode(), url=URL, content_type=document.content_type)
    assert found == []


def test_a_news_sitemap_gives_picture_and_language() -> None:
    entry = only(DOCUMENTS["news sitemap"])
    assert entry.image_url == "https://paper.example/rain.jpg"
    assert (entry.language, entry.updated) == ("en", "2026-03-01T12:00:00Z")


def sitemap(urls: str, namespaces: str = "") -> bytes:
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"{namespaces}>{urls}</urlset>'
    ).encode()


def page(number: int, title: str = "Title") -> str:
    return (
        f"<url><loc>https://paper.example/{number}</loc><news:news><news:title>{title}</news:title>"
        "</news:news></url>"
    )


@pytest.mark.parametrize(
    ("body", "titles"),
    [
        (sitemap(page(1) + page(2))[:-40], ["Title"]),
        (b"junk" + sitemap(page(1, "A&nbsp;B") + page(2)), ["A B", "Title"]),
        (sitemap(page(1, "A & B") + page(2, "<![CDATA[C &nbsp; D]]>")), ["A & B", "C D"]),
        (sitemap(page(1, "A\x08 &#8;B &undefined; C")), ["A B &undefined; C"]),
        (sitemap(page(1)) + b"<script>x</script>", ["Title"]),
        (sitemap(page(1)).replace(b"xmlns:news", b"xmlns:other"), ["Title"]),
        (sitemap(page(1, "Zürich")).decode().encode("utf-16"), ["Zürich"]),
        (sitemap(page(1, "Zürich")).decode().encode("cp1252"), ["Zürich"]),
        (sitemap(""), []),
    ],
    ids=[
        "cut off",
        "junk before, an entity of HTML",
        "bare ampersand, escaped twice",
        "control characters",
        "junk after",
        "undeclared prefix",
        "utf-16",
        "cp1252 undeclared",
        "a quiet day",
    ],
)
def test_damaged_news_sitemaps_are_read_as_far_as_they_go(body: bytes, titles: list[str]) -> None:
    entries = parse_feed(body, url=URL).entries
    assert [" ".join(title_to_text(entry.title).split()) for entry in entries] == titles


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            b"<sitemapindex><sitemap><loc>https://paper.example/pages.xml</loc></sitemap>"
            b"<sitemap><loc>https://paper.example/news.xml</loc></sitemap></sitemapindex>",
            r"index.*\(https://paper.example/news.xml, https://paper.example/pages.xml\)",
        ),
        (
            b"<urlset><url><loc>https://paper.example/1</loc></url></urlset>",
            "1 pages of which none",
        ),
        (b"<urlset><url><loc>", "cannot be read"),
        (b"<urlset>" + b"<a>" * 100 + b"</urlset>", "nested"),
    ],
    ids=["index", "no news", "broken", "deep"],
)
def test_sitemaps_that_are_no_feed_say_so(body: bytes, reason: str) -> None:
    with pytest.raises(TerminalError, match=reason):
        parse_feed(body, url=URL)


def test_an_indexs_sitemaps_are_joined_and_sorted_and_those_that_are_none_dropped() -> None:
    body = b"<sitemapindex>" + b"".join(
        b"<sitemap><loc>%s</loc></sitemap>" % loc for loc in (b"/a.xml", b"http://[x", b"/news.xml")
    )
    children = sitemap_children(body + b"</sitemapindex>", url=URL)
    assert children == ["https://paper.example/news.xml", "https://paper.example/a.xml"]


PIECES = [
    page(1).encode(), b"<url>", b"</url>", b"<loc>", b"</news:news>", b"&nbsp;", b"&", b"]]>",
    b"<![CDATA[", b"\0", b"\xff", b"<!-- ", b"-->", b"&#0;", b"<?x", b"?>", b"</urlset>",
    b"\xc3\xa9", b"<sitemapindex>", b"<!DOCTYPE x [", b" a='",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join))
def test_whatever_a_sitemap_holds_it_is_read_or_refused(inner: bytes) -> None:
    try:
        read = parse_feed(sitemap("").replace(b"</urlset>", inner + b"</urlset>"), url=URL).format
    except TerminalError:
        read = "refused"
    assert read in ("newssitemap", "refused")
