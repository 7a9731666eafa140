"""Stories are joined when nothing else is to do, else now and then."""

import logging
from datetime import datetime, timedelta

from pipeline.counted import counted
from schemas.config import StoriesConfig
from transforms.storage.article_index import ArticleIndex
from transforms.stories.sweep import SWEEP_SECONDS, Swept, sweep

_LOG = logging.getLogger(__name__)
# However busy a run is, no more articles than these wait for their stories.
WRITTEN_BEFORE_SWEEP = 2_000


class RegularSweep:
    """Says when stories are to be joined, and joins them.

    Args:
        now: When the run began, UTC.
    """

    def __init__(self, now: datetime) -> None:
        self._written = 0
        self._swept_before = False
        self._next = now

    def note_written(self, articles: int) -> None:
        """Counts articles whose stories are not settled yet."""
        self._written += articles

    def is_due(self, now: datetime) -> bool:
        """Says whether stories are to be joined although something else is to do."""
        return self._written > WRITTEN_BEFORE_SWEEP or now >= self._next

    def join(self, index: ArticleIndex, config: StoriesConfig, now: datetime) -> None:
        """Settles the stories of what was written, and of what a killed run has left.

        Args:
            index: Of the articles.
            config: `stories`.
            now: The time of the decision, UTC.
        """
        if not self._written and self._swept_before:
            return
        join_stories(index, config)
        self._written, self._swept_before = 0, True
        self._next = now + timedelta(seconds=SWEEP_SECONDS)


def join_stories(index: ArticleIndex, config: StoriesConfig) -> Swept:
    """Settles the stories of all provisional documents, and says what came of it.

    Raises:
        TransientError: The index is away.
    """
    swept = sweep(index, config)
    if swept.relabelled:
        articles = counted(swept.relabelled, "article")
        _LOG.info("%s joined the stories of earlier copies", articles)
    return swept
