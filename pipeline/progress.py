"""A run's progress for a person: a view that stays in place on a terminal, else a line a round."""

import logging
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.observing import EndedRound, RunObserver
from schemas.poll import RoundSummary
from transforms.clock import utc_now
from transforms.lag import lag_percentile

RATE_SECONDS = 60.0
_REFRESHES_A_SECOND = 2.0


def describe(summary: RoundSummary) -> str:
    """Puts a round's figures into words, zeros left out where they are the rule."""
    parts = [f"{summary.polls} feeds polled", f"{summary.created} new articles"]
    optional = {
        "updated": summary.written - summary.created,
        "unchanged": summary.unchanged,
        "expired": summary.expired,
        "dead letters": summary.new_dead_letters,
        "rejected as before": summary.dead_letters - summary.new_dead_letters,
        "feeds not modified": summary.not_modified,
        "feeds failed": summary.failed,
        "feeds held back": summary.held_back,
        "polls put off": summary.transient,
    }
    return ", ".join([*parts, *(f"{n} {name}" for name, n in optional.items() if n)])


class RoundLines(RunObserver):
    """Says a line for each round in which something happened, on standard error."""

    def on_round(self, ended: EndedRound) -> None:
        """Says what the round came to."""
        if ended.summary.polls or ended.under_way:
            waiting = f"; {ended.under_way} under way" if ended.under_way else ""
            line = f"{ended.summary.timestamp:%H:%M:%S} {describe(ended.summary)}{waiting}"
            print(line, file=sys.stderr, flush=True)


@dataclass(slots=True)
class RunView(RunObserver):
    """A run's figures since it started, in the few lines that a person watches.

    Attributes:
        started: Seconds of `time.monotonic`, as are the times of `recent`.
        recent: When rounds ended, and their polls, over the last `RATE_SECONDS`.
    """

    started: float
    counters: Counter[str] = field(default_factory=Counter)
    recent: deque[tuple[float, int]] = field(default_factory=deque)
    under_way: int = 0
    next_due: datetime | None = None

    def on_round(self, ended: EndedRound) -> None:
        """Adds a round."""
        self.add(ended, time.monotonic())

    def on_wait(self, until: datetime | None) -> None:
        """Notes when the next feed is due."""
        self.next_due = until

    def add(self, ended: EndedRound, at: float) -> None:
        """Adds a round that ended at a moment."""
        summary = ended.summary
        self.counters.update(ended.counters)
        self.counters.update(
            {
                "polls": summary.polls,
                "created": summary.created,
                "updated": summary.written - summary.created,
                "failed": summary.failed,
                "put off": summary.transient,
                "letters": summary.new_dead_letters,
            }
        )
        self.under_way = ended.under_way
        self.next_due = None
        self.recent.append((at, summary.polls))

    def text(self, at: float, now: datetime) -> str:
        """Gives the lines.

        Args:
            at: The moment, in seconds of `time.monotonic`.
            now: The same moment, UTC.
        """
        while self.recent and self.recent[0][0] < at - RATE_SECONDS:
            self.recent.popleft()
        passed = min(max(at - self.started, 1.0), RATE_SECONDS)
        rate = sum(polls for _, polls in self.recent) / passed
        lag = lag_percentile(self.counters, 0.95)
        count = self.counters
        lines = [
            f"{count['polls']:,} feeds polled, {rate:.1f} a second; {count['failed']:,} failed, "
            f"{count['put off']:,} put off; {self.under_way:,} under way",
            f"{count['created']:,} new articles, {count['updated']:,} updated, "
            f"{count['letters']:,} dead letters",
        ]
        waits = []
        if lag is not None:
            waits.append(f"lag {lag:.1f} s at p95")
        if self.next_due is not None:
            seconds = max((self.next_due - now).total_seconds(), 0.0)
            waits.append(f"next feed due in {seconds:,.0f} s")
        return "\n".join([*lines, "; ".join(waits)] if waits else lines)


@contextmanager
def showing_progress(*, live: bool) -> Iterator[RunObserver]:
    """Gives the observer that shows a run on standard error.

    Args:
        live: Standard error is a terminal: the view stays below what is logged meanwhile.
    """
    if not live:
        yield RoundLines()
        return
    from rich.console import Console
    from rich.live import Live

    view = RunView(started=time.monotonic())
    with (
        Live(
            console=Console(stderr=True, highlight=False),
            get_renderable=lambda: view.text(time.monotonic(), utc_now()),
            refresh_per_second=_REFRESHES_A_SECOND,
            redirect_stdout=False,
            transient=True,
        ),
        _logging_above(),
    ):
        yield view


@contextmanager
def _logging_above() -> Iterator[None]:
    """Sends the log through what `Live` has put in the place of standard error."""
    handlers = [
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler, logging.StreamHandler) and handler.stream is sys.__stderr__
    ]
    for handler in handlers:
        handler.setStream(sys.stderr)
    try:
        yield
    finally:
        for handler in handlers:
            handler.setStream(sys.__stderr__)
