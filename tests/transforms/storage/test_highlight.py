"""Fragments show the words that were searched, where they stand."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.storage.embedded.documents import article
from transforms.storage.highlight import FRAGMENT_CHARS, FRAGMENTS, highlights
from transforms.storage.query import Query, parse_query

LONG = ("word " * 100 + "needle hay " + "word " * 100) * 5


@pytest.mark.parametrize(
    ("query", "title", "marked"),
    [
        ("rain", "Rain, rain and RAIN.", "<em>Rain</em>, <em>rain</em> and <em>RAIN</em>."),
        ('"heavy rain"', "Heavy rain, not rain", "<em>Heavy rain</em>, not rain"),
        ("北京", "在北京市", "在<em>北京</em>市"),
        ("กรุงเทพ", "ที่กรุงเทพฯ", "ที่<em>กรุงเทพ</em>ฯ"),
        ("title:rain -snow", "rain", "<em>rain</em>"),
        ("it's 😀", "it's 😀!", "<em>it's</em> <em>😀</em>!"),
    ],
    ids=["each", "phrase", "han", "thai", "field", "emoji"],
)
def test_a_title_is_shown_whole(query: str, title: str, marked: str) -> None:
    assert highlights(article("a", title), parse_query(query)) == {"news.title": [marked]}


@pytest.mark.parametrize("query", ["-rain", "body:rain", "people:rain", "sun", "", "!!!"])
def test_nothing_is_marked_that_was_not_searched_there(query: str) -> None:
    assert highlights(article("a", "rain"), parse_query(query)) == {}


def test_long_texts_are_shown_in_fragments_of_whole_words() -> None:
    shown = highlights(article("a", body=LONG), parse_query("needle"))["news.body"]
    assert len(shown) == FRAGMENTS
    for fragment in shown:
        assert "<em>needle</em> hay" in fragment
        assert set(re.sub("</?em>", "", fragment).split()) == {"word", "needle", "hay"}


@given(
    st.lists(st.sampled_from(["rain", "sun", "北京", "x" * 300, "\n\n", "."]), max_size=200),
    st.sampled_from(["rain", "sun rain", "北京", "x" * 300, "ภาษา"]),
)
def test_fragments_are_pieces_of_the_text(words: list[str], query: str) -> None:
    body = " ".join(words)
    shown = highlights(article("a", body=body), parse_query(query)).get("news.body", [])
    assert len(shown) <= FRAGMENTS
    for fragment in shown:
        plain = fragment.replace("<em>", "").replace("</em>", "")
        assert plain in body
        assert len(plain) <= FRAGMENT_CHARS
        assert fragment.count("<em>") == fragment.count("</em>") > 0


def test_no_query_marks_nothing() -> None:
    assert highlights(article("a", "rain"), Query()) == {}
