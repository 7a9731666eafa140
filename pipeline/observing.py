"""What a run tells of its course to whoever watches: progress on a terminal, metrics, tests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from schemas.poll import RoundSummary
from transforms.feeds.health import Health

# Counting the feeds reads each of their states.
HEALTH_EVERY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class EndedRound:
    """A round that has ended.

    Attributes:
        summary: Its figures.
        counters: All of Beam's counters of the round, summed over the stages.
        under_way: Polls still queued or being fetched.
    """

    summary: RoundSummary
    counters: Mapping[str, int] = field(default_factory=dict)
    under_way: int = 0


class RunObserver:
    """Is told of a run's course, from the run's own thread. This one does nothing."""

    wants_health = False
    """True has the feeds counted every now and then, which reads all of their states."""

    def on_round(self, ended: EndedRound) -> None:
        """A round has ended."""

    def on_wait(self, until: datetime | None) -> None:
        """Nothing is to do until the next feed is due; None where no feed will be."""

    def on_health(self, feeds: Mapping[Health, int]) -> None:
        """The feeds have been counted."""


class RunObservers(RunObserver):
    """Tells several.

    Args:
        observers: In the order they are told.
    """

    def __init__(self, *observers: RunObserver) -> None:
        self._observers = observers
        self.wants_health = any(one.wants_health for one in observers)

    def on_round(self, ended: EndedRound) -> None:
        """Tells each of a round."""
        for one in self._observers:
            one.on_round(ended)

    def on_wait(self, until: datetime | None) -> None:
        """Tells each of a wait."""
        for one in self._observers:
            one.on_wait(until)

    def on_health(self, feeds: Mapping[Health, int]) -> None:
        """Tells each of the feeds' health."""
        for one in self._observers:
            one.on_health(feeds)
