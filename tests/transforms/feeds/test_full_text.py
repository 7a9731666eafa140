"""Which pages are wanted, and what an entry is with its page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.config import LimitsConfig
from schemas.entry import Entry
from schemas.feed import Feed, FeedState, SeenEntry
from schemas.page import Page
from schemas.poll import FetchResult, PollEntry
from tests.servers.feed_documents import Item, rss
from tests.transforms.http.polls import NOW, poll_of
from transforms.feeds.full_text import entries_at_once, wanted_pages, with_page
from transforms.feeds.parsing import parse_feed
from transforms.feeds.recognition import recognise
from transforms.feeds.remembering import is_known, taken
from transforms.storage.merge import merge
from transforms.text.normalize import RULE_VERSION, normalize

URL = "https://rss.paper.example/feed"


def result(*links: str) -> FetchResult:
    items = [Item(f"g{n}", link, f"N{n}") for n, link in enumerate(links)]
    poll = poll_of(URL, "paper.example")
    poll.feed = Feed(url=URL, full_text=True, hold="domain")
    return FetchResult(poll=poll, fetched_at=NOW, status=200, body=rss(items))


LINKS = ["https://www.paper.example/1?utm_source=rss", "https://other.example/2", "", URL]
PAGES = ["https://www.paper.example/1", "https://other.example/2", URL]


def test_each_page_that_an_entry_names_is_wanted_once() -> None:
    assert wanted_pages(result(*LINKS, LINKS[1]), 9) == PAGES


def test_known_entries_and_those_of_later_polls_are_not_wanted() -> None:
    answer = result(*(f"https://www.paper.example/{n}" for n in range(4)))
    parsed = parse_feed(answer.body, url=URL)
    first = recognise(parsed.entries, answer.poll.feed, {})[0]
    known = SeenEntry(article_id=first.article_id, hash=first.hash, rule_version=RULE_VERSION)
    answer.poll.state = FeedState(url=URL, host="paper.example", seen={first.key: known})
    assert wanted_pages(answer, 2) == ["https://www.paper.example/1", "https://www.paper.example/2"]


def test_the_page_of_an_entry_that_flips_is_wanted_as_often_as_its_document_changes() -> None:
    answer, wanted = result(), 0
    for version in range(12):
        item = Item("g", "https://www.paper.example/1", f"N{version % 2}")
        answer.body = rss([item])
        wanted += len(wanted_pages(answer, 9))
        (one,) = recognise(
            parse_feed(answer.body, url=URL).entries, answer.poll.feed, answer.poll.state.seen
        )
        if not is_known(one):
            entry = PollEntry(
                poll_id="p",
                feed=answer.poll.feed,
                entry=one.entry,
                key=one.key,
                hash=one.hash,
                article_id=one.article_id,
                known=one.known,
                sight_time=NOW,
            )
            answer.poll.state.seen = {one.key: taken(entry, RULE_VERSION)}
    assert wanted == 4


def test_what_is_no_feed_wants_no_pages() -> None:
    answer = result()
    answer.body = b"%PDF"
    assert wanted_pages(answer, 9) == []


LONG = "Rain fell in the west. The harvest will be late, said the ministry on Monday."


@pytest.mark.parametrize(
    ("text", "content"),
    [(LONG, LONG), ("Rain fell.", "<p>Rain fell in the west.</p>"), ("Log in. " * 30, None)],
    ids=["longer", "shorter", "another_text"],
)
def test_a_page_takes_the_place_of_a_poorer_text(text: str, content: str | None) -> None:
    entry = Entry(link="https://www.paper.example/1", content="<p>Rain fell in the west.</p>")
    page = Page(title="Rain", text=text, authors=["Ada <Example>"])
    found = with_page(entry, {"https://www.paper.example/1": page})
    assert found.content == (content or entry.content)
    assert found.authors == (["Ada &lt;Example&gt;"] if content == LONG else [])


def test_authors_of_the_feed_are_kept() -> None:
    entry = Entry(link="https://www.paper.example/1", authors=["The feed's"])
    page = Page(text=LONG, authors=["The page's"])
    assert with_page(entry, {"https://www.paper.example/1": page}).authors == ["The feed's"]


def test_a_poll_takes_as_many_entries_as_pages() -> None:
    assert entries_at_once(Feed(url=URL), 500, 20) == 500
    assert entries_at_once(Feed(url=URL, full_text=True), 500, 20) == 20
    assert entries_at_once(Feed(url=URL, full_text=True), 5, 20) == 5


@pytest.mark.parametrize(
    ("dates", "source"),
    [
        ({}, "page"),
        ({"published": "soon"}, "page"),
        ({"published": "2026-02-28T10:00:00Z"}, "feed"),
        ({"updated": "2026-02-28T10:00:00Z"}, "feed"),
    ],
    ids=["none", "unreadable", "published", "updated"],
)
def test_the_page_dates_an_entry_that_the_feed_does_not(dates: dict[str, str], source: str) -> None:
    link = "https://www.paper.example/1"
    entry = Entry(link=link, title="Rain", content=LONG, **dates)
    page = Page(url=link, text="Rain fell.", published=NOW - timedelta(hours=3))
    seen: dict[str, Any] = {"feed": Feed(url=URL), "limits": LimitsConfig(), "article_id": "1"}
    sight = normalize(with_page(entry, {link: page}), sight_time=NOW, **seen)
    article = merge(None, sight).article
    assert article is not None
    assert article.news.published_source == source
    of_feed = datetime(2026, 2, 28, 10, tzinfo=UTC)
    assert article.timestamp == (NOW - timedelta(hours=3) if source == "page" else of_feed)
    # Seen again without its page, it keeps the page's date.
    later = normalize(entry, sight_time=NOW + timedelta(hours=1), **seen)
    again = merge(article, later.model_copy(update={"hash": "another"})).article
    assert again is not None
    assert (again.timestamp, again.news.published_source) == (article.timestamp, source)
