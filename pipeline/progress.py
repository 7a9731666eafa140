"""A run's progress for a person: a view in place on a terminal, else lines in the log."""

import logging
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from math import inf

from pipeline.counted import counted
from pipeline.observing import EndedRound, RunObserver
from schemas.poll import RoundSummary
from transforms.clock import utc_now
from transforms.lag import lag_percentile

RATE_SECONDS = 60.0
HEARTBEAT_SECONDS = 60.0
_REFRESHES_A_SECOND = 2.0
_LOG = logging.getLogger(__name__)


def can_be_live(terminal: bool, environ: Mapping[str, str]) -> bool:
    """Says whether lines can be written over on standard error.

    Args:
        terminal: It is a terminal.
        environ: Says by TERM which one; `dumb` is one that only goes on.
    """
    return terminal and environ.get("TERM", "").lower() not in ("dumb", "unknown")


def describe(summary: RoundSummary) -> str:
    """Puts a round's figures into words, zeros left out where they are the rule."""
    feeds = [
        (summary.not_modified, "not modified"),
        (summary.failed, "failed"),
        (summary.held_back, "held back"),
    ]
    entries = [
        (summary.written - summary.created, "updated"),
        (summary.unchanged, "unchanged"),
        (summary.expired, "expired"),
    ]
    letters, rejected = summary.new_dead_letters, summary.dead_letters - summary.new_dead_letters
    parts = [
        f"{counted(summary.polls, 'feed')} polled",
        counted(summary.created, "new article"),
        *(f"{n:,} {name}" for n, name in entries if n),
        counted(letters, "dead letter") if letters else "",
        f"{rejected:,} rejected as before" if rejected else "",
        *(f"{counted(n, 'feed')} {name}" for n, name in feeds if n),
        f"{counted(summary.transient, 'poll')} put off" if summary.transient else "",
    ]
    return ", ".join(filter(None, parts))


@dataclass(slots=True)
class RoundLines(RunObserver):
    """Says a line for each round that ended polls, in the log; a slow feed alone, once a minute.

    Attributes:
        once: The run ends with its sums: what leaves nothing under way is not said before them.
        clock: Gives seconds.
    """

    once: bool = False
    clock: Callable[[], float] = time.monotonic
    _told: float = -inf

    def on_round(self, ended: EndedRound) -> None:
        """Says what the round came to, where that is worth a line."""
        line = self._line(ended, self.clock())
        if line:
            _LOG.info("%s", line)

    def _line(self, ended: EndedRound, at: float) -> str:
        if self.once and not ended.under_way:
            return ""
        if not ended.summary.polls:
            if not ended.under_way or at < self._told + HEARTBEAT_SECONDS:
                return ""
            self._told = at
            return f"{counted(ended.under_way, 'feed')} under way"
        self._told = at
        waiting = f"; {ended.under_way:,} under way" if ended.under_way else ""
        return f"{describe(ended.summary)}{waiting}"


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
            f"{counted(count['polls'], 'feed')} polled, {rate:.1f} a second; "
            f"{count['failed']:,} failed, {count['put off']:,} put off; "
            f"{self.under_way:,} under way",
            f"{counted(count['created'], 'new article')}, {count['updated']:,} updated, "
            f"{counted(count['letters'], 'dead letter')}",
        ]
        waits = []
        if lag is not None:
            waits.append(f"lag {lag:.1f} s at p95")
        if self.next_due is not None:
            seconds = max((self.next_due - now).total_seconds(), 0.0)
            waits.append(f"next feed due in {seconds:,.0f} s")
        return "\n".join([*lines, "; ".join(waits)] if waits else lines)


@contextmanager
def showing_progress(*, live: bool, once: bool) -> Iterator[RunObserver]:
    """Gives the observer that shows a run on standard error.

    Args:
        live: Standard error is a terminal: the view stays below what is logged meanwhile.
        once: As of `RoundLines`.
    """
    if not live:
        yield RoundLines(once)
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
