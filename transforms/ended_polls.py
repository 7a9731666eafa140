"""What is committed of polls whose entries all have their outcomes."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.errors import DatelineError, LeaseLostError, TransientError
from schemas.failure import Failure
from schemas.feed import SeenEntry
from schemas.poll import Committed, Learnt, Outcome, PollCommit, PollKind
from transforms.feeds.health import HELD_BACK
from transforms.storage.feed_store import FeedStore

_KEY_SHOWN = 200


@dataclass(frozen=True, slots=True)
class EndedPoll:
    """A poll of which everything is known.

    Attributes:
        learnt: What it learnt.
        outcomes: What became of its entries, but for those that are unchanged.
    """

    learnt: Learnt
    outcomes: Sequence[Outcome] = ()

    @property
    def counts(self) -> Counter[str]:
        """Entries by outcome."""
        counts: Counter[str] = Counter(outcome.kind for outcome in self.outcomes)
        if self.learnt.unchanged:
            counts["unchanged"] += len(self.learnt.unchanged)
        return counts

    @property
    def failures(self) -> list[Failure]:
        """Its dead letters."""
        return [outcome.failure for outcome in self.outcomes if outcome.failure is not None]


def remembered(
    learnt: Learnt, outcomes: Sequence[Outcome], max_entries: int
) -> dict[str, SeenEntry]:
    """Gives the entries that the feed's state is to remember after a poll.

    What the feed shows now comes last and is never dropped; of what it showed before, as much as
    fits, the oldest dropped first.
    """
    known = learnt.state.seen
    now_shown = {key: known[key] for key in (*learnt.unchanged, *learnt.waiting)}
    now_shown |= {outcome.key: outcome.seen for outcome in outcomes if outcome.seen is not None}
    before = {key: entry for key, entry in known.items() if key not in now_shown}
    room = max(0, max_entries - len(now_shown))
    kept = list(before.items())[-room:] if room else []
    return {**dict(kept), **now_shown}


def commit_polls(
    store: FeedStore,
    ended: Sequence[EndedPoll],
    *,
    now: datetime,
    max_entries: int,
    backoff_seconds: float,
) -> list[Committed]:
    """Commits polls whose outcomes are all there; puts off those where one was transient.

    Args:
        store: Where to.
        ended: The polls; no feed is there twice.
        now: The time.
        max_entries: Entries remembered for a feed.
        backoff_seconds: After this a poll that is put off is due again.

    Returns:
        What became of each, in the same order.
    """
    errors = {one.learnt.poll_id: _put_off(store, one, now, backoff_seconds) for one in ended}
    new = _put_failures(store, ended, errors)
    kept = [one for one in ended if errors[one.learnt.poll_id] is None]
    commits = []
    for one in kept:
        one.learnt.state.entries_written += one.counts["written"]
        succeeded = [o.key for o in one.outcomes if o.kind in ("written", "unchanged")]
        seen = remembered(one.learnt, one.outcomes, max_entries)
        commits.append(PollCommit(one.learnt, seen, [*one.learnt.unchanged, *succeeded]))
    if commits:
        try:
            refused: Sequence[DatelineError | None] = store.commit(commits, now)
        except TransientError as error:
            refused = [error] * len(commits)
        errors |= zip((one.learnt.poll_id for one in kept), refused, strict=True)
    return [_committed(one, errors[one.learnt.poll_id], new) for one in ended]


def _put_off(
    store: FeedStore, ended: EndedPoll, now: datetime, backoff_seconds: float
) -> DatelineError | None:
    """Releases a poll that is to be made again; gives why, None where it has ended.

    It could not be made to its end, or something of it could not be written.
    """
    reason, due = ended.learnt.put_off, ended.learnt.state.next_due
    if ended.counts["transient"]:
        reason = next(o.reason for o in ended.outcomes if o.kind == "transient")
        due = now + timedelta(seconds=backoff_seconds)
    if not reason:
        return None
    try:
        store.release(
            ended.learnt.lease,
            feeds={ended.learnt.feed_url: due},
            last_request=ended.learnt.last_request,
        )
    except (LeaseLostError, TransientError) as error:
        return error
    return TransientError(reason)


def _put_failures(
    store: FeedStore, ended: Sequence[EndedPoll], errors: dict[str, DatelineError | None]
) -> Collection[str]:
    """Stores the dead letters of the polls that are to be committed; notes where it could not.

    Gives the ids of those that were not open before.
    """
    failed = [one for one in ended if one.failures and errors[one.learnt.poll_id] is None]
    if not failed:
        return ()
    try:
        return store.put_failures([failure for one in failed for failure in one.failures])
    except TransientError as error:
        errors.update({one.learnt.poll_id: error for one in failed})
        return ()


def _committed(
    ended: EndedPoll, error: DatelineError | None, new_letters: Collection[str]
) -> Committed:
    """Gives what became of a poll."""
    learnt = ended.learnt
    answer = Committed(
        poll_id=learnt.poll_id,
        feed_url=learnt.feed_url,
        host=learnt.lease.host,
        kind="committed",
        counts=dict(ended.counts),
        dead_letters=dict(Counter(failure.stage for failure in ended.failures)),
        new_dead_letters=[
            f"{failure.entry_key[:_KEY_SHOWN]!r} ({failure.stage}): {failure.error}"
            for failure in ended.failures
            if failure.id in new_letters
        ],
        created=sum(outcome.created for outcome in ended.outcomes),
        lag_seconds=learnt.lag_seconds,
        error=learnt.state.last_error if learnt.failed else "",
        hub_news=learnt.hub_news,
    )
    if error is not None:
        kind: PollKind = "lease_lost" if isinstance(error, LeaseLostError) else "transient"
        return answer.model_copy(update={"kind": kind, "error": str(error)})
    if learnt.state.held_back:
        reason = f"held back until {learnt.state.hold_until:%Y-%m-%d %H:%M} UTC: "
        reason += learnt.state.held_back.removeprefix(HELD_BACK)
        return answer.model_copy(update={"kind": "held_back", "error": reason})
    if learnt.failed:
        return answer.model_copy(update={"kind": "failed"})
    return answer.model_copy(update={"kind": "not_modified"}) if learnt.not_modified else answer
