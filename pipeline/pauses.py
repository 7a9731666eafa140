"""How long a run waits: for the next due feed, and for an index that is away."""

from datetime import datetime

LONGEST_WAIT_SECONDS = 30.0
LONGEST_PAUSE_SECONDS = 60.0


def seconds_until(due: datetime | None, now: datetime) -> float:
    """Gives how long to wait for the next due feed: bounded, so that changes are noticed."""
    if due is None:
        return LONGEST_WAIT_SECONDS
    return min(max((due - now).total_seconds(), 0.05), LONGEST_WAIT_SECONDS)


def pause_after_failures(failures: int, draw: float) -> float:
    """Gives the seconds until the index is tried again: exponential, jittered, bounded.

    Args:
        failures: How often it has failed in a row, from 1.
        draw: A random number in [0, 1).
    """
    longest = float(min(LONGEST_PAUSE_SECONDS, 2.0 ** min(failures, 10)))
    return longest * (0.5 + draw / 2)


def rounds_put_off(before: int, polls: int, put_off: int) -> int:
    """Counts the rounds in a row that put polls off and brought none to its end.

    Args:
        before: The count until now, without rounds that put nothing off.
        polls: Polls of this round, those put off included.
        put_off: Polls of this round that were put off, at least one.
    """
    return before + 1 if polls == put_off else 1
