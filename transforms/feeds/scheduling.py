"""When a feed is due next, and what else its state learns from an answer: one pure function."""

from datetime import datetime, timedelta

from schemas.config import PollingConfig
from schemas.entry import ParsedFeed
from schemas.feed import FeedState
from schemas.poll import FetchResult

_SLOWER = 1.5
_FASTER = 2.0
# A feed that shows this share of new entries is about to lose some between two polls.
_MANY_NEW = 0.5
_JITTER = 0.1
# Doubling more often than this is past any ceiling.
_MAX_DOUBLINGS = 40
_GONE = 410


def next_state(
    state: FeedState,
    result: FetchResult,
    *,
    now: datetime,
    config: PollingConfig,
    new_entries: int,
    total_entries: int,
    parsed: ParsedFeed | None,
    jitter: float,
) -> FeedState:
    """Gives a feed's state after a poll; `state` is left as it is.

    A success starts at the shortest interval, halves it where half of the entries or more are
    new, keeps it where some are, and makes it 1.5 times as long where none is; `ttl` (RSS) and
    `max-age` (RFC 9111) lengthen it. A failure doubles the shortest interval with each in a row.
    The next due time lies within `config.interval`, up to 10 % earlier or later but never
    outside those bounds, unless the server asked to be left alone for longer. A feed that was
    not asked, since its host wants to be left alone, has not failed: it only waits.

    Args:
        state: As it was before.
        result: The answer, `error` empty for a success; `hold_host` is the server's wish, seconds.
        now: The time of the decision, UTC.
        config: The bounds.
        new_entries: Entries never seen before.
        total_entries: Entries in the document.
        parsed: The document, or None (304, failure).
        jitter: In [0, 1).
    """
    if _was_held_back(result):
        held = now + timedelta(seconds=result.hold_host or 0.0)
        return state.model_copy(update={"next_due": held, "hold_until": held})
    polled = state.model_copy(
        update={
            "polls": state.polls + 1,
            "last_poll": result.fetched_at,
            "last_status": result.status,
        }
    )
    if result.error:
        return _failed(polled, result, now, config, jitter)
    return _succeeded(polled, result, now, config, new_entries, total_entries, parsed, jitter)


def _was_held_back(result: FetchResult) -> bool:
    return bool(result.error) and result.status is None and result.hold_host is not None


def _failed(
    state: FeedState, result: FetchResult, now: datetime, config: PollingConfig, jitter: float
) -> FeedState:
    failures = state.consecutive_failures + 1
    backoff = config.interval.min * 2.0 ** min(failures - 1, _MAX_DOUBLINGS)
    due = now + _spread(backoff, config, jitter)
    if result.hold_host is not None:
        due = max(due, now + timedelta(seconds=result.hold_host))
    return state.model_copy(
        update={
            "consecutive_failures": failures,
            "last_failure": now,
            "last_error": result.error,
            "next_due": due,
            "hold_until": due,
            "retired": state.retired or result.status == _GONE,
        }
    )


def _succeeded(
    state: FeedState,
    result: FetchResult,
    now: datetime,
    config: PollingConfig,
    new_entries: int,
    total_entries: int,
    parsed: ParsedFeed | None,
    jitter: float,
) -> FeedState:
    bounds = config.interval
    interval = state.interval_seconds
    if interval is None:
        interval = bounds.min
    elif new_entries == 0:
        interval *= _SLOWER
    elif new_entries >= _MANY_NEW * max(1, total_entries):
        interval /= _FASTER
    interval = min(max(interval, bounds.min), bounds.max)
    ttl = parsed.ttl_minutes * 60 if parsed is not None and parsed.ttl_minutes else 0.0
    wait = max(interval, ttl, result.max_age_seconds or 0.0)
    due = now + _spread(wait, config, jitter)
    if result.hold_host is not None:
        due = max(due, now + timedelta(seconds=result.hold_host))
    update: dict[str, object] = {
        "consecutive_failures": 0,
        "last_success": now,
        "last_error": "",
        "interval_seconds": interval,
        "next_due": due,
        "hold_until": now + timedelta(seconds=result.hold_host) if result.hold_host else None,
        "retired": False,
    }
    if result.status != 304:
        # As given, empty included: a validator that the server no longer sends is void.
        update |= {"etag": result.etag, "last_modified": result.last_modified}
    elif result.etag or result.last_modified:
        update |= {
            "etag": result.etag or state.etag,
            "last_modified": result.last_modified or state.last_modified,
        }
    if parsed is not None:
        update |= {"format": parsed.format, "title": parsed.title}
    return state.model_copy(update=update)


def _spread(seconds: float, config: PollingConfig, jitter: float) -> timedelta:
    bounds = config.interval
    bounded = min(max(seconds, bounds.min), bounds.max)
    spread = bounded * (1 + _JITTER * (2 * jitter - 1))
    return timedelta(seconds=min(max(spread, bounds.min), bounds.max))
