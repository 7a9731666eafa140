"""What pages say of their articles, in the forms of many publishers."""

from typing import Any

import pytest

from schemas.page import Page
from tests.transforms.pages.test_extraction import ARTICLE, HEADLINE, json_ld, page
from transforms.pages.extraction import extract_page

NOON = "2026-11-30T12:00:00+00:00"


def stated(value: Any) -> Page:
    return extract_page(page(json_ld(value) + "<title>Another title</title>"))


@pytest.mark.parametrize(
    "kind",
    [
        "OpinionNewsArticle",
        "ReviewNewsArticle",
        "LiveBlogPosting",
        "http://schema.org/NewsArticle",
        "schema:NewsArticle",
    ],
)
def test_every_kind_of_article_is_one(kind: str) -> None:
    found = stated({**ARTICLE, "@type": kind})
    assert (found.title, found.authors) == (HEADLINE, ["Ada Example", "Ben Example"])


@pytest.mark.parametrize(
    ("before", "after"),
    [("//<![CDATA[\n", "\n//]]>"), ("<!--", "-->"), ("<![CDATA[", "]]>")],
    ids=["commented_cdata", "comment", "cdata"],
)
def test_what_is_wrapped_around_json_is_taken_off(before: str, after: str) -> None:
    script = json_ld(ARTICLE).replace(">{", f">{before}{{").replace("}</", f"}}{after}</")
    assert extract_page(page(script)).authors == ["Ada Example", "Ben Example"]


def test_an_author_may_be_described_elsewhere() -> None:
    article = {**ARTICLE, "author": {"@id": "#ada"}}
    person = {"@type": "Person", "@id": "#ada", "name": "Ada Example"}
    assert stated({"@graph": [article, person]}).authors == ["Ada Example"]
    assert stated({"@graph": [{**article, "@id": ["x"]}, {"@id": 7}]}).authors == []


def test_articles_that_are_only_listed_are_not_the_pages() -> None:
    other = {"@type": "NewsArticle", "headline": "Another report", "datePublished": "2020-01-01"}
    listed = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": other}]}
    for first in (listed, other):
        found = extract_page(page(json_ld(first) + json_ld(ARTICLE)))
        assert (found.title, found.authors) == (HEADLINE, ["Ada Example", "Ben Example"])
    alone = extract_page(page(json_ld(listed)))
    assert (alone.title, alone.published) == (HEADLINE, None)


@pytest.mark.parametrize(
    ("marked", "moment"),
    [
        (f'<time itemprop="datePublished" datetime="{NOON}">today</time>', NOON),
        (f'<span itemprop="datePublished dateModified" content="{NOON}"></span>', NOON),
        (f'<time class="entry-date published" datetime="{NOON}">today</time>', NOON),
        ('<span itemprop="datePublished">30 Nov 2026, 12:00</span>', NOON),
        (f'<time datetime="{NOON}">the day of the fair</time>', None),
    ],
    ids=["microdata", "content", "hatom", "text", "any_other_time"],
)
def test_dates_marked_in_the_text(marked: str, moment: str | None) -> None:
    found = extract_page(page(body=marked)).published
    assert (found and found.isoformat()) == moment


@pytest.mark.parametrize(
    ("marked", "authors"),
    [
        (
            '<p itemprop="author" itemscope>By <a rel="author" href="/a">'
            '<span itemprop="name">Ada Example</span></a></p>',
            ["Ada Example"],
        ),
        (
            '<p>By <a rel="author" href="/a">Ada Example</a> and '
            '<a rel="author" href="/b">Ben Example</a></p>',
            ["Ada Example", "Ben Example"],
        ),
        ('<p class="author vcard"><a class="url fn n" href="/a">Ada Example</a></p>', None),
        ('<p itemprop="author">https://paper.example/ada</p>', []),
    ],
    ids=["microdata", "rel_author", "hatom", "an_address"],
)
def test_authors_marked_in_the_text(marked: str, authors: list[str] | None) -> None:
    comment = '<div class="comment"><cite rel="author">A Reader</cite></div>'
    found = extract_page(page(body=marked + comment))
    assert found.authors == (["Ada Example"] if authors is None else authors)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (f"<title>{HEADLINE} | News | Valley Times</title>", HEADLINE),
        (f"<title>Valley Times | {HEADLINE}</title>", HEADLINE),
        (f'<meta property="og:title" content="{HEADLINE} - Valley Times">', HEADLINE),
        (
            '<meta property="og:site_name" content="Valley Times">'
            '<meta property="og:title" content="Rain - Valley Times">',
            "Rain",
        ),
        (
            '<meta property="og:title" content="United 2-1 City – as it happened">',
            "United 2-1 City – as it happened",
        ),
        (
            json_ld({"@type": "Article", "headline": "United 2-1 City – as it happened"}),
            "United 2-1 City – as it happened",
        ),
        (json_ld({"@type": "Article", "headline": f"{HEADLINE[:20]}…"}), HEADLINE),
        (
            "<title>Harvest: what the valleys are in for - Valley Times</title>",
            "Harvest: what the valleys are in for",
        ),
    ],
    ids=[
        "section_and_site",
        "site_first",
        "site_in_open_graph",
        "named_site",
        "part_of_the_headline",
        "part_of_a_stated_headline",
        "cut_off",
        "another_heading",
    ],
)
def test_only_the_sites_name_is_taken_off_a_headline(head: str, title: str) -> None:
    assert extract_page(page(head)).title == title


def test_a_heading_that_is_the_sites_name_is_no_headline() -> None:
    html = page(f"<title>{HEADLINE} | Valley Times</title>").replace(
        f"<h1>{HEADLINE}</h1>".encode(), b"<h1>Valley Times</h1>"
    )
    assert extract_page(html).title == HEADLINE
