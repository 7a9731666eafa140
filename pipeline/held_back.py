"""Feeds that `run --once` leaves alone, and what ends it: a server's wish, or our own backoff."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from pipeline.counted import counted
from schemas.feed import FeedState
from transforms.storage.feed_store import FeedStore


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Feeds that are not polled now.

    Attributes:
        after_failures: How many wait after failures of their own.
        by_servers: How many wait because their server asks for it (Retry-After).
        first: When the first of them may be polled.
    """

    after_failures: int
    by_servers: int
    first: datetime


def held_back(
    states: Collection[FeedState], hosts: Mapping[str, datetime | None], now: datetime
) -> HeldBack | None:
    """Counts the feeds that are held back at a moment; None where none is.

    Args:
        states: Of the feeds that are meant.
        hosts: Until when each host wants to be left alone.
        now: The moment, UTC.
    """
    backoffs, wishes = [], []
    for state in states:
        if state.removed or state.retired:
            continue
        wished = max(filter(None, (state.retry_after, hosts.get(state.host))), default=now)
        if wished > now:
            wishes.append(max(wished, state.hold_until or now))
        elif state.hold_until is not None and state.hold_until > now:
            backoffs.append(state.hold_until)
    if not backoffs and not wishes:
        return None
    return HeldBack(len(backoffs), len(wishes), min([*backoffs, *wishes]))


def held_back_in(store: FeedStore, urls: Collection[str], now: datetime) -> HeldBack | None:
    """Counts those of some feeds that a store holds back at a moment; None where none is."""
    states = [state for state in store.states() if state.url in urls]
    return held_back(states, {host.host: host.hold_until for host in store.hosts()}, now)


def describe(held: HeldBack) -> str:
    """Says it to a person."""
    reasons = {"after failures": held.after_failures, "by Retry-After": held.by_servers}
    by_reason = ", ".join(f"{count} {reason}" for reason, count in reasons.items() if count)
    total = held.after_failures + held.by_servers
    text = (
        f"{counted(total, 'feed')} held back ({by_reason}), the first until "
        f"{held.first:%Y-%m-%d %H:%M} UTC: `--once` polls them then"
    )
    return f"{text}, `--once --force` those after failures now" if held.after_failures else text


def without_backoff(state: FeedState, now: datetime) -> FeedState:
    """Gives a feed's state without our own backoff; what its server asks for stays."""
    wish = state.retry_after
    return state.model_copy(update={"hold_until": wish if wish and wish > now else None})


def end_backoffs(store: FeedStore, urls: Collection[str], now: datetime) -> None:
    """Ends the backoffs of feeds."""
    for state in store.states():
        if state.url in urls and state.hold_until is not None and state.hold_until > now:
            store.change_feed(state.url, lambda stored: without_backoff(stored, now))
