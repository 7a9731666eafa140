"""What a feed's state becomes when a poll is committed."""

from datetime import UTC, datetime, timedelta

from schemas.feed import FeedState, SeenEntry
from schemas.subscription import Subscription
from transforms.feeds.committing import committed_state

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SEEN = {"g1": SeenEntry(article_id="a", hash="h")}
STORED = FeedState(url="https://a.example/", host="a.example", name="A")
LEARNT = STORED.model_copy(update={"etag": "e", "next_due": NOW + timedelta(days=1)})


def test_what_the_poll_learnt_is_kept_with_the_entries_to_remember() -> None:
    expected = LEARNT.model_copy(update={"seen": SEEN})
    assert committed_state(LEARNT, STORED, SEEN) == expected
    assert committed_state(LEARNT, None, SEEN) == expected


def test_what_the_configuration_changed_meanwhile_stays() -> None:
    changed = STORED.model_copy(update={"removed": True, "name": "B", "host": "example"})
    state = committed_state(LEARNT, changed, {})
    assert (state.removed, state.name, state.host) == (True, "B", "example")


def test_the_poll_says_the_host_of_a_feed_that_it_moved() -> None:
    moved = LEARNT.model_copy(update={"address": "https://b.example/", "host": "b.example"})
    assert committed_state(moved, STORED, {}).host == "b.example"


def test_a_push_during_the_poll_makes_the_feed_due_at_once() -> None:
    pushed = STORED.model_copy(update={"pushed_at": NOW})
    assert committed_state(LEARNT, pushed, {}).next_due == NOW
    failed = LEARNT.model_copy(update={"hold_until": LEARNT.next_due})
    assert committed_state(failed, pushed, {}).hold_until is None
    asked = failed.model_copy(update={"retry_after": LEARNT.next_due})
    assert committed_state(asked, pushed, {}).hold_until == LEARNT.next_due


def test_a_push_before_the_poll_was_answered_by_it() -> None:
    known = {"pushed_at": NOW}
    state = committed_state(LEARNT.model_copy(update=known), STORED.model_copy(update=known), {})
    assert state.next_due == LEARNT.next_due


def test_what_the_hub_said_meanwhile_stays() -> None:
    subscription = Subscription(hub="https://hub.example/", topic="t", callback="c")
    verified = STORED.model_copy(update={"subscription": subscription})
    assert committed_state(LEARNT, verified, {}).subscription == subscription
