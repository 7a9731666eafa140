"""Deleting, tombstones and retention, on both backends."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.retention import apply_retention
from pipeline.takedown import covered, take_down
from schemas.article import Article, Link
from schemas.config import Config
from schemas.failure import Failure
from schemas.poll import RoundSummary
from tests.backends import opened
from tests.servers.articles import NOON, article
from tests.transforms.storage.sights import FEEDS, START, sight
from transforms.storage.article_index import ArticleIndex, SearchRequest, Write
from transforms.storage.tombstones import Tombstone
from transforms.storage.writer import write_sights


def at(article_id: str, domain: str = "paper.example", registered: str = "") -> Article:
    link = Link(
        full=f"https://{domain}/{article_id}",
        domain=domain,
        registered_domain=registered or domain,
    )
    return article(article_id, title="Rain").model_copy(update={"url": link})


def found(index: ArticleIndex) -> set[str]:
    index.refresh()
    return {hit.article.id for hit in index.search(SearchRequest(size=500)).hits}


def put(index: ArticleIndex, *articles: Article) -> list[str]:
    return [result.kind for result in index.write([Write(one) for one in articles])]


def test_a_deleted_document_is_gone_for_readers_and_searchers(index: ArticleIndex) -> None:
    put(index, at("one"), at("two"))
    assert found(index) == {"one", "two"}
    assert index.delete(["one", "missing"]) == 1
    assert set(index.get(["one", "two"])) == {"two"}
    assert found(index) == {"two"}


def test_a_write_over_a_deleted_document_meets_a_conflict(index: ArticleIndex) -> None:
    put(index, at("one"))
    version = index.get(["one"])["one"].version
    index.delete(["one"])
    assert index.write([Write(at("one"), version)])[0].kind == "conflict"


def test_without_a_tombstone_a_deleted_document_may_come_again(index: ArticleIndex) -> None:
    put(index, at("one"))
    found(index)
    index.delete(["one"])
    assert put(index, at("one")) == ["written"]
    assert found(index) == {"one"}


STONES = [
    Tombstone("id", "one"),
    Tombstone("url", "https://www.paper.example/one"),
    Tombstone("domain", "www.paper.example"),
    Tombstone("domain", "paper.example"),
]


@pytest.mark.parametrize("stone", STONES, ids=lambda stone: f"{stone.kind}-{stone.value[-17:]}")
def test_a_tombstone_takes_down_what_it_covers_and_nothing_else(
    index: ArticleIndex, stone: Tombstone
) -> None:
    one = at("one", "www.paper.example", "paper.example")
    other = at("other", "newspaper.example")
    put(index, one, other)
    assert covered(index, [Tombstone("id", "one"), Tombstone("id", "missing")]) == 1
    assert take_down(index, [stone], NOON) == 1
    assert found(index) == {"other"}
    assert list(index.tombstones()) == [stone]
    assert put(index, one) == ["deleted"]
    assert put(index, at("third", "newspaper.example")) == ["written"]
    assert found(index) == {"other", "third"}


def test_a_domain_keeps_away_what_it_publishes_later(index: ArticleIndex) -> None:
    take_down(index, [Tombstone("domain", "paper.example")], NOON)
    assert put(index, at("new", "live.paper.example", "paper.example")) == ["deleted"]
    assert found(index) == set()


def test_a_lifted_tombstone_lets_the_document_come_again(index: ArticleIndex) -> None:
    stone = Tombstone("id", "one")
    put(index, at("one"))
    take_down(index, [stone], NOON)
    assert index.unbury([stone, Tombstone("id", "unknown")]) == 1
    assert put(index, at("one")) == ["written"]
    assert found(index) == {"one"}


def test_a_sight_by_any_feed_of_a_deleted_article_is_unchanged(index: ArticleIndex) -> None:
    def seen(feed: str, second: int, version: str) -> str:
        sights = [sight(feed, second, version)]
        return write_sights(index, sights, now=lambda: START, tries=1)[0].kind

    assert seen(FEEDS[0], 0, "v1") == "written"
    take_down(index, [Tombstone("id", "article")], NOON)
    # Another feed, a correction, and what a store that knows nothing would send again.
    assert [seen(FEEDS[1], 1, "v1"), seen(FEEDS[0], 2, "v2"), seen(FEEDS[0], 0, "v1")] == [
        "unchanged"
    ] * 3
    assert found(index) == set()


def test_tombstones_outlive_a_restart(config: Config) -> None:
    with opened(config) as (index, _):
        put(index, at("one"))
        take_down(index, [Tombstone("url", "https://paper.example/one")], NOON)
    with opened(config) as (index, _):
        assert put(index, at("one")) == ["deleted"]
        assert found(index) == set()


def test_nothing_escapes_a_takedown_that_meets_a_writer(index: ArticleIndex) -> None:
    """The tombstone comes in the middle of creations: each is found, kept away or taken back."""
    begun, kinds = threading.Event(), []

    def write_on() -> None:
        for number in range(60):
            kinds.extend(put(index, at(f"{number}")))
            if number == 20:
                begun.set()

    writer = threading.Thread(target=write_on)
    writer.start()
    assert begun.wait(60)
    take_down(index, [Tombstone("domain", "paper.example")], NOON)
    writer.join(60)
    assert found(index) == set()
    assert index.get([f"{number}" for number in range(60)]) == {}
    assert set(kinds) <= {"written", "deleted"}
    assert len(kinds) == 60


def days_old(article_id: str, days: float) -> Article:
    return article(article_id, title="Rain", time=NOON - timedelta(days=days))


def test_retention_deletes_what_lies_before_a_time_in_slices(index: ArticleIndex) -> None:
    put(index, *(days_old(f"old-{number}", 10 + number) for number in range(7)))
    put(index, days_old("young", 1), days_old("on the day", 5))
    before = NOON - timedelta(days=5)
    slices = [index.delete_before(before, 3) for _ in range(4)]
    assert slices == [3, 3, 1, 0]
    assert found(index) == {"young", "on the day"}


def letter(entry: str, seen: datetime) -> Failure:
    return Failure(
        id=entry,
        feed_url="https://a.example/feed",
        entry_key=entry,
        stage="parse",
        error="broken",
        input={},
        first_seen=seen - timedelta(days=300),
        last_seen=seen,
        sight_time=seen,
    )


def test_retention_takes_dead_letters_and_whole_months_of_rounds_too(config: Config) -> None:
    before = datetime(2026, 3, 15, tzinfo=UTC)
    with opened(config) as (index, store):
        put(index, days_old("old", 30), article("young", time=before))
        store.put_failures([letter("old", before - timedelta(days=1)), letter("young", before)])
        for month, day in ((1, 31), (2, 1), (3, 1), (4, 1)):
            store.put_round(
                RoundSummary(timestamp=datetime(2026, month, day, tzinfo=UTC), owner="x")
            )
        index.refresh()
        if config.index.prefix:
            refresh_all(config)
        rounds = 2 if config.index.prefix else 0  # a folder keeps none: no dashboard reads them
        foreseen = apply_retention(index, store, before, dry_run=True)
        assert (foreseen.articles, foreseen.failures, foreseen.rounds) == (1, 1, rounds)
        assert found(index) == {"old", "young"}
        done = apply_retention(index, store, before)
        assert (done.articles, done.failures, done.rounds) == (1, 1, rounds)
        assert found(index) == {"young"}
        assert [one.id for one in store.failures(open_only=False)] == ["young"]
        again = apply_retention(index, store, before)
        assert (again.articles, again.failures, again.rounds) == (0, 0, 0)


def refresh_all(config: Config) -> None:
    from elasticsearch import Elasticsearch

    with Elasticsearch(config.index.url) as client:
        client.indices.refresh(index=f"{config.index.prefix}*")


def test_a_bounded_retention_says_that_it_has_not_finished(
    index: ArticleIndex, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.retention.DOCUMENTS_PER_SLICE", 2)
    put(index, *(days_old(f"{number}", 10) for number in range(3)))
    with opened(config) as (_, store):
        before = NOON - timedelta(days=5)
        first = apply_retention(index, store, before, max_slices=1)
        second = apply_retention(index, store, before, max_slices=2)
    assert (first.articles, first.finished) == (2, False)
    assert (second.articles, second.finished) == (1, True)
