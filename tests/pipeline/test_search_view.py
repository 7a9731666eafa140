"""What `dateline search` prints for a person."""

import io
from datetime import UTC, datetime

import pytest

from pipeline.search_view import View, print_result
from schemas.article import Content, FeedReference, Link, Sight
from transforms.storage.article_index import Hit, SearchRequest, SearchResult
from transforms.storage.merge import merge
from transforms.text.shortening import shortened

TEXT = "Rain fell on the plains all night long and the rivers rose above their banks, it is said."


def hit(title: str = "Harvest rain helps", body: str = TEXT, highlight: str = "") -> Hit:
    time = datetime(2026, 3, 1, 12, tzinfo=UTC)
    sight = Sight(
        article_id="a1",
        feed=FeedReference(url="https://paper.example/feed", name="The Paper"),
        time=time,
        hash="h",
        published=time,
        link=Link(full="https://paper.example/a-long-address-that-stays-whole"),
        content=Content(title=title, body=body, language="en"),
    )
    return Hit(merge(None, sight).article, 1.0, {"news.body": [highlight]} if highlight else {})


def printed(result: SearchResult, view: View) -> str:
    out = io.StringIO()
    print_result(result, SearchRequest(), view, out)
    return out.getvalue()


@pytest.mark.parametrize("title", ["Harvest rain helps farmers and millers", "長" * 60])
def test_lines_keep_to_the_terminal(title: str) -> None:
    shown = printed(SearchResult(1, [hit(title)]), View(width=30))
    lines = [line for line in shown.splitlines() if "://" not in line]
    assert max(map(len, lines)) <= 30
    assert "     https://paper.example/a-long-address-that-stays-whole\n" in shown


def test_in_a_pipe_lines_are_whole() -> None:
    shown = printed(SearchResult(1, [hit()]), View())
    assert (
        "  1. Harvest rain helps\n     2026-03-01 12:00 · The Paper · en\n     Rain fell" in shown
    )


@pytest.mark.parametrize(
    ("fragment", "shown"),
    [
        ("<em>Rain</em> fell on", "[Rain] fell on…"),
        ("on the <em>plains</em> all", "…on the [plains] all…"),
        ("it <em>is</em> said.", "…it [is] said.\n"),
    ],
)
def test_a_fragment_shows_where_the_text_goes_on(fragment: str, shown: str) -> None:
    text = printed(SearchResult(1, [hit(highlight=fragment)]), View(bold=True))
    assert f"     {shown}" in text.replace("\033[1m", "[").replace("\033[0m", "]")


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("heavy rain", 10, "heavy rain"),
        ("heavy rains", 10, "heavy…"),
        ("heavy rain fell", 11, "heavy rain…"),
        ("北京举行航天展览", 5, "北京举行…"),
    ],
)
def test_a_text_is_cut_between_words(text: str, most: int, expected: str) -> None:
    assert shortened(text, most) == expected


def test_facets_are_headed_as_asked_and_say_what_codes_mean() -> None:
    facets = {"news.geo.country_iso_code": [("KE", 2)], "news.story.id": [("a1", 1)], "tags": []}
    view = View(
        facets={"news.geo.country_iso_code": "country", "news.story.id": "story"},
        stories={"a1": "Harvest rain helps"},
    )
    shown = printed(SearchResult(2, [], facets), view)
    assert "\ncountry\n       2  KE  Kenya\n" in shown
    assert "\nstory\n       1  a1  Harvest rain helps\n" in shown
