"""Tags stored documents again where another tagger did it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from schemas.article import Article
from transforms.batches import batches
from transforms.storage.article_index import ArticleIndex, Write
from transforms.storage.retag import retagged
from transforms.tagging.content import tag_content
from transforms.tagging.tagger import Tagger

_PER_BATCH = 100
# Each conflict means that somebody else wrote the document; polling does so rarely.
TRIES = 5


@dataclass(slots=True)
class Reprocessed:
    """What was done: documents looked at, written, and left because they could not be."""

    read: int = 0
    written: int = 0
    failed: int = 0
    reason: str = ""


def reprocess(
    index: ArticleIndex,
    tagger: Tagger,
    now: Callable[[], datetime],
    since: datetime | None = None,
    report: Callable[[Reprocessed], None] = lambda _: None,
    *,
    everything: bool = False,
) -> Reprocessed:
    """Tags again what carries another tagger's version; compare-and-set, and no revision.

    Args:
        index: Where the documents are.
        tagger: Its version decides what is done already.
        now: Gives the time that written documents carry as `event.ingested`.
        since: Only documents with a `@timestamp` at or after this.
        report: Is called after each batch.
        everything: Writes what carries the present version too, for an index whose mapping has
            got fields that it lacks.

    Raises:
        TransientError: The index cannot be read.
    """
    done = Reprocessed()
    started = now()

    def is_outdated(article: Article) -> bool:
        if everything:
            return article.event.ingested is None or article.event.ingested < started
        return article.news.tagger.version != tagger.version_for(article.news.language)

    def outdated() -> Iterator[str]:
        for article in index.scan():
            if since is None or article.timestamp >= since:
                done.read += 1
                if is_outdated(article):
                    yield article.id

    for ids in batches(outdated(), _PER_BATCH):
        _tag_again(index, ids, tagger, now, done, is_outdated)
        report(done)
    index.refresh()
    return done


def _tag_again(
    index: ArticleIndex,
    ids: Sequence[str],
    tagger: Tagger,
    now: Callable[[], datetime],
    done: Reprocessed,
    is_outdated: Callable[[Article], bool],
) -> None:
    """Writes one batch, and again what somebody else wrote meanwhile."""
    tag = partial(tag_content, tagger)
    waiting = list(ids)
    for _ in range(TRIES):
        writes = [
            Write(_stamped(retagged(stored.article, tag), now()), stored.version)
            for stored in index.get(waiting).values()
            if is_outdated(stored.article)
        ]
        waiting = []
        for write, result in zip(writes, index.write(writes), strict=True):
            if result.kind == "written":
                done.written += 1
            elif result.kind == "conflict":
                waiting.append(write.article.id)
            else:
                done.failed += 1
                done.reason = result.reason
        if not waiting:
            return
    done.failed += len(waiting)
    done.reason = f"other writers were faster {TRIES} times in a row"


def _stamped(article: Article, now: datetime) -> Article:
    event = article.event.model_copy(update={"ingested": now})
    return article.model_copy(update={"event": event})
