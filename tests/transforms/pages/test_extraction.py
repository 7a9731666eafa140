"""Article pages to articles."""

import json
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import TerminalError
from transforms.pages.extraction import MAX_BYTES, MAX_TAGS, extract_page, is_better

PARAGRAPHS = [
    "Rain fell on the valleys of the west for the third day, and the rivers have begun to rise.",
    "Farmers said that the harvest would be late; the ministry promised seed & fuel for April.",
    "The road to the coast was opened again on Monday after engineers had repaired the bridge.",
]
JAPANESE = "西部の谷では三日続けて雨が降り、川の水位が上がり始めた"
HEADLINE = "Early rain delays the harvest in the west"


def page(head: str = "", body: str = "", lang: str = "en") -> bytes:
    text = "".join(f"<p>{one.replace('&', '&amp;')}</p>" for one in PARAGRAPHS)
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{head}</head><body>'
        '<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>'
        f"<article><h1>{HEADLINE}</h1>{text}{body}</article>"
        "<footer><p>© 2026 The Valley Times. All rights reserved.</p></footer></body></html>"
    ).encode()


def json_ld(value: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": HEADLINE,
    "datePublished": "2026-03-01T09:00:00+03:00",
    "dateModified": "2026-03-02T09:00:00Z",
    "author": [{"@type": "Person", "name": "By Ada Example"}, {"name": "Ben Example"}],
}


def test_a_heading_is_the_title_where_there_is_no_other_and_is_no_text() -> None:
    found = extract_page(page())
    assert (found.title, found.text) == (HEADLINE, "\n\n".join(PARAGRAPHS))
    other = extract_page(page("<title>Rain: what the valleys are in for</title>"))
    assert other.title == "Rain: what the valleys are in for"
    assert other.text == "\n\n".join(PARAGRAPHS)


def test_the_text_is_the_articles_paragraphs() -> None:
    found = extract_page(page(f"<title>{HEADLINE} | The Valley Times</title>"))
    assert found.text == "\n\n".join(PARAGRAPHS)
    assert found.title == HEADLINE
    assert (found.published, found.authors, found.language) == (None, [], "en")


def test_a_time_within_a_sentence_is_of_its_text() -> None:
    sentence = 'It rained on <time datetime="2026-11-30">Monday</time>, the weather office said.'
    found = extract_page(page(body=f"<p>{sentence}</p><p>By <b>us</b> <time>1 May</time></p>"))
    assert "It rained on Monday, the weather office said." in found.text
    assert "1 May" not in found.text


@pytest.mark.parametrize(
    "said",
    [
        ARTICLE,
        [{"@type": "BreadcrumbList"}, ARTICLE],
        {"@graph": [{"@type": "WebPage", "name": "x"}, {**ARTICLE, "@type": ["Article"]}]},
        {"@type": "WebPage", "mainEntity": ARTICLE},
    ],
    ids=["alone", "in_a_list", "in_a_graph", "as_main_entity"],
)
def test_json_ld_goes_before_meta_tags(said: Any) -> None:
    head = (
        json_ld(said)
        + '<meta property="article:published_time" content="2020-01-01">'
        + '<meta name="author" content="Somebody Else"><meta property="og:title" content="Other">'
    )
    found = extract_page(page(head))
    assert found.title == HEADLINE
    assert found.published is not None
    assert found.updated is not None
    assert (found.published.isoformat(), found.updated.isoformat()) == (
        "2026-03-01T06:00:00+00:00",
        "2026-03-02T09:00:00+00:00",
    )
    assert found.authors == ["Ada Example", "Ben Example"]


@pytest.mark.parametrize("broken", ["{", "[" * 3000, "null", '"text"', '{"@type": 7}'])
def test_broken_json_ld_gives_way_to_meta_tags(broken: str) -> None:
    head = (
        f'<script type="application/ld+json">{broken}</script>'
        '<meta itemprop="datePublished" content="2026-03-01T09:00:00Z">'
        '<meta name="author" content="Ada Example">'
        '<meta property="article:author" content="https://social.example/ada">'
        f'<meta property="og:title" content="{HEADLINE}">'
        '<link rel="canonical" href="/news/rain?utm_source=x">'
    )
    found = extract_page(page(head), url="https://valley.example/amp/rain")
    assert (found.title, found.authors) == (HEADLINE, ["Ada Example"])
    assert found.published is not None
    assert found.published.isoformat() == "2026-03-01T09:00:00+00:00"
    assert found.url == "https://valley.example/news/rain"


@pytest.mark.parametrize(
    ("charset", "content_type"),
    [("windows-1251", ""), ("windows-1251", "text/html; charset=windows-1251"), ("utf-8", "")],
    ids=["by_meta_tag", "by_http", "utf-8"],
)
def test_charsets(charset: str, content_type: str) -> None:
    text = (
        "Дожди идут в западных долинах третий день подряд, и уровень воды в реках начал расти."
        " Фермеры говорят, что урожай будет собран позже обычного срока."
    )
    html = f'<html><head><meta charset="{charset}"></head><body><p>{text}</p></body></html>'
    found = extract_page(html.encode(charset), content_type=content_type)
    assert (found.text, found.language) == (text, "ru")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"%PDF-1.7 ...", "not an HTML page"),
        (b"", "not an HTML page"),
        (b"<html><body></body></html>", "no article was found"),
        (b"<html>" + b" " * MAX_BYTES, "more than 5,000,000"),
        (b"<html>" + b"<p>a</p>" * MAX_TAGS, "tags, more than 50,000"),
    ],
    ids=["a_pdf", "nothing", "an_empty_page", "too_large", "too_many_tags"],
)
def test_what_is_no_article_is_named(body: bytes, reason: str) -> None:
    with pytest.raises(TerminalError, match=reason):
        extract_page(body)


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>" + b"<div>" * 49_000 + b"text",
        b"<html><p " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">text</p>",
        b"<html><body><p>" + "a\u0301\u0302".encode() * 300_000 + b"</p>",
        b"<html><body><p>" + b"&amp;" * 900_000 + b"</p>",
    ],
    ids=["nested", "attributes", "combining_marks", "entities"],
)
def test_hostile_pages_end_soon(body: bytes) -> None:
    started = time.process_time()
    with suppress(TerminalError):
        extract_page(body)
    assert time.process_time() - started < 5, "the bound that hostile input is held to"


@given(st.binary(max_size=300), st.text(max_size=300))
def test_whatever_it_is_it_is_a_page_or_an_error(raw: bytes, text: str) -> None:
    for body in (raw, b"<html><body><p>" + raw, f"<html>{text}<p>{text}".encode("utf-8", "ignore")):
        try:
            found = extract_page(body)
        except TerminalError:
            continue
        assert "\0" not in found.text
        assert found.text


@pytest.mark.parametrize(
    ("page_text", "feed_text", "better"),
    [
        (" ".join(PARAGRAPHS), PARAGRAPHS[0], True),
        (PARAGRAPHS[0], " ".join(PARAGRAPHS), False),
        ("We use cookies. Please accept them to go on reading. " * 9, PARAGRAPHS[0], False),
        (PARAGRAPHS[0], "", True),
        ("", "", False),
        (f"気象庁は、{JAPANESE}と発表した。農家によると収穫は遅れる。", f"{JAPANESE}。", True),
        ("当サイトではクッキーを使用しています。同意してください。" * 3, JAPANESE, False),
        ("ฝนตกในหุบเขาเป็นวันที่สาม สำนักงานกล่าวเมื่อวันจันทร์", "ฝนตกในหุบเขาวันที่สาม", True),
    ],
    ids=[
        "whole_text",
        "an_extract",
        "a_consent_form",
        "nothing_in_the_feed",
        "nothing_at_all",
        "japanese",
        "a_japanese_consent_form",
        "thai",
    ],
)
def test_the_better_text(page_text: str, feed_text: str, better: bool) -> None:
    assert is_better(page_text, feed_text) is better
