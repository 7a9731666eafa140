"""What `dateline feeds status` says of a feed: its health, its times, and what is odd about it."""

from datetime import datetime, timedelta
from typing import NamedTuple

from pipeline.counted import counted
from pipeline.feed_names import shown_name
from schemas.feed import FeedState
from transforms.feeds.future_dates import FUTURE_AFTER_POLLS
from transforms.feeds.health import HELD_BACK, Health, health
from transforms.feeds.recognition import VOLATILE_AFTER

# Those that need somebody first; what nobody wants any more last.
_TROUBLE: tuple[Health, ...] = ("dormant", "failing", "retired", "new", "ok", "removed")
_NEVER: tuple[Health, ...] = ("retired", "removed")


class Known(NamedTuple):
    """A feed's state, how many dead letters it has open, and how long its host is held."""

    state: FeedState
    dead_letters: int = 0
    host_hold: datetime | None = None


def trouble(state: FeedState, dead_letters: int) -> tuple[int, int, int, str]:
    """Gives a key that sorts feeds by trouble, the worst first.

    By health, then by failures in a row, then by open dead letters and oddities, then by address.
    """
    rank = _TROUBLE.index(health(state))
    if dead_letters and health(state) == "ok":
        rank = _TROUBLE.index("new")
    return (rank, -state.consecutive_failures, -dead_letters - len(notes(state)), state.url)


def next_poll(state: FeedState, host_hold: datetime | None) -> datetime | None:
    """Gives when a feed is polled next at the earliest, None for at once or never.

    Args:
        state: The feed's.
        host_hold: Until when its host wants to be left alone.
    """
    if health(state) in _NEVER:
        return None
    times = (state.next_due, state.hold_until, host_hold)
    return max((time for time in times if time is not None), default=None)


def row(
    state: FeedState, dead_letters: int, host_hold: datetime | None = None
) -> dict[str, object]:
    """Gives a feed's line of JSON: its state, and what follows from it; see `next_poll`."""
    due = next_poll(state, host_hold)
    return {
        **state.model_dump(mode="json", exclude={"seen"}),
        "health": health(state),
        "next_poll": due.isoformat() if due is not None else None,
        "entries_known": len(state.seen),
        "dead_letters": dead_letters,
        "notes": notes(state),
    }


def describe(state: FeedState, dead_letters: int, host_hold: datetime | None = None) -> list[str]:
    """Gives a feed's lines for a person, times UTC; see `next_poll`."""
    word = health(state)
    if word in ("failing", "dormant"):
        word_said = f"{word} ({state.consecutive_failures} in a row): {state.last_error}"
    elif state.held_back:
        word_said = f"{word}, held back until {_time(state.hold_until, '')}: "
        word_said += state.held_back.removeprefix(HELD_BACK)
    else:
        word_said = word
    name = shown_name(state)
    lines = [f"{name}  {state.url}" if name else state.url, f"    {word_said}"]
    times = [f"last success {_time(state.last_success, 'never')}"]
    if state.last_failure is not None:
        times.append(f"last failure {_time(state.last_failure, '')}")
    if word not in _NEVER:
        times.append(f"next poll {_time(next_poll(state, host_hold), 'now')}")
    lines.append(f"    {'; '.join(times)}")
    figures = []
    if state.interval_seconds is not None:
        figures.append(f"every {_length(state.interval_seconds)}")
    if state.entries_a_day is not None:
        figures.append(f"{items_a_day(state) or 'not yet known how many'} items a day")
    figures.append(f"{state.entries_written:,} written, {counted(dead_letters, 'dead letter')}")
    lines.append(f"    {'; '.join(figures)}")
    return [*lines, *(f"    {note}" for note in notes(state))]


def items_a_day(state: FeedState) -> str:
    """Gives how many new entries a feed has a day; "" where its first day tells nothing yet."""
    counted = state.counting_since is not None and state.last_success is not None
    if counted and not state.entries_a_day:
        assert state.counting_since is not None
        assert state.last_success is not None
        if state.last_success - state.counting_since < timedelta(days=1):
            return ""
    return f"{state.entries_a_day:.3g}" if state.entries_a_day is not None else ""


def notes(state: FeedState) -> list[str]:
    """Gives what a feed's owner should know of it, though it is no failure."""
    return [*_moves(state), *_history(state), *_oddities(state)]


def is_odd(state: FeedState) -> bool:
    """Says whether its notes tell of something that is not as it should be now."""
    return bool(_moves(state) or _oddities(state))


def _moves(state: FeedState) -> list[str]:
    if state.address:
        return [f"has moved for good, and is asked at {state.address}"]
    if state.moved_to:
        return [
            f"is led to {state.moved_to} by a permanent redirect ({state.moved_polls} polls in a "
            "row)"
        ]
    return []


def _history(state: FeedState) -> list[str]:
    found = []
    if state.last_failure and not state.consecutive_failures and state.last_failed_with:
        found.append(f"its last failure was: {state.last_failed_with}")
    subscription = state.subscription
    if subscription is not None and subscription.lease_end is not None:
        found.append(
            f"announced by its hub {subscription.hub} until {_time(subscription.lease_end, '')}, "
            f"last push {_time(state.pushed_at, 'never')}"
        )
    return found


def _oddities(state: FeedState) -> list[str]:
    found = []
    if state.cut_off:
        found.append(
            "its document broke off within an entry, which is taken once a poll brings it whole, "
            "or the same part of it again"
        )
    if state.future_polls >= FUTURE_AFTER_POLLS:
        found.append(
            f"its newest entries are dated {_length(state.future_seconds)} in the future: its "
            "clock or its time zone is wrong"
        )
    if state.guid_changes >= VOLATILE_AFTER:
        found.append("its GUIDs change at every fetch: entries are known by their links")
    if state.safe_path:
        found.append(
            "read by feedparser alone: the fast path disagreed with it on "
            f"{state.last_disagreement} ({state.safe_path})"
        )
    return found


def _time(moment: datetime | None, otherwise: str) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment is not None else otherwise


def _length(seconds: float) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"
