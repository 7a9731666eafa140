"""The feeds' states: the columns that are asked for, and the whole state as JSON beside them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from schemas.config import IntervalConfig
from schemas.feed import Feed, FeedState, HostState, Lease
from transforms.feeds.health import HEALTHS, Health
from transforms.feeds.intervals import due_under
from transforms.feeds.scheduling import is_later
from transforms.lease_unit import lease_unit
from transforms.storage.embedded.database import Database, from_micros, micros


def read_states(database: Database, urls: Sequence[str] | None = None) -> list[FeedState]:
    """Gives the states of some feeds, or of all, in order of URL."""
    if urls is None:
        rows = database.rows("SELECT state FROM feeds ORDER BY url")
    else:
        rows = [
            row
            for url in urls
            for row in database.rows("SELECT state FROM feeds WHERE url = ?", (url,))
        ]
    return [FeedState.model_validate_json(state) for (state,) in rows]


def read_state_without_entries(database: Database, url: str) -> FeedState | None:
    """Gives a feed's state but for `seen`, which is most of it."""
    rows = database.rows("SELECT json_remove(state, '$.seen') FROM feeds WHERE url = ?", (url,))
    return FeedState.model_validate_json(rows[0][0]) if rows else None


def put_state(database: Database, state: FeedState) -> None:
    """Writes a feed's state."""
    database.run(
        "INSERT OR REPLACE INTO feeds VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            state.url,
            state.host,
            micros(state.next_due),
            micros(state.hold_until),
            micros(state.last_poll),
            state.pending,
            state.removed or state.retired,
            state.model_dump_json(),
        ),
    )


def register_feeds(
    database: Database, feeds: Iterable[Feed], interval: IntervalConfig | None = None
) -> None:
    """Makes the store know exactly these feeds; see `FeedStore.register`."""
    named = {feed.url: feed for feed in feeds}
    with database.transaction():
        known = {state.url: state for state in read_states(database)}
        for url, feed in named.items():
            state = known.get(url)
            host = lease_unit((state and state.address) or url, feed.hold)
            new = (
                FeedState(url=url, host=host, name=feed.name)
                if state is None
                else state.model_copy(
                    update={
                        "removed": False,
                        "host": host,
                        "name": feed.name,
                        "next_due": due_under(state, feed, interval),
                    }
                )
            )
            if new != state:
                put_state(database, new)
        for url, state in known.items():
            if url not in named and not state.removed:
                put_state(database, state.model_copy(update={"removed": True}))


def restore_states(database: Database, states: Sequence[FeedState]) -> int:
    """Puts states in place of those polled earlier; gives how many it did."""
    restored = 0
    with database.transaction():
        for state in states:
            known = read_states(database, [state.url])
            if not known or is_later(state, known[0]):
                put_state(database, state)
                put_host(database, state.host, state.last_poll, None)
                restored += 1
    return restored


def count_health(database: Database) -> dict[Health, int]:
    """Gives how many feeds there are of each health, by the rules of `transforms.feeds.health`."""
    rows = database.rows(
        "SELECT CASE WHEN state ->> 'removed' THEN 'removed'"
        " WHEN state ->> 'retired' THEN 'retired'"
        " WHEN state ->> 'dormant' THEN 'dormant'"
        " WHEN state ->> 'consecutive_failures' > 0 THEN 'failing'"
        " WHEN state ->> 'last_success' IS NULL THEN 'new' ELSE 'ok' END AS health, count(*)"
        " FROM feeds GROUP BY health"
    )
    counts = dict(rows)
    return {name: counts.get(name, 0) for name in HEALTHS}


def put_off_feed(database: Database, url: str, until: datetime) -> None:
    """Makes a feed not due before then."""
    for state in read_states(database, [url]):
        later = until if state.next_due is None else max(until, state.next_due)
        put_state(database, state.model_copy(update={"next_due": later}))


def forget_validators(database: Database, urls: Iterable[str]) -> None:
    """Makes feeds due at once and fetched in full."""
    fresh = {"etag": "", "last_modified": "", "next_due": None, "hold_until": None}
    with database.transaction():
        for state in read_states(database, list(urls)):
            put_state(database, state.model_copy(update=fresh))


def put_host(
    database: Database, host: str, last_request: datetime | None, hold_until: datetime | None
) -> None:
    """Notes when a host was last asked and until when it is left alone; later times win."""
    database.run(
        "INSERT INTO hosts (host, last_request, hold_until) VALUES (?, ?, ?) ON CONFLICT (host) "
        "DO UPDATE SET "
        "last_request = nullif(max(coalesce(last_request, 0), coalesce(excluded.last_request, 0)),"
        " 0), "
        "hold_until = nullif(max(coalesce(hold_until, 0), coalesce(excluded.hold_until, 0)), 0)",
        (host, micros(last_request), micros(hold_until)),
    )


def read_hosts(database: Database, hosts: Sequence[str] | None = None) -> list[HostState]:
    """Gives the states of the hosts that are known, in order of name; None: of all."""
    columns = "SELECT host, last_request, hold_until, lease FROM hosts"
    if hosts is None:
        rows = database.rows(f"{columns} ORDER BY host")
    else:
        marks = ", ".join("?" * len(hosts))
        rows = database.rows(f"{columns} WHERE host IN ({marks}) ORDER BY host", hosts)
    return [
        HostState(
            host=host,
            last_request=from_micros(last_request),
            hold_until=from_micros(hold_until),
            lease=Lease.model_validate_json(lease) if lease is not None else None,
        )
        for host, last_request, hold_until, lease in rows
    ]


def first_due(database: Database, now: datetime) -> datetime | None:
    """Gives when the next feed becomes due and its host free, None if there is no feed."""
    ((first,),) = database.rows(
        "SELECT min(max(coalesce(feeds.next_due, :now), coalesce(feeds.hold_until, 0), "
        "coalesce(hosts.hold_until, 0), coalesce(hosts.expires, 0))) "
        "FROM feeds LEFT JOIN hosts ON hosts.host = feeds.host WHERE NOT feeds.idle",
        {"now": micros(now)},
    )
    return from_micros(first)
