from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from schemas.config import Config, IndexConfig
from schemas.errors import LeaseLostError, TransientError
from schemas.feed import Feed, FeedState, Lease, SeenEntry
from schemas.poll import HostWork, Learnt, Poll, RoundSummary
from tests.committing import commit_one
from tests.servers.articles import NOON
from tests.servers.elasticsearch_indices import request
from tests.servers.elasticsearch_server import Server
from transforms.storage.elasticsearch.client import Client
from transforms.storage.elasticsearch.feed_store import ElasticsearchFeedStore

FEEDS = [
    Feed(url="https://a.example/1", name="A1"),
    Feed(url="https://a.example/2"),
    Feed(url="https://b.example/1"),
    Feed(url="https://b.example:8443/1"),
]
HOUR = timedelta(hours=1)
A1, A2, B, B_PORT = (feed.url for feed in FEEDS)


def claim(
    store: ElasticsearchFeedStore,
    owner: str = "me",
    now: datetime = NOON,
    max_hosts: int = 10,
    **options: Any,
) -> list[HostWork]:
    return store.claim(
        owner,
        now,
        lease_seconds=60,
        max_hosts=max_hosts,
        feeds=options.pop("feeds", {feed.url: feed for feed in FEEDS}),
        **options,
    )


def urls(works: list[HostWork]) -> list[list[str]]:
    return [[poll.feed.url for poll in work.polls] for work in works]


def learnt(poll: Poll, **changes: object) -> Learnt:
    state = poll.state.model_copy(
        update={"polls": poll.state.polls + 1, "next_due": NOON + HOUR, **changes}
    )
    return Learnt(
        poll_id=poll.id,
        feed_url=poll.feed.url,
        lease=poll.lease,
        expected=0,
        state=state,
        last_request=NOON,
    )


def commit(store: ElasticsearchFeedStore, poll: Poll, **changes: object) -> None:
    commit_one(store, learnt(poll, **changes), NOON)


def states(store: ElasticsearchFeedStore) -> dict[str, FeedState]:
    return {state.url: state for state in store.states()}


@pytest.fixture
def registered(store: ElasticsearchFeedStore) -> ElasticsearchFeedStore:
    store.register(FEEDS)
    return store


def test_setup_says_what_it_makes_and_a_second_one_makes_nothing(config: Config) -> None:
    store = ElasticsearchFeedStore(config)
    foreseen = store.setup(dry_run=True)
    assert len(foreseen) == 4
    assert store.setup() == foreseen
    assert store.setup() == []
    store.close()


def test_register_makes_fresh_states_with_hosts(registered: ElasticsearchFeedStore) -> None:
    known = states(registered)
    assert {url: state.host for url, state in known.items()} == {
        A1: "a.example",
        A2: "a.example",
        B: "b.example",
        B_PORT: "b.example:8443",
    }
    assert known[A1] == FeedState(url=A1, host="a.example", name="A1")


def test_register_touches_only_what_changes(
    registered: ElasticsearchFeedStore, config: Config
) -> None:
    def sequence() -> int:
        name = f"{config.index.prefix}news-feeds"
        stats = request(config.index.url, "GET", f"{name}/_stats/indexing?level=shards")
        return int(stats["indices"][name]["shards"]["0"][0]["seq_no"]["max_seq_no"])

    before = sequence()
    registered.register(FEEDS)
    assert sequence() == before
    registered.register([FEEDS[0].model_copy(update={"name": "New"}), *FEEDS[1:]])
    assert sequence() == before + 1
    assert states(registered)[A1].name == "New"


def test_a_feed_that_returns_has_all_it_had_learnt(registered: ElasticsearchFeedStore) -> None:
    works = claim(registered)
    seen = {
        "key.with.dots": SeenEntry(article_id="i", hash="h"),
        "": SeenEntry(article_id="j", hash="g"),
    }
    (poll,) = works[-1].polls
    commit_one(registered, learnt(poll, etag='"x"'), NOON, seen=seen)
    registered.register([feed for feed in FEEDS if feed.url != poll.feed.url])
    assert states(registered)[poll.feed.url].removed
    assert urls(claim(registered, now=NOON + 2 * HOUR)) == [[A1, A2], [B]]
    registered.register(FEEDS)
    state = states(registered)[poll.feed.url]
    assert not state.removed
    assert (state.etag, state.polls, state.seen) == ('"x"', 1, seen)
    assert list(state.seen) == list(seen)


def test_a_claim_gives_whole_hosts_longest_due_first(registered: ElasticsearchFeedStore) -> None:
    first = {poll.feed.url: poll for work in claim(registered) for poll in work.polls}
    dues = {A1: 3, A2: 1, B: 2, B_PORT: 9}
    for url, hours in dues.items():
        commit(registered, first[url], next_due=NOON + hours * HOUR)
    assert urls(claim(registered, now=NOON + 5 * HOUR)) == [[A2, A1], [B]]


def test_a_claim_takes_no_more_hosts_than_asked_for(registered: ElasticsearchFeedStore) -> None:
    assert urls(claim(registered, max_hosts=1)) == [[A1, A2]]
    assert urls(claim(registered, max_hosts=1)) == [[B]]
    assert urls(claim(registered, max_hosts=5)) == [[B_PORT]]
    assert claim(registered, max_hosts=5) == []


def test_only_configured_feeds_are_claimed(registered: ElasticsearchFeedStore) -> None:
    works = claim(registered, feeds={A2: FEEDS[1]})
    assert urls(works) == [[A2]]
    assert works[0].lease.feeds == [A2]


@pytest.mark.parametrize(
    ("changes", "due", "once"),
    [
        ({"next_due": NOON - HOUR}, True, True),
        ({"next_due": None}, True, True),
        ({"next_due": NOON + HOUR}, False, True),
        ({"next_due": NOON - HOUR, "hold_until": NOON + HOUR}, False, False),
        ({"next_due": NOON - HOUR, "hold_until": NOON}, True, True),
        ({"next_due": NOON - HOUR, "retired": True}, False, False),
        ({"next_due": NOON - HOUR, "last_poll": NOON}, True, False),
        ({"next_due": NOON - HOUR, "last_poll": NOON, "pending": True}, True, True),
        ({"next_due": NOON + timedelta(microseconds=1)}, False, True),
    ],
)
def test_which_feeds_are_due(
    registered: ElasticsearchFeedStore, changes: dict[str, object], due: bool, once: bool
) -> None:
    only = {B: FEEDS[2]}
    commit(registered, claim(registered, feeds=only)[0].polls[0], **changes)
    once_options: dict[str, Any] = {"due_only": False, "polled_since": NOON}
    for expected, options in ((due, {}), (once, once_options)):
        works = claim(registered, feeds=only, **options)
        assert bool(works) is expected
        for work in works:
            registered.release(work.lease, feeds={B: None})


def test_a_commit_frees_the_host_when_no_feed_is_left(registered: ElasticsearchFeedStore) -> None:
    work = claim(registered)[0]
    commit(registered, work.polls[0])
    lease = registered.hosts()[0].lease
    assert lease is not None
    assert lease.feeds == [A2]
    later = learnt(work.polls[1])
    later.hold_host_until = NOON + HOUR
    commit_one(registered, later, NOON)
    host = registered.hosts()[0]
    assert (host.lease, host.last_request, host.hold_until) == (None, NOON, NOON + HOUR)
    assert claim(registered, feeds={A1: FEEDS[0]}, now=NOON + HOUR - timedelta(seconds=1)) == []
    assert urls(claim(registered, feeds={A1: FEEDS[0]}, now=NOON + HOUR)) == [[A1]]


def test_an_expired_lease_is_taken_and_its_commit_refused(
    registered: ElasticsearchFeedStore,
) -> None:
    only = {A1: FEEDS[0]}
    old = claim(registered, "old", feeds=only)[0].polls[0]
    assert claim(registered, "new", feeds=only, now=NOON + timedelta(seconds=59)) == []
    new = claim(registered, "new", feeds=only, now=NOON + timedelta(seconds=60))[0].polls[0]
    before = registered.states(), registered.hosts()
    with pytest.raises(LeaseLostError, match=r"lease of old on a\.example was replaced"):
        commit(registered, old)
    with pytest.raises(LeaseLostError):
        registered.renew(old.lease, NOON, 60)
    registered.release(old.lease, feeds={A1: NOON + HOUR})
    assert (registered.states(), registered.hosts()) == before
    commit(registered, new)
    assert states(registered)[A1].polls == 1


def test_a_lease_stolen_between_the_check_and_the_write_is_fenced(
    registered: ElasticsearchFeedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transforms.storage.elasticsearch import committing

    only = {A1: FEEDS[0]}
    old = claim(registered, "old", feeds=only)[0].polls[0]
    read = committing.read_leases
    stolen: list[Poll] = []

    def read_then_steal(client: Client, hosts: str, leases: Sequence[Lease]) -> Any:
        found = read(client, hosts, leases)
        if not stolen:
            stolen.extend(claim(registered, "new", feeds=only, now=NOON + HOUR)[0].polls)
            commit(registered, stolen[0], etag="of the new")
        return found

    monkeypatch.setattr(committing, "read_leases", read_then_steal)
    with pytest.raises(LeaseLostError):
        commit(registered, old, etag="of the old")
    assert states(registered)[A1].etag == "of the new"
    assert states(registered)[A1].polls == 1


def test_a_claim_ends_where_others_write_its_feeds_all_the_time(
    registered: ElasticsearchFeedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transforms.storage.elasticsearch import stamping
    from transforms.storage.elasticsearch.compare_and_set import MAX_CONFLICTS
    from transforms.storage.elasticsearch.reading import read_documents

    reads: list[str] = []

    def read_then_change(*args: Any, **options: Any) -> Any:
        found = read_documents(*args, **options)
        reads.append("feeds")
        registered.change_feed(A1, lambda s: s.model_copy(update={"etag": str(len(reads))}))
        return found

    monkeypatch.setattr(stamping, "read_documents", read_then_change)
    with pytest.raises(TransientError, match=f"faster {MAX_CONFLICTS} times in a row"):
        claim(registered, feeds={A1: FEEDS[0]})
    assert len(reads) == MAX_CONFLICTS


def test_of_two_claimers_exactly_one_gets_the_host(
    registered: ElasticsearchFeedStore, config: Config
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    stores = [ElasticsearchFeedStore(config) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda store: claim(store, f"{id(store)}"), stores))
    for store in stores:
        store.close()
    taken = [url for works in answers for polls in urls(works) for url in polls]
    assert sorted(taken) == sorted(feed.url for feed in FEEDS)
    assert len({poll.id for works in answers for w in works for poll in w.polls}) == len(FEEDS)


def test_renewing_prolongs_under_the_same_token(registered: ElasticsearchFeedStore) -> None:
    lease = claim(registered)[0].lease
    renewed = registered.renew(lease, NOON + timedelta(seconds=50), 60)
    assert (renewed.token, renewed.feeds) == (lease.token, [A1, A2])
    assert renewed.expires == NOON + timedelta(seconds=110)
    assert claim(registered, feeds={A1: FEEDS[0]}, now=NOON + timedelta(seconds=100)) == []


def test_release_holds_feeds_back_and_frees_the_host(registered: ElasticsearchFeedStore) -> None:
    lease = claim(registered)[0].lease
    registered.release(lease, feeds={A1: NOON + HOUR})
    assert states(registered)[A1].next_due == NOON + HOUR
    assert registered.hosts()[0].lease is not None
    registered.release(lease, feeds={A2: None})
    assert registered.hosts()[0].lease is None
    assert urls(claim(registered)) == [[A2]]


def test_forget_validators_makes_due_and_whole(registered: ElasticsearchFeedStore) -> None:
    poll = claim(registered)[0].polls[0]
    commit(registered, poll, etag="x", last_modified="y", hold_until=NOON + HOUR, title="T")
    registered.forget_validators([A1, "https://unknown.example/"])
    state = states(registered)[A1]
    assert (state.etag, state.last_modified, state.next_due, state.hold_until) == (
        "",
        "",
        None,
        None,
    )
    assert state.title == "T"
    assert len(registered.states()) == len(FEEDS)


def test_a_change_of_the_configuration_during_a_poll_is_kept(
    registered: ElasticsearchFeedStore,
) -> None:
    poll = claim(registered)[0].polls[0]
    registered.register(FEEDS[1:])
    commit(registered, poll)
    assert states(registered)[A1].removed


def test_next_due(store: ElasticsearchFeedStore) -> None:
    assert store.next_due(NOON) is None
    store.register(FEEDS)
    assert store.next_due(NOON) == NOON
    polls = {poll.feed.url: poll for work in claim(store) for poll in work.polls}
    assert store.next_due(NOON) == NOON + timedelta(seconds=60)
    for url, hours in ((A1, 4), (A2, 5), (B, 3), (B_PORT, 6)):
        commit(store, polls[url], next_due=NOON + hours * HOUR)
    assert store.next_due(NOON) == NOON + 3 * HOUR
    held = claim(store, now=NOON + 3 * HOUR)[0].polls[0]
    commit(store, held, next_due=NOON, hold_until=NOON + 9 * HOUR)
    assert store.next_due(NOON) == NOON + 4 * HOUR


def test_a_round_is_kept_in_its_months_index(store: ElasticsearchFeedStore, config: Config) -> None:
    store.put_round(
        RoundSummary(timestamp=NOON, owner="me", polls=3, seconds=0.5, lag_p50=0.25, lag_p95=0.75)
    )
    store.put_round(RoundSummary(timestamp=NOON + HOUR, owner="me"))
    name = f"{config.index.prefix}news-polls-2026.03"
    request(config.index.url, "POST", f"{name}/_refresh")
    numbers = ("polls", "seconds", "lag_p50", "lag_p95")
    answer = request(
        config.index.url,
        "POST",
        f"{name}/_search",
        {
            "query": {"term": {"owner": "me"}},
            "sort": ["@timestamp"],
            "aggs": {number: {"max": {"field": number}} for number in numbers},
        },
    )
    assert [hit["_source"]["polls"] for hit in answer["hits"]["hits"]] == [3, 0]
    most = {number: found["value"] for number, found in answer["aggregations"].items()}
    assert most == {"polls": 3, "seconds": 0.5, "lag_p50": 0.25, "lag_p95": 0.75}


def test_a_server_that_is_away_is_transient_and_nothing_is_lost(
    elasticsearch_server: Server, index_prefix: str
) -> None:
    config = Config(index=IndexConfig(url=elasticsearch_server.url, prefix=index_prefix))
    store = ElasticsearchFeedStore(config)
    store.setup()
    store.register(FEEDS)
    poll = claim(store)[0].polls[0]
    elasticsearch_server.kill()
    for call in (
        lambda: commit(store, poll),
        lambda: claim(store),
        lambda: store.renew(poll.lease, NOON, 60),
        lambda: store.release(poll.lease, feeds={A1: None}),
        lambda: store.register(FEEDS),
        lambda: store.next_due(NOON),
        store.states,
    ):
        with pytest.raises(TransientError, match="cannot be reached"):
            call()
    elasticsearch_server.start()
    assert states(store)[A1].polls == 0
    commit(store, poll)
    assert states(store)[A1].polls == 1
    store.close()
