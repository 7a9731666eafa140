"""One answered poll to entries, outcomes and what was learnt."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.config import Config
from schemas.errors import TerminalError
from schemas.feed import FeedState, SeenEntry
from schemas.poll import FetchResult, Outcome
from tests.servers.feed_documents import Item, rss
from tests.transforms.http.polls import NOW, poll_of
from transforms.dead_letters import dead_letter
from transforms.ended_polls import remembered
from transforms.feeds.polling import ParsedPoll, next_sight_time, read_poll
from transforms.feeds.remembering import failed, taken
from transforms.text.normalize import RULE_VERSION

URL = "https://paper.example/feed"
ITEMS = [Item(guid=str(n), link=f"https://paper.example/{n}", title=f"Title {n}") for n in range(5)]


def read(
    body: bytes = b"",
    seen: dict[str, SeenEntry] | None = None,
    limit: int = 500,
    pending: bool = False,
    left_over: int = 0,
    **answer: Any,
) -> ParsedPoll:
    poll = poll_of(URL)
    poll.state.seen = seen or {}
    poll.state.pending, poll.state.left_over = pending, left_over
    poll.feed.max_entries = limit
    result = FetchResult(poll=poll, fetched_at=NOW, body=body, **{"status": 200, **answer})
    return read_poll(result, Config(), NOW, 0.5)


def seen_of(parsed: ParsedPoll, rule_version: int | None = None) -> dict[str, SeenEntry]:
    return {
        entry.key: SeenEntry(
            article_id=entry.article_id,
            hash=entry.hash,
            rule_version=RULE_VERSION if rule_version is None else rule_version,
        )
        for entry in parsed.entries
    }


def test_every_entry_is_expected_once() -> None:
    parsed = read(rss(ITEMS), etag='"a"')
    assert [entry.key for entry in parsed.entries] == list("01234")
    assert (parsed.learnt.expected, parsed.learnt.unchanged) == (5, [])
    assert (parsed.learnt.state.etag, parsed.learnt.state.last_sight) == ('"a"', NOW)


def test_known_entries_are_unchanged_until_the_publisher_or_our_rules_change() -> None:
    first = read(rss(ITEMS))
    again = read(rss(ITEMS), seen=seen_of(first))
    assert (again.entries, again.learnt.expected) == ([], 0)
    assert again.learnt.unchanged == list("01234")
    corrected = [Item(guid="0", link=ITEMS[0].link, title="Corrected"), *ITEMS[1:]]
    changed = read(rss(corrected), seen=seen_of(first))
    assert [entry.article_id for entry in changed.entries] == [first.entries[0].article_id]
    assert len(read(rss(ITEMS), seen=seen_of(first, rule_version=0)).entries) == 5


def test_entries_over_the_limit_are_left_to_the_next_round() -> None:
    parsed = read(rss(ITEMS), limit=2, etag='"a"')
    state = parsed.learnt.state
    assert (parsed.learnt.expected, state.pending, state.etag) == (2, True, "")
    assert (state.left_over, state.next_due) == (3, NOW)
    rest = read(rss(ITEMS), limit=3, seen=seen_of(parsed), etag='"a"')
    assert (len(rest.entries), rest.learnt.state.pending) == (3, False)
    assert rest.learnt.state.etag == '"a"'


def test_entries_that_cannot_succeed_never_keep_back_those_behind_them() -> None:
    seen: dict[str, SeenEntry] = {}
    asked: list[list[str]] = []
    due_at_once = True
    while due_at_once:
        parsed = read(rss(ITEMS), limit=2, seen=seen, pending=bool(seen), left_over=len(ITEMS))
        asked.append([entry.key for entry in parsed.entries])
        outcomes = [
            dead_letter(entry, "normalize", TerminalError("bad"), NOW)
            if entry.key in "0123"
            else Outcome(
                poll_id="p",
                feed_url=URL,
                key=entry.key,
                kind="written",
                seen=taken(entry, RULE_VERSION),
            )
            for entry in parsed.entries
        ]
        seen = remembered(parsed.learnt, outcomes, max_entries=1)
        due_at_once = parsed.learnt.state.next_due == NOW
    # The last one takes in its room what has failed, once more.
    assert asked == [["0", "1"], ["2", "3"], ["4", "0"]]
    assert sorted(seen) == list("01234"), "what is shown is remembered, whatever the limit"


def test_entries_that_failed_are_not_left_over() -> None:
    failures = {entry.key: failed(entry) for entry in read(rss(ITEMS)).entries}
    parsed = read(rss(ITEMS), limit=2, seen=failures, etag='"a"')
    assert [entry.key for entry in parsed.entries] == ["0", "1"]
    assert parsed.learnt.waiting == ["2", "3", "4"]
    state = parsed.learnt.state
    assert (state.pending, state.left_over, state.etag) == (False, 0, '"a"')


def test_an_entry_whose_page_is_still_to_be_asked_for_is_seen_again() -> None:
    parsed = read(rss(ITEMS), etag='"a"', last_modified="m", pages_put_off=[ITEMS[1].link])
    assert [entry.key for entry in parsed.entries if entry.page_put_off] == ["1"]
    state = parsed.learnt.state
    assert (state.etag, state.last_modified, state.pending) == ("", "", False)
    assert state.next_due == read(rss(ITEMS)).learnt.state.next_due


@pytest.mark.parametrize(("jitter", "seconds"), [(0.0, 30), (0.5, 60)])
def test_a_poll_that_met_anothers_lease_is_made_again_and_has_not_failed(
    jitter: float, seconds: float
) -> None:
    poll = poll_of(URL, etag='"a"')
    result = FetchResult(poll=poll, fetched_at=NOW, put_off=True, error="taken")
    learnt = read_poll(result, Config(), NOW, jitter).learnt
    assert (learnt.put_off, learnt.failed, learnt.last_request) == ("taken", False, NOW)
    due = NOW + timedelta(seconds=seconds)
    assert learnt.state == poll.state.model_copy(update={"next_due": due})


@pytest.mark.parametrize("body", [b"", b"<html><body>Sorry</body></html>"], ids=["empty", "page"])
def test_an_answer_that_is_no_feed_is_a_failed_poll(body: bytes) -> None:
    learnt = read(body).learnt
    assert (learnt.failed, learnt.expected) == (True, 0)
    assert "a feed is" in learnt.state.last_error
    assert learnt.state.consecutive_failures == 1


def test_not_modified_learns_and_expects_nothing() -> None:
    learnt = read(status=304).learnt
    assert (learnt.not_modified, learnt.failed, learnt.expected) == (True, False, 0)


def test_a_failed_fetch_holds_the_host_as_long_as_it_asked() -> None:
    learnt = read(status=429, error="later", hold_host=60.0).learnt
    assert learnt.hold_host_until == NOW + timedelta(seconds=60)
    assert learnt.failed


def test_an_item_that_cannot_be_read_is_a_dead_letter_of_its_own() -> None:
    body = b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1"}, 5]}'
    parsed = read(body)
    (outcome,) = parsed.learnt.unreadable
    assert (outcome.kind, outcome.key, parsed.learnt.expected) == ("dead_letter", "position 1", 1)
    assert outcome.failure is not None


def test_items_that_cannot_be_read_are_bounded_as_entries_are() -> None:
    body = b'{"version": "https://jsonfeed.org/version/1.1", "items": [1, 2, 3, 4, 5, 6]}'
    outcomes = read(body, limit=2).learnt.unreadable
    assert [outcome.key for outcome in outcomes] == ["position 0", "position 1", "position 2"]
    last = outcomes[-1].failure
    assert last is not None
    assert last.error.startswith("4 more entries cannot be read, of which none is kept")
    assert len(read(body, limit=6).learnt.unreadable) == 6


def test_sights_of_one_feed_never_share_a_time() -> None:
    later = FeedState(url=URL, host="paper.example", last_sight=NOW + timedelta(hours=1))
    assert next_sight_time(NOW, later) == NOW + timedelta(hours=1, milliseconds=1)
    assert next_sight_time(NOW, FeedState(url=URL, host="paper.example")) == NOW
