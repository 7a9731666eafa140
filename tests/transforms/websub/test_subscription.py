"""When a subscription is asked for, renewed, verified, given up."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.feed import FeedState
from schemas.subscription import HubNews, Subscription
from transforms.websub.subscription import (
    Verdict,
    after_poll,
    after_push,
    is_active,
    is_wanted,
    requested,
    silent_until,
    verified,
    was_pushed,
)

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
CALLBACK = "https://news.example.org/websub"
HUB, TOPIC = "https://hub.example/", "https://paper.example/feed"
NAMED = HubNews(read=True, hub=HUB, topic=TOPIC)
NEW = Subscription(hub=HUB, topic=TOPIC, callback=CALLBACK)


def asked_by_hub(subscription: Subscription | None, now: datetime = NOW, **changes: Any) -> Verdict:
    values = {"mode": "subscribe", "topic": TOPIC, "challenge": "c", "lease_seconds": 864_000}
    return verified(subscription, now, **{**values, **changes})


def granted() -> Subscription:
    subscription = asked_by_hub(requested(NEW, NOW)).subscription
    assert subscription is not None
    return subscription


ACTIVE = granted()


def poll(known: Subscription | None, now: datetime = NOW, **news: Any) -> Subscription | None:
    return after_poll(known, HubNews(known=known, **news), CALLBACK, now)


def test_a_feed_that_names_a_hub_gets_a_subscription() -> None:
    assert after_poll(None, NAMED, CALLBACK, NOW) == NEW
    assert is_wanted(NEW, NOW)


def test_a_subscription_is_asked_for_once_and_waits_for_its_verification() -> None:
    waiting = requested(NEW, NOW)
    assert not is_wanted(waiting, NOW + timedelta(minutes=59))
    assert is_wanted(waiting, NOW + timedelta(hours=1))


def test_a_verification_of_what_was_asked_echoes_the_challenge() -> None:
    verdict = asked_by_hub(requested(NEW, NOW))
    assert (verdict.status, verdict.body) == (200, "c")
    assert is_active(verdict.subscription, NOW + 9 * DAY)
    assert not is_active(verdict.subscription, NOW + 10 * DAY)


@pytest.mark.parametrize(
    ("subscription", "changes"),
    [
        (None, {}),
        (NEW, {}),
        (requested(NEW, NOW), {"topic": "https://other.example/"}),
        (requested(NEW, NOW), {"mode": "unsubscribe"}),
        (requested(NEW, NOW), {"challenge": ""}),
        (requested(NEW, NOW), {"lease_seconds": None}),
        (requested(NEW, NOW), {"lease_seconds": 0}),
    ],
    ids=[
        "no subscription",
        "not asked for",
        "other topic",
        "unsubscribe",
        "no challenge",
        "no lease",
        "lease of nothing",
    ],
)
def test_a_verification_of_anything_else_is_refused(
    subscription: Subscription | None, changes: dict[str, Any]
) -> None:
    verdict = asked_by_hub(subscription, **changes)
    assert verdict.status == 404
    assert verdict.subscription == subscription


def test_a_hub_whose_answer_was_lost_may_verify_again() -> None:
    later = NOW + timedelta(seconds=5)
    again = asked_by_hub(ACTIVE, later, challenge="d")
    assert (again.status, again.body) == (200, "d")
    assert again.subscription is not None
    assert again.subscription.granted == later
    assert asked_by_hub(ACTIVE, NOW + timedelta(hours=2)).status == 404
    assert asked_by_hub(ACTIVE, later, topic="https://paper.example/other").status == 404


def test_a_denial_is_acknowledged_and_the_hub_left_alone_for_a_month() -> None:
    verdict = asked_by_hub(requested(NEW, NOW), mode="denied", challenge="")
    assert verdict.status == 200
    assert verdict.subscription is not None
    assert not is_wanted(verdict.subscription, NOW + 29 * DAY)
    assert is_wanted(verdict.subscription, NOW + 30 * DAY)


def test_it_is_renewed_when_a_fifth_of_the_lease_is_left_and_stays_active_meanwhile() -> None:
    assert not is_wanted(ACTIVE, NOW + 7.9 * DAY)
    assert is_wanted(ACTIVE, NOW + 8 * DAY)
    asked = requested(ACTIVE, NOW + 8 * DAY)
    assert is_active(asked, NOW + 9 * DAY)
    renewed = asked_by_hub(asked, NOW + 8 * DAY).subscription
    assert is_active(renewed, NOW + 17 * DAY)


def test_no_poll_is_needed_until_the_renewal() -> None:
    assert silent_until(ACTIVE, NOW) == NOW + 8 * DAY
    assert silent_until(ACTIVE, NOW + 8 * DAY) is None
    assert silent_until(NEW, NOW) is None
    assert silent_until(None, NOW) is None


def test_a_lease_of_centuries_is_a_year() -> None:
    subscription = asked_by_hub(requested(NEW, NOW), lease_seconds=10**11).subscription
    assert not is_active(subscription, NOW + 366 * DAY)


def test_failures_back_off_and_end_in_a_month_of_rest() -> None:
    subscription, now, waits = NEW, NOW, []
    for _ in range(8):
        subscription = requested(subscription, now)
        assert subscription.next_try is not None
        waits.append((subscription.next_try - now).total_seconds() / 3600)
        now = subscription.next_try
    assert waits[0] == 1
    assert waits == sorted(waits)
    assert waits[-1] == 30 * 24


def test_a_hub_that_announces_nothing_of_what_polls_find_counts_as_dead() -> None:
    once = poll(ACTIVE, new_entries=3)
    assert once is not None
    assert is_active(once, NOW)
    assert silent_until(once, NOW) is None, "polled as usual until it is sure"
    twice = poll(once, new_entries=1)
    assert twice is not None
    assert not is_active(twice, NOW)
    assert not is_wanted(twice, NOW + 29 * DAY)


def test_what_a_push_announced_was_not_missed() -> None:
    assert poll(ACTIVE, new_entries=3, pushed=True) == ACTIVE
    assert poll(ACTIVE, new_entries=0) == ACTIVE


def test_a_push_makes_up_for_what_was_missed_and_makes_the_feed_due() -> None:
    missed = poll(ACTIVE, new_entries=3)
    state = FeedState(
        url=TOPIC, host="paper.example", subscription=missed, next_due=NOW + DAY, last_poll=NOW
    )
    assert not was_pushed(state)
    pushed = after_push(state, NOW + timedelta(hours=1))
    assert pushed.next_due == NOW + timedelta(hours=1)
    assert was_pushed(pushed)
    assert pushed.subscription == ACTIVE


@pytest.mark.parametrize("asked", [None, NOW + 2 * DAY], ids=["backoff", "retry_after"])
def test_a_push_ends_a_backoff_and_no_wish_of_the_server(asked: datetime | None) -> None:
    held = FeedState(
        url=TOPIC,
        host="paper.example",
        next_due=NOW + 2 * DAY,
        hold_until=NOW + 2 * DAY,
        retry_after=asked,
    )
    pushed = after_push(held, NOW)
    assert (pushed.next_due, pushed.hold_until) == (NOW, asked)


@pytest.mark.parametrize(
    "news",
    [
        HubNews(read=True, hub="https://other.example/", topic=TOPIC),
        HubNews(read=True, hub=HUB, topic="https://paper.example/moved"),
    ],
    ids=["another hub", "another topic"],
)
def test_another_hub_or_topic_begins_anew(news: HubNews) -> None:
    begun = after_poll(ACTIVE, news, CALLBACK, NOW)
    assert begun is not None
    assert not is_active(begun, NOW)
    assert is_wanted(begun, NOW)


def test_another_callback_address_begins_anew() -> None:
    begun = after_poll(ACTIVE, NAMED, "https://elsewhere.example.org", NOW)
    assert begun is not None
    assert is_wanted(begun, NOW)


def test_a_feed_that_names_no_hub_any_more_is_polled_as_usual() -> None:
    assert after_poll(ACTIVE, HubNews(known=ACTIVE, read=True), CALLBACK, NOW) is None
    assert poll(ACTIVE, read=False) == ACTIVE, "a 304 says nothing of it"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["poll", "ask", "verify", "deny", "push"]),
            st.integers(min_value=0, max_value=40 * 24),
        ),
        max_size=30,
    )
)
def test_whatever_happens_a_silent_feed_is_polled_before_its_lease_ends(
    events: list[tuple[str, int]],
) -> None:
    state, now = FeedState(url=TOPIC, host="paper.example"), NOW
    for event, hours in events:
        now += timedelta(hours=hours)
        known = state.subscription
        if event == "poll":
            known = after_poll(known, NAMED.model_copy(update={"known": known}), CALLBACK, now)
        elif event == "ask" and known is not None and is_wanted(known, now):
            known = requested(known, now)
        elif event == "verify":
            known = asked_by_hub(known, now).subscription
        elif event == "deny":
            known = asked_by_hub(known, now, mode="denied").subscription
        else:
            known = after_push(state, now).subscription
        state = state.model_copy(update={"subscription": known})
        until = silent_until(known, now)
        if until is not None:
            assert known is not None
            assert known.lease_end is not None
            assert now < until < known.lease_end
