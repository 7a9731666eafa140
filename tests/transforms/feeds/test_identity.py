"""Which document an entry is."""

from schemas.entry import Entry
from schemas.feed import Feed, IdentityPolicy, SeenEntry
from transforms.feeds.entry_keys import distinct_keys
from transforms.feeds.identity import content_hash
from transforms.feeds.recognition import recognise

FEED = Feed(url="https://paper.example/feed")


def ids(
    *entries: Entry,
    feed: Feed = FEED,
    identity: IdentityPolicy = "auto",
    seen: dict[str, SeenEntry] | None = None,
) -> list[str]:
    feed = feed.model_copy(update={"identity": identity})
    return [one.article_id for one in recognise(entries, feed, seen or {})]


def test_the_canonical_link_is_the_identity_whatever_the_feed_and_guid() -> None:
    other = Feed(url="https://aggregator.example/feed")
    plain = ids(Entry(link="https://paper.example/a", guid="1", title="A"))
    assert ids(Entry(link="HTTPS://Paper.example:443/a?utm_source=x#top", guid="2")) == plain
    assert ids(Entry(link="https://paper.example/a"), feed=other) == plain
    assert ids(Entry(link="https://paper.example/b", guid="1", title="A")) != plain
    assert len(plain[0]) == 32


def test_a_shared_link_gives_way_to_the_guid_with_the_publishers_domain() -> None:
    home = "https://www.paper.example/"
    one, two = ids(Entry(link=home, guid="1"), Entry(link=home, guid="2"))
    assert one != two
    elsewhere = Feed(url="https://aggregator.example/feed")
    assert ids(Entry(link=home, guid="1"), Entry(link=home, guid="2"), feed=elsewhere) == [one, two]
    assert ids(Entry(guid="1"), feed=elsewhere) != [one]


def test_without_link_and_guid_title_and_date_decide() -> None:
    first = Entry(title="Rain  falls", published="Sun, 01 Mar 2026")
    assert ids(first) == ids(Entry(title="rain falls ", published="Sun, 01 Mar 2026", summary="x"))
    assert ids(first) != ids(Entry(title="Rain falls", published="Mon, 02 Mar 2026"))


def test_a_remembered_entry_keeps_its_document() -> None:
    seen = {"1": SeenEntry(article_id="known", hash="h")}
    entry = Entry(guid="1", link="https://paper.example/new")
    assert ids(entry, seen=seen) == ["known"]
    assert ids(entry, seen=seen, identity="title") == ["known"]


def test_policies() -> None:
    link = "https://paper.example/a"
    assert ids(Entry(guid="1", link=link), identity="guid") == ids(
        Entry(guid="1", link=link + "/moved"), identity="guid"
    )
    assert ids(Entry(title="T", link=link), identity="title") == ids(
        Entry(title="T", link=link + "/moved"), identity="title"
    )
    two = Entry(link=link, title="x"), Entry(link=link, title="y", guid="2")
    assert len(set(ids(*two, identity="link"))) == 1
    assert len(set(ids(*two, identity="link+title"))) == 2
    assert ids(Entry(link=link, title=" X", guid="3"), identity="link+title") == ids(
        two[0], identity="link+title"
    )


def test_entries_that_share_their_guid_stay_apart() -> None:
    entries = [Entry(guid="g", link=f"https://paper.example/{n}", title=str(n)) for n in range(3)]
    keys = distinct_keys([*entries, entries[0]])
    assert len(set(keys)) == 4
    assert distinct_keys(list(reversed(entries)))[::-1] == distinct_keys(entries)


def test_the_hash_is_of_what_the_publisher_sent() -> None:
    entry = Entry(title="T", summary="S", position=1)
    assert content_hash(entry) == content_hash(entry.model_copy(update={"position": 9}))
    for field in ("title", "summary", "content", "link", "published", "updated"):
        assert content_hash(entry.model_copy(update={field: "new"})) != content_hash(entry)
    assert content_hash(Entry(title="ab", summary="c")) != content_hash(
        Entry(title="a", summary="bc")
    )
