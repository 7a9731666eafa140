"""Commits one poll to a feed store, as the stores' tests mostly do."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from schemas.feed import SeenEntry
from schemas.poll import Learnt, PollCommit
from transforms.storage.protocols import FeedStore


def commit_one(
    store: FeedStore,
    learnt: Learnt,
    now: datetime,
    *,
    seen: Mapping[str, SeenEntry] | None = None,
    closed: Sequence[str] = (),
) -> None:
    """Commits a poll.

    Raises:
        DatelineError: It was not committed.
    """
    (error,) = store.commit([PollCommit(learnt, seen or {}, closed)], now)
    if error is not None:
        raise error
