"""Replaying dead letters, on both indexes: none is lost, none becomes two."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from pipeline.replay import Replayed, replay
from schemas.config import Config
from schemas.entry import Entry
from schemas.errors import TerminalError
from schemas.failure import Failure, Stage
from schemas.feed import Feed
from schemas.poll import PollEntry
from tests.backends import opened
from tests.pipeline.dateline import Dateline
from tests.transforms.storage.sights import START
from transforms.dead_letters import dead_letter
from transforms.storage.feed_store import FeedStore
from transforms.storage.open import open_index

FEED = Feed(url="https://a.example/feed")
LONG_KEY = "https://a.example/?q=" + "k" * 5_000


def letter(stage: Stage = "normalize", key: str = LONG_KEY, title: str = "Far too long") -> Failure:
    """Gives the dead letter of an entry that fails in normalize, whatever stage it failed in."""
    origin = PollEntry(
        poll_id="p",
        feed=FEED,
        entry=Entry(guid=key, link="https://a.example/1", title=title),
        key=key,
        hash="h",
        article_id="a" * 32,
        sight_time=START,
    )
    failure = dead_letter(origin, stage, TerminalError("bad"), START).failure
    assert failure is not None
    return failure


@pytest.fixture
def strict(config: Config) -> Config:
    config.limits.title_chars = 5
    return config


@pytest.fixture
def store(strict: Config) -> Iterator[FeedStore]:
    with opened(strict) as (_, feed_store):
        yield feed_store


@pytest.mark.parametrize("kept", [LONG_KEY, LONG_KEY[:512]], ids=["whole key", "key cut"])
def test_a_letter_that_fails_again_stays_the_same_letter(
    strict: Config, store: FeedStore, kept: str
) -> None:
    failed = letter().model_copy(update={"entry_key": kept})
    store.put_failures([failed])
    assert replay([failed], strict) == Replayed(failed_again=1)
    assert [(one.id, one.count) for one in store.failures(open_only=False)] == [(failed.id, 2)]


def test_a_letter_that_fails_at_another_stage_has_not_come_through(
    strict: Config, store: FeedStore
) -> None:
    store.put_failures([letter("write")])
    assert replay([letter("write")], strict) == Replayed(failed_again=1)
    assert [(one.id, one.stage) for one in store.failures()] == [(letter().id, "normalize")]


def test_each_letter_has_its_own_fate(strict: Config, store: FeedStore) -> None:
    letters = [letter(key="1"), letter(key="2", title="Short")]
    store.put_failures(letters)
    assert replay(letters, strict) == Replayed(came_through=1, failed_again=1)
    assert [one.entry_key for one in store.failures()] == ["1"]


def test_a_replayed_entry_names_its_feed_as_a_poll_does(strict: Config, store: FeedStore) -> None:
    config = strict.model_copy(update={"feeds": [FEED]})
    store.register([FEED])
    store.change_feed(FEED.url, lambda state: state.model_copy(update={"title": "The Paper"}))
    one = letter(title="Short")
    store.put_failures([one])
    assert replay([one], config) == Replayed(came_through=1)
    with closing(open_index(config, read_only=True)) as index:
        (stored,) = index.get([one.article_id]).values()
    assert stored.article.news.feed.name == ["The Paper"]


def test_what_stood_in_a_file_is_named_and_closed_by_hand(
    dateline: Dateline,
) -> None:
    dateline.configure("https://paper.example/feed.xml")
    (dateline.folder / "a.jsonl").write_text('[1]\n{"url": 1}\n')
    dateline("ingest", "--checkpoint", "p.json", "a.jsonl", status=1)
    said = dateline("replay", status=1).stderr
    assert "0 could not be written now, 2 cannot be had again" in said
    assert "a.jsonl:1: " in said
    first, second = (letter["id"] for letter in dateline.dead_letters())
    assert first in said
    assert "1 dead letter closed" in dateline("replay", "--close", first).stderr
    assert [letter["id"] for letter in dateline.dead_letters()] == [second]
    assert "1 dead letter closed" in dateline("replay", "--close", "--stage", "parse").stderr
    assert "no open dead letters" in dateline("replay").stderr
