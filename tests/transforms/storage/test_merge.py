from collections.abc import Iterable
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import Article, Sight
from tests.transforms.storage.sights import FEEDS, START, feed_histories, interleaved, sight
from transforms.storage.merge import MAX_APPEARANCES, merge


def merged(sights: Iterable[Sight], article: Article | None = None) -> Article:
    for one in sights:
        article = merge(article, one).article
    assert article is not None
    return article


def expected_revision(histories: list[list[Sight]]) -> int:
    """Counts corrections as the design says, feed by feed, with no regard to the merge's code."""
    corrections = 0
    for history in histories:
        current, appearances = history[0].hash, {history[0].hash: 1}
        for later in history[1:]:
            if later.hash != current and appearances.get(later.hash, 0) < MAX_APPEARANCES:
                current = later.hash
                appearances[current] = appearances.get(current, 0) + 1
                corrections += 1
    return 1 + corrections


@given(st.data())
def test_the_order_of_different_feeds_does_not_matter(data: st.DataObject) -> None:
    histories = data.draw(feed_histories())
    one = merged(data.draw(interleaved(histories)))
    other = merged(data.draw(interleaved(histories)))
    assert one == other


@given(st.data())
def test_a_sight_merged_again_changes_nothing(data: st.DataObject) -> None:
    order = data.draw(interleaved(data.draw(feed_histories())))
    article = merged(order)
    for again in order:
        answer = merge(article, again)
        assert answer.change == "unchanged"
        assert answer.article is article


@given(st.data())
def test_the_revision_counts_the_corrections_of_all_feeds(data: st.DataObject) -> None:
    histories = data.draw(feed_histories())
    article = merged(data.draw(interleaved(histories)))
    assert article.news.revision == expected_revision(histories)


@given(st.data())
def test_what_is_assigned_at_first_sight_never_changes(data: st.DataObject) -> None:
    history = data.draw(feed_histories())[0]
    first = merge(None, history[0]).article
    last = merged(history)
    assert last.event.created == first.event.created == history[0].time
    if history[0].published is None:
        assert last.timestamp == first.timestamp == history[0].time
        assert last.news.published_source == "first_seen"


@given(st.data())
def test_a_stored_document_reads_back_as_it_was(data: st.DataObject) -> None:
    article = merged(data.draw(interleaved(data.draw(feed_histories()))))
    assert Article.from_document(article.id, article.to_document()) == article


def test_the_text_is_the_longest_and_every_feed_is_named() -> None:
    sights = [
        sight(FEEDS[1], 0, "b", body="the longer text of the two"),
        sight(FEEDS[0], 5, "a", body="short"),
    ]
    for order in permutations(sights):
        article = merged(order)
        assert article.news.body == "the longer text of the two"
        assert article.message == article.news.title == "Title b"
        assert article.news.feed.url == [FEEDS[0], FEEDS[1]]
        assert article.tags == ["a", "b"]
        assert article.news.revision == 1


def test_authors_and_picture_that_the_texts_feed_does_not_give_are_anothers() -> None:
    picture = "https://b.example/rain.jpg"
    sights = [
        sight(FEEDS[0], 0, "a", body="the longer text of the two"),
        sight(FEEDS[1], 5, "b", body="short", authors=["Ada Example"], image=picture),
        sight(FEEDS[2], 7, "c", body="brief", authors=["Ben Example"]),
    ]
    for order in permutations(sights):
        news = merged(order).news
        assert news.body == "the longer text of the two"
        assert (news.authors, news.image.url) == (["Ada Example"], picture)
    without = [*sights, sight(FEEDS[1], 9, "b2", body="short")]
    assert merged(without).news.authors == ["Ben Example"]
    own = [*without, sight(FEEDS[0], 11, "a2", body="a longer text still", authors=["Cem Example"])]
    assert (merged(own).news.authors, merged(own).news.image.url) == (["Cem Example"], "")


def test_texts_of_one_length_are_decided_by_the_feeds_address() -> None:
    sights = [sight(FEEDS[1], 0, "b", body="xx"), sight(FEEDS[0], 5, "a", body="yy")]
    assert {merged(order).news.body for order in permutations(sights)} == {"yy"}


def test_a_correction_is_a_revision_with_the_new_text() -> None:
    article = merged([sight(second=0, version="v1"), sight(second=9, version="v2")])
    assert (article.news.revision, article.news.title) == (2, "Title v2")
    assert article.event.created == START


def test_a_correction_of_the_feed_that_is_not_shown_is_a_revision_too() -> None:
    sights = [
        sight(FEEDS[0], 0, "long", body="a long text"),
        sight(FEEDS[1], 1, "s1", body="s"),
        sight(FEEDS[1], 2, "s2", body="t"),
    ]
    article = merged(sights)
    assert (article.news.revision, article.news.body) == (2, "a long text")


def test_the_shown_feed_falls_back_when_its_text_becomes_shorter() -> None:
    sights = [
        sight(FEEDS[0], 0, "a1", body="the longest text of all"),
        sight(FEEDS[1], 1, "b1", body="a middling text"),
        sight(FEEDS[0], 2, "a2", body="gone"),
    ]
    assert merged(sights).news.body == "a middling text"


def test_an_entry_that_flips_between_versions_does_not_make_revisions_for_ever() -> None:
    flips = [sight(second=n, version=("v1", "v2")[n % 2]) for n in range(20)]
    assert merged(flips).news.revision == 4
    again = merge(merged(flips), sight(second=99, version="v1"))
    assert again.change == "unchanged"


def test_our_own_new_rules_are_no_revision() -> None:
    article = merge(None, sight(second=0)).article
    newer = sight(second=9, title="Cleaner title").model_copy(update={"rule_version": 2})
    answer = merge(article, newer)
    assert answer.change == "refreshed"
    assert (answer.article.news.revision, answer.article.news.title) == (1, "Cleaner title")


@pytest.mark.parametrize("order", list(permutations(range(2))), ids=str)
def test_the_date_is_that_of_the_feed_that_was_seen_first(order: tuple[int, ...]) -> None:
    early = sight(FEEDS[1], 0, "b", published=START - timedelta(hours=1))
    late = sight(FEEDS[0], 7, "a", published=START - timedelta(hours=9), body="longer")
    article = merged([(early, late)[position] for position in order])
    assert article.timestamp == START - timedelta(hours=1)
    assert article.news.published_source == "feed"
    assert article.event.created == START


def test_an_older_sight_of_a_feed_that_comes_late_changes_nothing() -> None:
    article = merged([sight(second=9, version="v2")])
    assert merge(article, sight(second=3, version="v1")).change == "unchanged"
