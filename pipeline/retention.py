"""Deletes what is older than is kept: documents, dead letters, rounds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from transforms.storage.protocols import ArticleIndex, FeedStore, SearchRequest

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
        documents = f"{self.articles} documents, {self.failures} dead letters"
        return f"{documents}, {self.rounds} rounds of polls"


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
