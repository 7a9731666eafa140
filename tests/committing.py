"""What a poll without entries learnt, and its commit to a feed store, as tests mostly have it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from schemas.feed import SeenEntry
from schemas.poll import Learnt, Poll, PollCommit
from transforms.storage.feed_store import FeedStore


def learnt_by(poll: Poll, now: datetime, **state: Any) -> Learnt:
    """Gives what a poll learnt that had no entries; due again in an hour, unless `state` says."""
    values = {"last_poll": now, "next_due": now + timedelta(hours=1), **state}
    return Learnt(
        poll_id=poll.id,
        feed_url=poll.feed.url,
        lease=poll.lease,
        expected=0,
        state=poll.state.model_copy(update=values),
        last_request=now,
    )


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
