"""What a run came to, over all of its rounds."""

from dataclasses import dataclass

from pipeline.held_back import HeldBack
from schemas.poll import RoundSummary


@dataclass(slots=True)
class RunTotals:
    """What a run came to.

    Attributes:
        total: The rounds' figures, summed.
        unavailable: Why the index could not be used, where it could not.
        gave_up: Polls were put off again and again; the next run takes them.
        held_back: The feeds that were left alone, where no feed was polled.
    """

    total: RoundSummary
    unavailable: str = ""
    gave_up: bool = False
    held_back: HeldBack | None = None
    rounds: int = 0
    claimed: int = 0

    def exit_status(self, strict: bool) -> int:
        """Gives 1 for a new dead letter, or where nothing was possible, else 0."""
        total = self.total
        if self.unavailable or self.gave_up or total.new_dead_letters:
            return 1
        if self.claimed and total.failed == total.polls:
            return 1
        return 1 if strict and total.failed else 0

    def add(self, summary: RoundSummary) -> None:
        """Adds a round's figures; the percentiles of its lag have no sum."""
        for name in RoundSummary.model_fields:
            if name not in ("timestamp", "owner", "lag_p50", "lag_p95"):
                setattr(self.total, name, getattr(self.total, name) + getattr(summary, name))
