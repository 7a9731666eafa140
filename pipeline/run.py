"""The local ways to drive the graph: rounds until all is polled (`--once`), or for ever."""

import logging
import random
from collections.abc import Callable, Sequence
from datetime import timedelta

from pipeline.counted import counted
from pipeline.held_back import end_backoffs, held_back_in
from pipeline.observing import HEALTH_EVERY, EndedRound, RunObserver
from pipeline.opened_storage import OpenedStorage
from pipeline.owner import hosts_of_others
from pipeline.pauses import pause_after_failures, rounds_put_off, seconds_until
from pipeline.regular_sweep import RegularSweep
from pipeline.retention import RegularRetention
from pipeline.rounds import Rounds
from pipeline.run_totals import RunTotals
from pipeline.stopping import StopRequest
from schemas.config import Config
from schemas.errors import DatelineError, TransientError
from schemas.poll import RoundSummary
from transforms.clock import utc_now
from transforms.due import ClaimOrder
from transforms.http.shared_pool import close_all, shared_pool
from transforms.memory import free_between_rounds
from transforms.owner_name import owner_name
from transforms.storage.article_index import ArticleIndex
from transforms.storage.feed_store import FeedStore
from transforms.tagging.shared import shared_tagger

_LOG = logging.getLogger(__name__)
# What is under way gets this long to end after a signal.
FINISH_SECONDS = 10.0
# `--once` polls again what could not be written, so often in all; its writes are retried besides.
TRIES_OF_PUT_OFF_POLLS = 3


class LocalRun:
    """Drives rounds on this machine against one index and its store.

    Args:
        config: Its feeds are the ones that are polled.
        stop: Asks for the end.
        observer: Is told of each round and each wait.
        register: Makes the store know exactly the configuration's feeds; False polls a part of
            those it knows.
        beam_options: For the runner.
        reload: Gives the configuration where it has changed since it was asked last; asked before
            each round of `forever`.
        on_change: Is told of each configuration that is taken up.
    """

    def __init__(
        self,
        config: Config,
        stop: StopRequest,
        observer: RunObserver,
        *,
        register: bool = True,
        beam_options: Sequence[str] = (),
        reload: Callable[[], Config | None] = lambda: None,
        on_change: Callable[[Config], None] = lambda _: None,
    ) -> None:
        self._reload = reload
        self._on_change = on_change
        self._waiting: Config | None = None
        self._config = config
        self._stop = stop
        self._observer = observer
        self._register = register
        self._beam_options = list(beam_options)
        self._rounds = Rounds(config, self._beam_options)
        self._owner = owner_name()
        self._totals = RunTotals(RoundSummary(timestamp=utc_now(), owner=self._owner))
        self._sweep = RegularSweep(utc_now())
        self._retention = RegularRetention(config.index.keep)
        self._next_health = utc_now()

    def once(self, *, due_only: bool = False, force: bool = False) -> RunTotals:
        """Polls every feed that is not held back, once.

        Args:
            due_only: Only those that are due.
            force: Those too that wait after failures, but not those whose servers ask for it.
        """
        with OpenedStorage(self._config) as opened:
            try:
                opened.prepare(self._config, self._register)
                if force:
                    end_backoffs(opened.store, {feed.url for feed in self._config.feeds}, utc_now())
                self._poll_all(opened, due_only)
                if not due_only and not self._totals.total.polls:
                    self._totals.held_back = held_back_in(
                        opened.store, {feed.url for feed in self._config.feeds}, utc_now()
                    )
                self._join_stories(opened.index)
            except TransientError as error:
                self._totals.unavailable = str(error)
            finally:
                self._finish(opened)
        return self._totals

    def forever(self) -> RunTotals:
        """Polls feeds when they are due until it is asked to stop."""
        failures = 0
        with OpenedStorage(self._config) as opened:
            prepared = False
            while not self._stop:
                try:
                    if not prepared:
                        opened.prepare(self._config, self._register)
                        prepared = True
                    opened.index.check()
                    self._take_up_changes(opened)
                    claimed = self._round(opened, ClaimOrder(owner=self._owner))
                    failures = 0
                    self._retention.apply(opened.index, opened.store, utc_now())
                    if not claimed and not self._under_way():
                        self._join_stories(opened.index)
                        self._wait_for_next(opened.store)
                    elif self._sweep.is_due(utc_now()):
                        self._join_stories(opened.index)
                except TransientError as error:
                    failures += 1
                    pause = pause_after_failures(failures, random.random())
                    _LOG.warning("nothing is fetched for %.0f s: %s", pause, error)
                    self._stop.wait(pause)
            self._finish(opened)
        return self._totals

    def _poll_all(self, opened: OpenedStorage, due_only: bool) -> None:
        started = utc_now()
        order = ClaimOrder(owner=self._owner, due_only=due_only, polled_since=started)
        patience = started + timedelta(seconds=self._config.polling.lease)
        put_off = 0
        while not self._stop:
            opened.index.check()
            total = self._totals.total
            put_off_before, polls_before = total.transient, total.polls
            claimed = self._round(opened, order)
            if total.transient > put_off_before:
                put_off = rounds_put_off(
                    put_off, total.polls - polls_before, total.transient - put_off_before
                )
                if put_off == TRIES_OF_PUT_OFF_POLLS:
                    self._totals.gave_up = True
                    return
                self._stop.wait(pause_after_failures(put_off, random.random()))
                continue
            # A poll that has just ended may have left entries over its limit.
            if claimed or self._under_way() or total.polls > polls_before:
                continue
            others = hosts_of_others(opened.store, self._config.feeds, self._owner, utc_now())
            if not others or utc_now() >= patience:
                if others:
                    _LOG.warning(
                        "another process holds %s: left to it", ", ".join(sorted(others)[:5])
                    )
                return
            _LOG.info("waiting for another process, busy with %s", counted(len(others), "host"))
            self._stop.wait(1.0)

    def _round(self, opened: OpenedStorage, order: ClaimOrder) -> int:
        now = utc_now()
        summary, counters = self._rounds.run(order, now)
        if summary.written:
            opened.index.refresh()
        if summary.polls:
            opened.store.put_round(summary)
        claimed = counters.get("polls_claimed", 0)
        self._totals.rounds += 1
        free_between_rounds()
        self._totals.claimed += claimed
        self._sweep.note_written(summary.written)
        self._totals.add(summary)
        if self._observer.wants_health and now >= self._next_health:
            self._observer.on_health(opened.store.count_health())
            self._next_health = now + HEALTH_EVERY
        self._observer.on_round(EndedRound(summary, counters, self._under_way()))
        if 1 < summary.polls == counters.get("polls_unreachable", 0):
            feeds = f"{summary.polls:,} feeds"
            _LOG.warning("none of the hosts of %s was reached: is there a network?", feeds)
        return claimed

    def _take_up_changes(self, opened: OpenedStorage) -> None:
        """Goes on with a changed configuration; what is under way ends under the old one.

        Raises:
            TransientError: The index is away; the change waits until it is back.
        """
        # It is told of once only, so it must outlive a failure here.
        config = self._waiting = self._reload() or self._waiting
        if config is None:
            return
        if (config.http, config.polling) != (self._config.http, self._config.polling):
            self._drain(opened)
        shared_tagger(config.tagger)
        opened.store.register(config.feeds, config.polling.interval)
        self._config = config
        self._rounds = Rounds(config, self._beam_options)
        self._waiting = None
        self._on_change(config)
        _LOG.info("the changed configuration is taken up: %s", counted(len(config.feeds), "feed"))

    def _join_stories(self, index: ArticleIndex) -> None:
        self._sweep.join(index, self._config.stories, utc_now())

    def _finish(self, opened: OpenedStorage) -> None:
        """Ends what is under way; the index may be away."""
        try:
            self._drain(opened)
        except TransientError as error:
            self._totals.unavailable = str(error)
            self._give_back(opened)

    def _drain(self, opened: OpenedStorage) -> None:
        """Lets what is under way end, for a bounded time, and gives back what was not fetched."""
        end = utc_now() + timedelta(seconds=FINISH_SECONDS)
        nothing_more = ClaimOrder(owner=self._owner, max_hosts=0)
        while self._under_way() and utc_now() < end and not self._totals.unavailable:
            self._round(opened, nothing_more)
        self._give_back(opened)

    def _give_back(self, opened: OpenedStorage) -> None:
        for poll in close_all(timeout=0):
            try:
                opened.store.release(poll.lease, feeds={poll.feed.url: None})
            except DatelineError as error:
                _LOG.warning("the lease of %s is left to expire: %s", poll.lease.host, error)

    def _under_way(self) -> int:
        return shared_pool(self._config).pending()

    def _wait_for_next(self, store: FeedStore) -> None:
        due = store.next_due(utc_now())
        self._observer.on_wait(due)
        self._stop.wait(seconds_until(due, utc_now()))
