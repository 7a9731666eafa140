"""Tagging stored documents again, on both indexes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline.reprocess import reprocess
from schemas.article import Article, Content, Tagger
from schemas.config import TaggerConfig
from tests.transforms.storage.sights import FEEDS, START, sight
from transforms.storage.article_index import ArticleIndex, Write, WriteResult
from transforms.storage.merge import merge
from transforms.storage.retag import TAGGED_FIELDS, retagged
from transforms.storage.writer import write_sights
from transforms.tagging.shared import shared_tagger
from transforms.tagging.tagger import Tagger as RealTagger

LATER = datetime(2026, 4, 1, tzinfo=UTC)
BODY = "Angela Merkel met Emmanuel Macron in Paris on Monday. "


@pytest.fixture(scope="module")
def tagger() -> RealTagger:
    return shared_tagger(TaggerConfig())


def put(index: ArticleIndex, article_id: str = "article") -> Article:
    """Stores an article of two feeds that was never tagged, corrected once."""
    sights = [
        sight(FEEDS[0], 0, "v1", article_id=article_id, body=BODY),
        sight(FEEDS[0], 1, "v2", article_id=article_id, body=BODY * 2),
        sight(FEEDS[1], 2, "v1", article_id=article_id, body=BODY),
    ]
    write_sights(index, sights, now=lambda: START, tries=1)
    return index.get([article_id])[article_id].article


def run(index: ArticleIndex, tagger: RealTagger, **options: Any) -> tuple[int, int, int]:
    done = reprocess(index, tagger, lambda: LATER, **options)
    return done.read, done.written, done.failed


def test_a_document_gets_the_present_tags_and_no_revision(
    index: ArticleIndex, tagger: RealTagger
) -> None:
    before = put(index)
    assert before.news.people == []
    assert run(index, tagger) == (1, 1, 0)
    after = index.get(["article"])["article"].article
    assert {"Angela Merkel", "Emmanuel Macron"} <= set(after.news.people)
    assert after.news.tagger.version == tagger.version
    assert after.event.ingested == LATER
    others = set(type(after.news).model_fields) - {*TAGGED_FIELDS, "sources"}
    assert {n: getattr(after.news, n) for n in others} == {
        n: getattr(before.news, n) for n in others
    }
    assert after.news.revision == 2
    hidden = [one.content for one in after.news.sources if one.content is not None]
    assert [content.tagger.version for content in hidden] == [tagger.version]


def test_what_is_done_is_passed_over(index: ArticleIndex, tagger: RealTagger) -> None:
    put(index, "one")
    assert run(index, tagger) == (1, 1, 0)
    put(index, "two")
    assert run(index, tagger) == (2, 1, 0)
    assert run(index, tagger) == (2, 0, 0)


def test_everything_is_written_again_once_where_that_is_asked_for(
    index: ArticleIndex, tagger: RealTagger
) -> None:
    put(index, "one")
    put(index, "two")
    assert run(index, tagger) == (2, 2, 0)
    later = LATER + timedelta(hours=1)
    done = reprocess(index, tagger, lambda: later, everything=True)
    assert (done.read, done.written, done.failed) == (2, 2, 0)
    assert index.get(["one"])["one"].article.event.ingested == later


def test_only_what_was_published_since_is_tagged(index: ArticleIndex, tagger: RealTagger) -> None:
    put(index)
    assert run(index, tagger, since=START + timedelta(seconds=1)) == (0, 0, 0)
    assert run(index, tagger, since=START) == (1, 1, 0)


def test_a_correction_that_comes_meanwhile_is_kept(
    index: ArticleIndex, tagger: RealTagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(index)
    write = index.write

    def write_after_a_correction(writes: list[Write]) -> list[WriteResult]:
        monkeypatch.setattr(index, "write", write)
        corrected = sight(FEEDS[0], 9, "v3", body=BODY * 3)
        write_sights(index, [corrected], now=lambda: START, tries=1)
        return write(writes)

    monkeypatch.setattr(index, "write", write_after_a_correction)
    assert run(index, tagger) == (1, 1, 0)
    after = index.get(["article"])["article"].article
    assert (after.news.body, after.news.revision) == (BODY * 3, 3)
    assert after.news.tagger.version == tagger.version


def test_what_cannot_be_written_is_counted_with_its_reason(
    index: ArticleIndex, tagger: RealTagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(index)
    monkeypatch.setattr(index, "write", lambda writes: [WriteResult("transient", "full")] * 1)
    done = reprocess(index, tagger, lambda: LATER)
    assert (done.written, done.failed, done.reason) == (0, 1, "full")


def test_tagging_the_same_twice_changes_nothing(index: ArticleIndex) -> None:
    stored = put(index)

    def tag(content: Content, domain: str, country: str) -> Content:
        return content.model_copy(
            update={"people": [content.title], "tagger": Tagger(version="new")}
        )

    once = retagged(stored, tag)
    assert once.news.people == [stored.news.title]
    assert retagged(once, tag) == once


def test_each_source_is_tagged_for_the_country_of_its_own_feed() -> None:
    shown = [sight(FEEDS[0], 0, body=BODY), sight(FEEDS[1], 1, body=BODY * 2)]
    stored = None
    for one, country in zip(shown, ("AR", "ES"), strict=True):
        feed = one.feed.model_copy(update={"country": country})
        stored = merge(stored, one.model_copy(update={"feed": feed})).article
    assert stored is not None
    asked = set()

    def tag(content: Content, domain: str, country: str) -> Content:
        asked.add((content.body, country))
        return content

    retagged(stored, tag)
    assert asked == {(BODY, "AR"), (BODY * 2, "ES")}
