"""What an answered poll teaches of its feed: the next state, its hub, its lag."""

from datetime import datetime, timedelta

from schemas.config import Config
from schemas.entry import ParsedFeed
from schemas.poll import FetchResult, Learnt
from schemas.subscription import HubNews
from transforms.feeds.scheduling import next_state
from transforms.websub.hub_links import advertised_hub, document_links
from transforms.websub.subscription import silent_until, was_pushed


def learnt(
    result: FetchResult,
    config: Config,
    jitter: float,
    *,
    parsed: ParsedFeed | None = None,
    new_entries: int = 0,
    left_over: int = 0,
) -> Learnt:
    """Gives what is stored of a poll, but for its entries.

    Args:
        result: The answer, or the failure.
        config: Intervals, and whether hubs are subscribed to.
        jitter: A random number in [0, 1) that spreads the next due time.
        parsed: What was read of the answer, if it was.
        new_entries: Entries of it that are new.
        left_over: Entries that this poll has no room for.
    """
    # What the feed and its server ask for counts from the answer, however long it has waited here.
    now = result.fetched_at
    state = next_state(
        result.poll.state,
        result,
        now=now,
        config=config.polling,
        new_entries=new_entries,
        total_entries=len(parsed.entries) if parsed is not None else 0,
        left_over=left_over,
        parsed=parsed,
        jitter=jitter,
        silent_until=_silent_until(result, config, now, new_entries),
    )
    # A poll that was not made, since the host is to be left alone, does not count as one.
    not_made = state.polls == result.poll.state.polls
    state.held_back = result.error if not_made else ""
    hold = result.hold_host
    return Learnt(
        poll_id=result.poll.id,
        feed_url=result.poll.feed.url,
        lease=result.poll.lease,
        expected=0,
        state=state,
        last_request=result.fetched_at,
        hold_host_until=now + timedelta(seconds=hold) if hold is not None else None,
        failed=bool(result.error) and not state.held_back,
        not_modified=result.status == 304 and not result.error,
        lag_seconds=_lag(result),
        hub_news=_hub_news(result, parsed, new_entries) if config.websub.callback_url else None,
    )


def put_off(result: FetchResult, config: Config, now: datetime, jitter: float) -> Learnt:
    """Has a poll made again that met another's lease: after half of a lease, more or less."""
    due = now + timedelta(seconds=config.polling.lease * (0.25 + jitter / 2))
    return Learnt(
        poll_id=result.poll.id,
        feed_url=result.poll.feed.url,
        lease=result.poll.lease,
        expected=0,
        state=result.poll.state.model_copy(update={"next_due": due}),
        put_off=result.error,
        last_request=result.fetched_at,
    )


def _silent_until(
    result: FetchResult, config: Config, now: datetime, new_entries: int
) -> datetime | None:
    state = result.poll.state
    if not config.websub.callback_url or (was_pushed(state) and not new_entries):
        # What a push announced may show a moment later, behind a cache.
        return None
    return silent_until(state.subscription, now)


def _hub_news(result: FetchResult, parsed: ParsedFeed | None, new_entries: int) -> HubNews | None:
    state = result.poll.state
    # A delta (226) need not hold the feed's own links.
    read = parsed is not None and result.status == 200
    base = result.final_url or result.poll.feed.url
    named = advertised_hub(result.links, document_links(result.body), base) if read else None
    if result.error or (named is None and state.subscription is None):
        return None
    hub, topic = named or ("", "")
    return HubNews(
        known=state.subscription,
        read=read,
        hub=hub,
        topic=topic,
        new_entries=new_entries,
        pushed=was_pushed(state),
    )


def _lag(result: FetchResult) -> float | None:
    due, asked = result.poll.state.next_due, result.asked_at
    if due is None or asked is None or asked < due:
        return None
    return (asked - due).total_seconds()
