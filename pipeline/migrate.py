"""Moves an installation to another index: documents, tombstones, feeds' states, dead letters.

In this order: a state that remembers its entries comes after their documents, so that a move that
is broken off has at worst told the new index less than it holds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from schemas.article import Article
from schemas.errors import TransientError
from transforms.batches import batches
from transforms.storage.article_index import ArticleIndex, Write
from transforms.storage.feed_store import FeedStore

_AT_ONCE = 200
_TRIES = 5


@dataclass(slots=True)
class Migrated:
    """What has been moved; what the target had already, as new or newer, is not counted."""

    documents: int = 0
    known: int = 0
    tombstones: int = 0
    feeds: int = 0
    dead_letters: int = 0


def migrate(
    source: tuple[ArticleIndex, FeedStore],
    target: tuple[ArticleIndex, FeedStore],
    now: datetime,
    report: Callable[[Migrated], None] = lambda _: None,
) -> Migrated:
    """Moves everything that runs rely on; the source is left as it is. Safe to repeat.

    A document or a state that the target has is replaced where the source's is newer. Leases and
    the figures of rounds are not moved: nobody polls, and figures are of one installation.

    Args:
        source: Nobody else may be polling into it.
        target: Set up.
        now: The time that tombstones carry, UTC.
        report: Is called now and then.

    Raises:
        TransientError: A document could not be written.
    """
    done = Migrated()
    stones = list(source[0].tombstones())
    if stones:
        target[0].bury(stones, now)
        done.tombstones = len(stones)
    for articles in batches(source[0].scan(), _AT_ONCE):
        _move(articles, target[0], done)
        report(done)
    target[0].refresh()
    for states in batches(source[1].states(), _AT_ONCE):
        done.feeds += target[1].restore(states)
        report(done)
    known = {failure.id for failure in target[1].failures(open_only=False)}
    unknown = (one for one in source[1].failures() if one.id not in known)
    for failures in batches(unknown, _AT_ONCE):
        target[1].put_failures(failures)
        done.dead_letters += len(failures)
    return done


def _move(articles: list[Article], index: ArticleIndex, done: Migrated) -> None:
    waiting = {article.id: article for article in articles}
    reason = ""
    for _ in range(_TRIES):
        stored = index.get(list(waiting))
        writes = []
        for key, article in waiting.items():
            there = stored.get(key)
            if there is None:
                writes.append(Write(article))
            elif _is_newer(article, there.article):
                writes.append(Write(article, there.version))
            else:
                done.known += 1
        waiting = {}
        for write, result in zip(writes, index.write(writes), strict=True):
            if result.kind == "written":
                done.documents += 1
            elif result.kind == "conflict":
                waiting[write.article.id] = write.article
            elif result.kind != "deleted":
                reason = result.reason
        if reason:
            raise TransientError(f"a document could not be moved: {reason}; the same call goes on")
        if not waiting:
            return
    raise TransientError("other writers to the target were faster: is something polling into it?")


def _is_newer(article: Article, there: Article) -> bool:
    mine, other = article.event.ingested, there.event.ingested
    return mine is not None and (other is None or mine > other)
