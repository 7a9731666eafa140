"""Deletes what is older than is kept: documents, dead letters, rounds."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.counted import counted
from transforms.storage.article_index import ArticleIndex, SearchRequest
from transforms.storage.feed_store import FeedStore

_LOG = logging.getLogger(__name__)
# Where `index.keep` is set, what has become too old is deleted so often.
RETENTION_EVERY = timedelta(hours=6)
# Few enough that a slice takes a second or so, and that a kill costs no more than one.
DOCUMENTS_PER_SLICE = 1_000


@dataclass(slots=True)
class Retained:
    """What was deleted, or would be.

    Attributes:
        finished: Nothing that is too old is left.
    """

    articles: int = 0
    failures: int = 0
    rounds: int = 0
    finished: bool = False

    def text(self) -> str:
        """Says it in words."""
        letters = counted(self.failures, "dead letter")
        documents = f"{counted(self.articles, 'document')}, {letters}"
        rounds = f", figures of {counted(self.rounds, 'round')}" if self.rounds else ""
        return f"{documents}{rounds}"


def apply_retention(
    index: ArticleIndex,
    store: FeedStore,
    before: datetime,
    *,
    max_slices: int | None = None,
    dry_run: bool = False,
    report: Callable[[int], None] = lambda _: None,
) -> Retained:
    """Deletes what lies before a time, in slices; whatever ends it, the next call goes on.

    Args:
        index: Its documents go by `@timestamp`.
        store: Its dead letters go by when they were last seen, its rounds by whole months.
        before: What is of this time or later stays.
        max_slices: So many slices of documents at most; dead letters and rounds follow the last.
        dry_run: Only counts.
        report: Is called after each slice with the documents deleted so far.

    Raises:
        TransientError: The index is away.
    """
    done = Retained()
    if dry_run:
        index.refresh()
        done.articles = index.search(SearchRequest(until=before, size=0)).total
    else:
        slices = 0
        while max_slices is None or slices < max_slices:
            deleted = index.delete_before(before, DOCUMENTS_PER_SLICE)
            if not deleted:
                break
            slices += 1
            done.articles += deleted
            report(done.articles)
        else:
            return done
    expired = store.expire(before, dry_run=dry_run)
    done.failures, done.rounds, done.finished = expired.failures, expired.rounds, True
    return done


class RegularRetention:
    """Deletes what is older than `index.keep` every few hours, a bounded part at each call.

    Args:
        keep: `index.keep`; None deletes nothing.
        max_slices: Slices of documents deleted in one call.
    """

    def __init__(self, keep: float | None, *, max_slices: int = 1) -> None:
        self._keep = None if keep is None else timedelta(seconds=keep)
        self._max_slices = max_slices
        self._next: datetime | None = None

    def apply(self, index: ArticleIndex, store: FeedStore, now: datetime) -> None:
        """Deletes the next part, where it is time to.

        Raises:
            TransientError: The index is away; the next call goes on.
        """
        if self._keep is None or (self._next is not None and now < self._next):
            return
        done = apply_retention(index, store, now - self._keep, max_slices=self._max_slices)
        if done.finished:
            self._next = now + RETENTION_EVERY
        if done.articles or done.failures or done.rounds:
            _LOG.info("older than index.keep, deleted: %s", done.text())
