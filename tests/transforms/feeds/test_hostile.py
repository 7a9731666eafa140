"""Hostile feeds end, with entries or a clear error. Quadratic code would take minutes here."""

import pytest

from benchmarks.hostile import DOCUMENTS, outcome
from transforms.feeds.feedparser_setup import MAX_TAGS
from transforms.feeds.parsing import parse_feed

# Full size is the benchmark's; a tenth of it still tells linear from quadratic.
_FULL_SIZE = {"entity bomb", "external entities", "attributes in HTML", "attributes, broken XML"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_hostile_feed_ends(name: str) -> None:
    make, size = DOCUMENTS[name]
    text = outcome(make(size if name in _FULL_SIZE else max(1, size // 10)))
    assert "articles" in text or text.startswith("error: the ")
    assert "root:" not in text


def test_an_external_entity_gives_nothing_of_the_file() -> None:
    body = DOCUMENTS["external entities"][0](1)
    (entry,) = parse_feed(body, url="http://paper.example/feed").entries
    assert "root:" not in entry.model_dump_json()


def test_what_is_far_too_much_is_said() -> None:
    make, size = DOCUMENTS["entries"]
    assert outcome(make(size)).startswith("error: the feed holds more than 20000 entries")


def test_a_title_of_combining_marks_is_bounded() -> None:
    make, _ = DOCUMENTS["combining marks in a title"]
    # Under the limit, NFC would still be quadratic without the bound on runs of marks.
    assert outcome(make(100_000)).startswith("0 articles, 1 unreadable; the title is")
    assert outcome(make(4_000)).startswith("1 articles, 0 unreadable")


def test_of_thousands_of_categories_those_that_count_stay_and_what_follows_is_read() -> None:
    categories = "".join(f'<category domain="x">c{number}</category>\n' for number in range(5_000))
    item = f"<item><title>Rain</title>{categories}<link>https://paper.example/1</link></item>"
    whole = f'<rss version="2.0"><channel>{item}<item><title>Wind</title></item></channel></rss>'
    broken = whole[: -len("</channel></rss>")]
    found = [parse_feed(body.encode(), url="http://paper.example/") for body in (whole, broken)]
    for feed in found:
        assert [entry.title for entry in feed.entries] == ["Rain", "Wind"]
        assert feed.entries[0].link == "https://paper.example/1"
        assert feed.entries[0].categories == [f"c{number}" for number in range(MAX_TAGS)]
