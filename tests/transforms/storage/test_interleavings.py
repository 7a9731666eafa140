"""Two writers of one article, in every order that their reads and writes can take."""

import threading
from collections.abc import Sequence
from itertools import combinations

from schemas.article import Article, Sight
from schemas.config import Config
from tests.backends import opened
from tests.transforms.storage.sights import FEEDS, START, sight
from transforms.storage.article_index import ArticleIndex, Stored, Write, WriteResult
from transforms.storage.open import open_index
from transforms.storage.writer import write_sights

# Of one another's conflicts there is one at most, so no writer makes more steps than these.
STEPS_OF_CORRECTOR, STEPS_OF_OTHER = 6, 4
DEADLINE_SECONDS = 30


class Schedule:
    """Lets the two writers make their steps in a given order; who has ended is passed over."""

    def __init__(self, order: str) -> None:
        self._order = list(order)
        self._ended: set[str] = set()
        self._changed = threading.Condition()
        self.trace = ""

    def step(self, name: str) -> None:
        """Waits for the writer's turn."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._next() in (name, None), DEADLINE_SECONDS)
            self._ran(name)

    def end(self, name: str) -> None:
        """Says that a writer makes no more steps."""
        with self._changed:
            self._ended.add(name)
            self._changed.notify_all()

    def _next(self) -> str | None:
        while self._order and self._order[0] in self._ended:
            self._order.pop(0)
        return self._order[0] if self._order else None

    def _ran(self, name: str) -> None:
        if self._order:
            self._order.pop(0)
        self.trace += name
        self._changed.notify_all()


class ScheduledIndex:
    """An index whose reads and writes wait for their turn."""

    def __init__(self, index: ArticleIndex, schedule: Schedule, name: str) -> None:
        self._index, self._schedule, self._name = index, schedule, name

    def get(self, ids: Sequence[str]) -> dict[str, Stored]:
        self._schedule.step(self._name)
        return self._index.get(ids)

    def write(self, writes: Sequence[Write]) -> list[WriteResult]:
        if not writes:
            return []
        self._schedule.step(self._name)
        return self._index.write(writes)


def run_writer(index: ArticleIndex, schedule: Schedule, name: str, sights: list[Sight]) -> None:
    try:
        for one in sights:
            (result,) = write_sights(
                ScheduledIndex(index, schedule, name),  # type: ignore[arg-type]
                [one],
                now=lambda: START,
                tries=3,
            )
            assert result.kind == "written"
    finally:
        schedule.end(name)


def run_schedule(order: str, key: str, indexes: Sequence[ArticleIndex]) -> tuple[Article, str]:
    corrector = [
        sight(FEEDS[1], 0, "b1", article_id=key, title="Old title", body="the longer text"),
        sight(FEEDS[1], 9, "b2", article_id=key, title="New title", body="the longer text"),
    ]
    other = [sight(FEEDS[0], 4, "a1", article_id=key, title="Copy", body="short")]
    schedule = Schedule(order)
    threads = [
        threading.Thread(target=run_writer, args=(index, schedule, name, sights))
        for index, name, sights in zip(indexes, "ab", (corrector, other), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_SECONDS)
    return indexes[0].get([key])[key].article, schedule.trace


def test_every_interleaving_gives_one_document_with_both_feeds_and_the_correction(
    config: Config,
) -> None:
    length = STEPS_OF_CORRECTOR + STEPS_OF_OTHER
    traces = set()
    with opened(config) as (index, _):
        second = open_index(config)
        try:
            for number, chosen in enumerate(combinations(range(length), STEPS_OF_OTHER)):
                order = "".join("b" if place in chosen else "a" for place in range(length))
                article, trace = run_schedule(order, f"article-{number}", (index, second))
                traces.add(trace)
                news = article.news
                assert news.feed.url == sorted(FEEDS[:2]), order
                assert (news.title, news.revision) == ("New title", 2), order
                assert article.event.created == START, order
        finally:
            second.close()
    # Among them orders with a conflict of the one and of the other, which make two steps more.
    assert {len(trace) for trace in traces} >= {6, 8}
