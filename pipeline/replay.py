"""Dead letters through the same stages as everything else, and what becomes of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.entry_outcomes import outcomes_of
from pipeline.feed_names import with_titles
from pipeline.observing import RunObserver
from pipeline.run import LocalRun
from pipeline.stopping import StopRequest
from schemas.config import Config
from schemas.entry import Entry
from schemas.errors import TerminalError
from schemas.failure import Failure
from schemas.feed import Feed
from schemas.poll import Outcome, PollEntry
from transforms.clock import utc_now
from transforms.feeds.identity import content_hash
from transforms.feeds.polling import entry_of_failure
from transforms.storage.feed_store import FeedStore
from transforms.storage.open import open_index, open_store


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of dead letters.

    Attributes:
        came_through: How many did, and are closed.
        failed_again: How many did, and are counted once more.
        put_off: How many could not be written now, or fetched.
        sourceless: Those whose input is not whole and that no configured feed can give again.
    """

    came_through: int = 0
    failed_again: int = 0
    put_off: int = 0
    sourceless: tuple[Failure, ...] = ()


def replay(failures: Sequence[Failure], config: Config) -> Replayed:
    """Takes open dead letters through normalize, tag and write again.

    Those whose input is not whole are fetched again with their feeds.

    Args:
        failures: Open dead letters.
        config: Feeds and limits as they are now.
    """
    feeds = {feed.url: feed for feed in with_titles(config)}
    whole: list[Failure] = []
    entries: list[PollEntry] = []
    cut: list[Failure] = []
    sourceless: list[Failure] = []
    to_fetch: dict[str, Feed] = {}
    for failure in failures:
        feed = feeds.get(failure.feed_url) or Feed(url=failure.feed_url)
        entry = whole_entry(failure)
        if entry is None and failure.feed_url not in feeds:
            sourceless.append(failure)
        elif entry is None:
            cut.append(failure)
            to_fetch[feed.url] = feed
        else:
            whole.append(failure)
            entries.append(entry_of(failure, entry, feed))
    index, store = open_index(config), open_store(config)
    try:
        index.check()
        index.setup()
        fates = _settle(whole, outcomes_of(entries, config), store, utc_now())
        if to_fetch:
            _fetch_again(list(to_fetch.values()), config, store)
            fates += _fates_of_fetched(cut, store)
        index.refresh()
        return Replayed(**fates, sourceless=tuple(sourceless))
    finally:
        store.close()
        index.close()


def whole_entry(failure: Failure) -> Entry | None:
    """Gives a dead letter's entry, None where what was kept of it is not the whole."""
    if failure.truncated:
        return None
    try:
        return entry_of_failure(failure.input)
    except TerminalError:
        return None


def entry_of(failure: Failure, entry: Entry, feed: Feed) -> PollEntry:
    """Puts a dead letter back on its way, with the sight time of its first fetch."""
    return PollEntry(
        poll_id=failure.id,
        feed=feed,
        entry=entry,
        key=failure.entry_key,
        hash=content_hash(entry),
        article_id=failure.article_id,
        # The sight may be that of an old file: it says nothing of which dates are to come.
        judged_at=utc_now(),
        sight_time=failure.sight_time,
    )


def _settle(
    failures: Sequence[Failure], outcomes: Sequence[Outcome], store: FeedStore, now: datetime
) -> Counter[str]:
    """Closes the dead letters that came through, counts those that failed again."""
    fates: Counter[str] = Counter()
    for failure, outcome in zip(failures, outcomes, strict=True):
        if outcome.kind == "transient":
            fates["put_off"] += 1
        elif outcome.failure is None:
            fates["came_through"] += 1
            store.close_failure(failure.id, now)
        else:
            fates["failed_again"] += 1
            again = outcome.failure
            if again.stage == failure.stage:
                # The same letter, though an earlier version may have kept its key cut.
                again = again.model_copy(update={"id": failure.id})
            store.put_failures([again])
            if again.id != failure.id:
                # It failed at another stage than before: that is its dead letter now.
                store.close_failure(failure.id, now)
    return fates


def _fetch_again(feeds: list[Feed], config: Config, store: FeedStore) -> None:
    store.forget_validators([feed.url for feed in feeds])
    part = config.model_copy(update={"feeds": feeds})
    LocalRun(part, StopRequest(), RunObserver(), register=False).once()


def _fates_of_fetched(failures: Sequence[Failure], store: FeedStore) -> Counter[str]:
    counts = {failure.id: failure.count for failure in store.failures()}
    fates: Counter[str] = Counter()
    for failure in failures:
        count = counts.get(failure.id)
        if count is None:
            fates["came_through"] += 1
        else:
            fates["failed_again" if count > failure.count else "put_off"] += 1
    return fates
