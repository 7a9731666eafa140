"""When to subscribe and renew, what a verification deserves, how rarely to poll meanwhile. Pure.

Source: W3C WebSub, section 5. Nobody unsubscribes: a feed that leaves the configuration answers
pushes with 410, upon which the hub ends the subscription (section 7), or its lease runs out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.feed import FeedState
from schemas.subscription import HubNews, Subscription

LEASE_SECONDS = 864_000
"""Asked for; the hub decides (section 5.1)."""

# Renewed when this share of the lease is left, so that a hub may fail for a while.
_RENEW_AT = 0.2
# A hub verifies later than it accepts (section 5.1); then an unanswered request has failed.
_VERIFIED_WITHIN = timedelta(hours=1)
_FIRST_RETRY = timedelta(minutes=10)
_LAST_RETRY = timedelta(days=1)
_TRIES = 8
# A hub that refused, or failed to the end, is asked again after this: policies change.
_REFUSED = timedelta(days=30)
# Polls since the last push that found what none had announced, until a hub counts as dead.
_MISSED = 2
# A lease of centuries is a year: what is granted once is to be heard of again.
_LONGEST_LEASE = 365 * 86_400


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the callback answers to a verification: `status`, `body`, and the state after it."""

    status: int
    body: str
    subscription: Subscription | None


def is_active(subscription: Subscription | None, now: datetime) -> bool:
    """Says whether pushes are to be expected."""
    return (
        subscription is not None
        and subscription.lease_end is not None
        and now < subscription.lease_end
    )


def after_poll(
    subscription: Subscription | None, news: HubNews, callback: str, now: datetime
) -> Subscription | None:
    """Gives the state after a poll.

    A feed that names another hub, or calls itself otherwise, begins anew. A hub that has twice
    announced nothing of what polls found counts as dead.

    Args:
        subscription: As known.
        news: What the poll says.
        callback: `websub.callback_url`.
        now: The time of the decision, UTC.
    """
    if news.read and not news.hub:
        return None
    if news.read and (
        subscription is None
        or (subscription.hub, subscription.topic, subscription.callback)
        != (news.hub, news.topic, callback)
    ):
        return Subscription(hub=news.hub, topic=news.topic, callback=callback)
    if subscription is None or not is_active(subscription, now):
        return subscription
    if news.pushed or not news.new_entries:
        return subscription
    missed = subscription.missed + 1
    if missed < _MISSED:
        return subscription.model_copy(update={"missed": missed})
    return _denied(subscription, now)


def is_wanted(subscription: Subscription, now: datetime) -> bool:
    """Says whether the hub is to be asked now, for a subscription or for its renewal."""
    if subscription.next_try is not None and now < subscription.next_try:
        return False
    return not is_active(subscription, now) or now >= _renewal(subscription)


def requested(subscription: Subscription, now: datetime) -> Subscription:
    """Gives the state to store before a request is sent, counted as failed until verified.

    Stored first, since a hub may verify before it answers the request, and so that of several
    processes the one whose compare-and-set succeeds sends it.
    """
    failures = subscription.failures + 1
    waits = now + _VERIFIED_WITHIN
    if failures >= _TRIES:
        update: dict[str, object] = {"failures": 0, "next_try": now + _REFUSED}
    else:
        retry = now + min(_FIRST_RETRY * 2 ** (failures - 1), _LAST_RETRY)
        update = {"failures": failures, "next_try": max(waits, retry)}
    return subscription.model_copy(update={"asked": True, **update})


def verified(
    subscription: Subscription | None,
    now: datetime,
    *,
    mode: str,
    topic: str,
    challenge: str,
    lease_seconds: int | None,
) -> Verdict:
    """Answers a verification of intent (section 5.3): yes only to what was asked for.

    Args:
        subscription: Of the feed whose address was called.
        now: The time of the decision, UTC.
        mode: `hub.mode`.
        topic: `hub.topic`, compared exactly.
        challenge: `hub.challenge`, echoed by a yes.
        lease_seconds: `hub.lease_seconds`, required; None where missing or no number.
    """
    refused = Verdict(404, "not asked for\n", subscription)
    if subscription is None or topic != subscription.topic:
        return refused
    if mode == "denied":
        return Verdict(200, "", _denied(subscription, now))
    # Verified twice: our first answer was lost on its way, and the hub asks again.
    again = subscription.granted is not None and now - subscription.granted < _VERIFIED_WITHIN
    if mode != "subscribe" or not (subscription.asked or again) or not challenge:
        return refused
    if lease_seconds is None or lease_seconds <= 0:
        return refused
    granted = {
        "asked": False,
        "granted": now,
        "lease_end": now + timedelta(seconds=min(lease_seconds, _LONGEST_LEASE)),
        "next_try": None,
        "failures": 0,
        "missed": 0,
    }
    return Verdict(200, challenge, subscription.model_copy(update=granted))


def after_push(state: FeedState, now: datetime) -> FeedState:
    """Makes a feed due at once; a poll that is under way does not count as the one it calls for.

    It is the publisher's own word: neither the shortest interval nor the backoff after failures
    stands against it, but the server's Retry-After does.
    """
    update: dict[str, object] = {"pushed_at": now, "hold_until": state.retry_after}
    if state.next_due is not None:
        update["next_due"] = min(now, state.next_due)
    if state.subscription is not None:
        update["subscription"] = state.subscription.model_copy(update={"missed": 0})
    return state.model_copy(update=update)


def was_pushed(state: FeedState) -> bool:
    """Says whether a push came since the last poll."""
    if state.pushed_at is None:
        return False
    return state.last_poll is None or state.pushed_at > state.last_poll


def silent_until(subscription: Subscription | None, now: datetime) -> datetime | None:
    """Gives until when no poll is needed, since pushes announce what is new; None: polls are.

    The time of the renewal, which the poll brings about.
    """
    if subscription is None or not is_active(subscription, now) or subscription.missed:
        return None
    renewal = _renewal(subscription)
    return renewal if renewal > now else None


def _renewal(subscription: Subscription) -> datetime:
    assert subscription.granted is not None
    assert subscription.lease_end is not None
    lease = subscription.lease_end - subscription.granted
    return subscription.lease_end - lease * _RENEW_AT


def _denied(subscription: Subscription, now: datetime) -> Subscription:
    update = {
        "asked": False,
        "granted": None,
        "lease_end": None,
        "failures": 0,
        "missed": 0,
        "next_try": now + _REFUSED,
    }
    return subscription.model_copy(update=update)
