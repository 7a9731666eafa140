"""What `feeds status` says of each feed, and in which order."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from pipeline.feed_status import Known, describe, items_a_day, next_poll, notes, row, trouble
from pipeline.feed_table import chosen_healths, head, is_chosen, table
from schemas.errors import ConfigError
from schemas.feed import FeedState
from tests.backends import opened
from tests.pipeline.dateline import Dateline
from tests.servers.feed_documents import Item, rss
from tests.servers.feed_server import FeedServer, Response
from tests.transforms.http.polls import NOW


def state(name: str = "paper", /, **values: Any) -> FeedState:
    return FeedState(url=f"https://{name}.example/feed", host=f"{name}.example", **values)


def test_the_worst_comes_first() -> None:
    well: dict[str, Any] = {"last_success": NOW}
    letters = {"https://letters.example/feed": 2}
    feeds = [
        state("ok", **well),
        state("removed", removed=True, consecutive_failures=99),
        state("letters", **well),
        state("retired", retired=True),
        state("failing", consecutive_failures=2, **well),
        state("new"),
        state("failing-long", consecutive_failures=7, **well),
        state("dormant", consecutive_failures=7, dormant=True),
    ]
    ordered = sorted(feeds, key=lambda feed: trouble(feed, letters.get(feed.url, 0)))
    assert [feed.host.removesuffix(".example") for feed in ordered] == [
        "dormant",
        "failing-long",
        "failing",
        "retired",
        "letters",
        "new",
        "ok",
        "removed",
    ]


def test_a_feed_is_described() -> None:
    feed = state(
        last_success=NOW - timedelta(hours=2),
        last_failure=NOW,
        last_error="answered 503",
        last_failed_with="answered 503",
        consecutive_failures=2,
        next_due=NOW + timedelta(hours=1),
        interval_seconds=5400,
        entries_a_day=12.345,
        entries_written=1234,
    )
    assert describe(feed, 3) == [
        "https://paper.example/feed",
        "    failing (2 in a row): answered 503",
        "    last success 2026-03-01 10:00; last failure 2026-03-01 12:00; "
        "next poll 2026-03-01 13:00",
        "    every 1.5 h; 12.3 items a day; 1,234 written, 3 dead letters",
    ]
    assert {"health": "failing", "dead_letters": 3, "entries_a_day": 12.345}.items() <= row(
        feed, 3
    ).items()


HOURS = [NOW + timedelta(hours=hours) for hours in range(4)]


@pytest.mark.parametrize(
    ("values", "host_hold", "expected"),
    [
        ({}, None, None),
        ({"next_due": HOURS[1]}, None, HOURS[1]),
        ({"next_due": HOURS[1], "hold_until": HOURS[2]}, HOURS[3], HOURS[3]),
        ({"next_due": HOURS[1], "hold_until": HOURS[2]}, HOURS[0], HOURS[2]),
        ({"next_due": HOURS[1], "retired": True}, HOURS[3], None),
        ({"next_due": HOURS[1], "removed": True}, HOURS[3], None),
    ],
    ids=["new", "due", "host", "feed", "retired", "removed"],
)
def test_the_next_poll_waits_for_the_feed_and_for_its_host(
    values: dict[str, Any], host_hold: datetime | None, expected: datetime | None
) -> None:
    feed = state(**values)
    assert next_poll(feed, host_hold) == expected
    said = row(feed, 0, host_hold)["next_poll"]
    assert said == (expected.isoformat() if expected is not None else None)
    if expected is not None:
        assert f"next poll {expected:%Y-%m-%d %H:%M}" in describe(feed, 0, host_hold)[2]


def test_a_host_that_wants_to_be_left_alone_holds_all_its_feeds(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    feed_server.put("/good.xml", rss([Item("g1", "https://paper.example/1", "N1")]))
    feed_server.respond("/throttled.xml", Response(429, {"Retry-After": "7200"}))
    dateline.configure(feed_server.url("/good.xml"), feed_server.url("/throttled.xml"))
    dateline.run_once()
    with opened(dateline.config()) as (_, store):
        (host,) = store.hosts()
    assert host.hold_until is not None
    for said in dateline.feed_states():
        assert datetime.fromisoformat(said["next_poll"]) >= host.hold_until
    assert dateline("feeds", "status").stdout.count(f"{host.hold_until:%Y-%m-%d %H:%M}") == 2


def test_a_feed_that_is_held_back_says_until_when_and_why() -> None:
    feed = state(
        hold_until=NOW + timedelta(hours=1),
        held_back="held back by Retry-After: paper.example answered 429 to another of its feeds",
    )
    assert describe(feed, 0)[1] == (
        "    new, held back until 2026-03-01 13:00: paper.example answered 429 to another of its "
        "feeds"
    )


def test_oddities_are_noted() -> None:
    odd = state(
        address="https://new.example/feed",
        future_polls=3,
        future_seconds=7200.0,
        last_failure=NOW,
        last_failed_with="answered 500",
        guid_changes=2,
        cut_off="abc",
    )
    assert notes(odd) == [
        "has moved for good, and is asked at https://new.example/feed",
        "its last failure was: answered 500",
        "its document broke off within an entry, which is taken once a poll brings it whole, or "
        "the same part of it again",
        "its newest entries are dated 2 h in the future: its clock or its time zone is wrong",
        "its GUIDs change at every fetch: entries are known by their links",
    ]
    assert "(2 polls in a row)" in notes(state(moved_to="https://b.example/", moved_polls=2))[0]


def test_status_of_a_real_run(dateline: Dateline, feed_server: FeedServer) -> None:
    item = Item("g1", "https://paper.example/1", "N1")
    feed_server.put("/good.xml", rss([item]))
    dateline.configure(feed_server.url("/good.xml"), feed_server.url("/missing.xml"))
    dateline.run_once()
    bad, good = dateline.feed_states()
    assert (bad["health"], good["health"]) == ("failing", "ok")
    assert "answered 404" in bad["last_error"]
    assert (good["interval_seconds"], good["entries_a_day"], good["notes"]) == (300, 0.0, [])
    said = dateline("feeds", "status").stdout
    assert said.index("/missing.xml") < said.index("Feed 1")
    assert "A DAY  FEED\nok " in said
    assert "?  Feed 1\n" in said
    assert "Feed 1" not in dateline("feeds", "status", "--health", "failing,held").stdout
    said = dateline("feeds", "status", "--long").stdout
    assert "every 5 min; not yet known how many items a day; 1 written, 0 dead letters" in said


WELL: dict[str, Any] = {"last_success": NOW, "next_due": NOW + timedelta(hours=1)}


def test_feeds_that_are_well_have_a_line_each_and_the_others_all_their_lines() -> None:
    feeds = [
        Known(state("bad", name="Bad News", consecutive_failures=1, last_error="answered 500")),
        Known(state("held", held_back="held back by Retry-After: 429", **WELL)),
        Known(state("titled", title="The <b>Paper</b> &amp; Co", **WELL), 0),
        Known(state("named", name="N" * 60, title="T", entries_a_day=12.345, **WELL)),
        Known(state("bare", last_failure=NOW, last_failed_with="answered 500", **WELL)),
    ]
    assert head(feeds) == "5 feeds: 1 failing, 1 held, 3 ok. Times are UTC."
    lines = list(table(feeds, long=False))
    assert "Bad News  https://bad.example/feed" in lines
    assert lines[-4:] == [
        "HEALTH    NEXT POLL          A DAY  FEED",
        "ok        2026-03-01 13:00       ?  The Paper & Co",
        f"ok        2026-03-01 13:00    12.3  {'N' * 39}…",
        "ok        2026-03-01 13:00       ?  https://bare.example/feed",
    ]
    assert max(map(len, lines)) <= 80
    assert "HEALTH" not in " ".join(table(feeds, long=True))


@pytest.mark.parametrize(
    ("healths", "chosen"),
    [
        (None, ["bad", "held", "ok"]),
        ("failing, held", ["bad", "held"]),
        ("ok", ["held", "ok"]),
        ("removed", []),
    ],
)
def test_feeds_are_chosen_by_health(healths: str | None, chosen: list[str]) -> None:
    feeds = [
        Known(state("bad", consecutive_failures=1)),
        Known(state("held", held_back="held back by Retry-After: 429", **WELL)),
        Known(state("ok", **WELL)),
    ]
    wanted = chosen_healths(healths)
    hosts = [known.state.host for known in feeds if is_chosen(known, wanted)]
    assert hosts == [f"{name}.example" for name in chosen]


def test_a_health_that_is_none_is_named() -> None:
    with pytest.raises(ConfigError, match="--health bad: must be of ok, new"):
        chosen_healths("ok,bad")


@pytest.mark.parametrize(
    ("hours", "rate", "said"),
    [(0, 0.0, ""), (23, 0.0, ""), (24, 0.0, "0"), (1, 48.0, "48"), (0, None, "")],
)
def test_how_many_items_a_day_is_not_known_at_once(
    hours: int, rate: float | None, said: str
) -> None:
    begun = NOW - timedelta(hours=hours)
    assert items_a_day(state(last_success=NOW, counting_since=begun, entries_a_day=rate)) == said


def test_a_feed_without_a_name_is_shown_by_its_title(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    item = Item("g1", "https://paper.example/1", "N1")
    feed_server.put("/feed.xml", rss([item], title="The Paper &amp;amp; Co"))
    url = feed_server.url("/feed.xml")
    dateline.configure(feeds=[{"url": url}])
    assert dateline("feeds", "list").stdout == f"{url}  \n", "nothing is known of it yet"
    dateline.run_once()
    assert dateline("feeds", "list").stdout == f"{url}  The Paper & Co\n"
    assert 'text="The Paper &amp; Co"' in dateline("feeds", "export").stdout
    assert "  The Paper & Co\n" in dateline("feeds", "status").stdout
    found = dateline.search("--facet", "feed")
    assert found["facets"]["news.feed.name"] == [{"value": "The Paper & Co", "count": 1}]
    assert [hit["article"]["news"]["feed"]["name"] for hit in found["hits"]] == [["The Paper & Co"]]
