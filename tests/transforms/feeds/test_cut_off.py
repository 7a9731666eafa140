"""Documents that break off within an entry."""

from collections.abc import Callable, Sequence

import pytest

from schemas.config import Config
from schemas.feed import FeedState, SeenEntry
from schemas.poll import FetchResult
from tests.servers.feed_documents import Item, atom, rdf, rss
from tests.transforms.http.polls import NOW, poll_of
from transforms.feeds.cut_off import cut_off_entry
from transforms.feeds.parsing import parse_feed
from transforms.feeds.polling import ParsedPoll, read_poll
from transforms.text.normalize import RULE_VERSION

URL = "https://paper.example/feed"
ITEMS = [
    Item(str(n), f"https://paper.example/{n}", f"Title {n}", published=NOW.replace(minute=n))
    for n in range(3)
]
WHOLE = rss(ITEMS)
# In the middle of the last item's date.
HALF = WHOLE[: WHOLE.rindex(b"</pubDate>") - 10]


def read(body: bytes, state: FeedState | None = None) -> ParsedPoll:
    poll = poll_of(URL)
    poll = poll.model_copy(update={"state": state or poll.state})
    result = FetchResult(poll=poll, fetched_at=NOW, body=body, status=200, etag='"a"')
    return read_poll(result, Config(), NOW, 0.5)


def committed(parsed: ParsedPoll) -> FeedState:
    """Gives the state once the poll's entries are written."""
    seen = {
        one.key: SeenEntry(article_id=one.article_id, hash=one.hash, rule_version=RULE_VERSION)
        for one in parsed.entries
    }
    state = parsed.learnt.state
    return state.model_copy(update={"seen": {**state.seen, **seen}})


def test_half_an_entry_is_left_to_the_next_poll() -> None:
    first = read(HALF)
    assert [one.key for one in first.entries] == ["0", "1"]
    assert (bool(first.learnt.state.cut_off), first.learnt.state.etag) == (True, "")
    second = read(WHOLE, committed(first))
    assert [one.key for one in second.entries] == ["2"]
    assert second.entries[0].entry.published_parsed == ITEMS[2].published
    assert (second.learnt.state.cut_off, second.learnt.state.etag) == ("", '"a"')


def test_the_same_half_again_is_all_there_is() -> None:
    second = read(HALF, committed(read(HALF)))
    assert [one.key for one in second.entries] == ["2"]
    third = read(HALF, committed(second))
    assert (third.entries, third.learnt.state.etag) == ([], '"a"')
    assert third.learnt.state.cut_off, "the status still says so"


def test_another_half_is_waited_for_once_more() -> None:
    second = read(HALF[:-4], committed(read(HALF)))
    assert second.entries == []


def test_a_whole_entry_is_not_replaced_by_its_half() -> None:
    state = committed(read(WHOLE))
    for _ in range(3):
        poll = read(HALF, state)
        assert poll.entries == []
        state = committed(poll)
    assert set(state.seen) == {"0", "1", "2"}


@pytest.mark.parametrize("make", [rss, atom, rdf])
def test_a_document_breaks_off_between_its_last_entrys_start_and_end(
    make: Callable[[Sequence[Item]], bytes],
) -> None:
    body = make(ITEMS)
    name = b"entry" if make is atom else b"item"
    start, end = body.rindex(b"<" + name), body.rindex(b"</" + name)
    assert parse_feed(body[: end - 3], url=URL).cut_off
    assert len(parse_feed(body[: end - 3], url=URL).entries) == 3, "they are read all the same"
    for whole in (body, body[: end + len(name) + 3], body[:start], body + b"<!-- <item> -->"):
        assert not parse_feed(whole, url=URL).cut_off


@pytest.mark.parametrize(
    ("body", "within"),
    [
        (b"<rss><item><title>T", True),
        (b"<rss><item><title>T</rss>", False),
        (b"<rss><item/>", False),
        (b"<feed><a:ENTRY>x</a:entry><a:Entry >", True),
        (b"<rdf:RDF><items><item rdf:about='x'>", True),
        (b"<rdf:RDF><item>x</item><items>", False),
        (b"no tags", False),
    ],
)
def test_where_a_document_ends(body: bytes, within: bool) -> None:
    assert bool(cut_off_entry(body)) is within
