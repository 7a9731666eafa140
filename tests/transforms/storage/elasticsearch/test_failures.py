from datetime import timedelta

from schemas.failure import Failure, failure_id
from schemas.feed import Feed
from schemas.poll import Learnt
from tests.committing import commit_one
from tests.servers.articles import NOON
from transforms.storage.elasticsearch.feed_store import ElasticsearchFeedStore

FEED = Feed(url="https://a.example/1")
MINUTE = timedelta(minutes=1)


def failure(key: str, minutes: int = 0, stage: str = "normalize", feed: str = FEED.url) -> Failure:
    time = NOON + minutes * MINUTE
    return Failure(
        id=failure_id(feed, key, stage),
        feed_url=feed,
        entry_key=key,
        stage=stage,
        error="title: 3000000 characters long",
        input={"title": "x", "nested": {"a": [1, None]}},
        first_seen=time,
        last_seen=time,
        sight_time=time,
    )


def test_letters_come_oldest_first_and_as_they_were_put(store: ElasticsearchFeedStore) -> None:
    letters = [failure("late", 5), failure("early", 1), failure("middle", 3)]
    store.put_failures(letters)
    assert list(store.failures()) == [letters[1], letters[2], letters[0]]


def test_letters_of_one_millisecond_come_oldest_first_too(store: ElasticsearchFeedStore) -> None:
    letters = [
        failure(f"{number}").model_copy(
            update={"first_seen": NOON + timedelta(microseconds=number * 7 % 20)}
        )
        for number in range(20)
    ]
    store.put_failures(letters)
    assert list(store.failures()) == sorted(letters, key=lambda letter: letter.first_seen)


def test_a_letter_put_again_is_counted_keeps_its_first_times_and_opens(
    store: ElasticsearchFeedStore,
) -> None:
    store.put_failures([failure("k")])
    store.close_failure(failure("k").id, NOON)
    assert list(store.failures()) == []
    store.put_failures([failure("k", 7), failure("other"), failure("k", 3)])
    (letter,) = (letter for letter in store.failures() if letter.entry_key == "k")
    assert (letter.count, letter.closed) == (3, None)
    assert (letter.first_seen, letter.sight_time) == (NOON, NOON)
    assert letter.last_seen == NOON + 7 * MINUTE


def test_closing_keeps_the_first_closing_time_and_lets_unknown_ones_be(
    store: ElasticsearchFeedStore,
) -> None:
    store.put_failures([failure("k")])
    store.close_failure(failure("k").id, NOON)
    store.close_failure(failure("k").id, NOON + MINUTE)
    store.close_failure("unknown", NOON)
    (letter,) = store.failures(open_only=False)
    assert letter.closed == NOON


def test_half_a_surrogate_pair_survives(store: ElasticsearchFeedStore) -> None:
    letter = failure("k").model_copy(update={"input": {"title": "a\ud800b"}})
    store.put_failures([letter])
    assert [found.input for found in store.failures()] == [letter.input]


def test_more_letters_than_one_page(store: ElasticsearchFeedStore) -> None:
    store.put_failures([failure(str(number), number) for number in range(65)])
    assert [letter.entry_key for letter in store.failures()] == [str(n) for n in range(65)]


def test_a_commit_closes_the_letters_of_entries_that_came_through(
    store: ElasticsearchFeedStore,
) -> None:
    store.register([FEED])
    (work,) = store.claim("me", NOON, lease_seconds=60, max_hosts=1, feeds={FEED.url: FEED})
    other = "https://a.example/2"
    store.put_failures(
        [
            failure("came"),
            failure("came", stage="tag"),
            failure("did not"),
            failure("came", feed=other),
        ]
    )
    poll = work.polls[0]
    result = Learnt(
        poll_id=poll.id, feed_url=FEED.url, lease=poll.lease, expected=0, state=poll.state
    )
    commit_one(store, result, NOON + MINUTE, closed=["came"])
    still_open = {(letter.feed_url, letter.entry_key) for letter in store.failures()}
    assert still_open == {(FEED.url, "did not"), (other, "came")}
    closed = [letter for letter in store.failures(open_only=False) if letter.closed]
    assert [letter.closed for letter in closed] == [NOON + MINUTE] * 2
