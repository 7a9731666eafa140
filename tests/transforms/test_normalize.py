"""Entries to sights, with what their polls say of them."""

from datetime import UTC, datetime, timedelta

from schemas.config import LimitsConfig
from schemas.entry import Entry
from schemas.feed import Feed, SeenEntry
from schemas.page import Page
from schemas.poll import PollEntry, PollSight
from transforms.feeds.full_text import with_page
from transforms.feeds.recognition import Recognised
from transforms.feeds.remembering import in_turn, is_known, taken
from transforms.normalize import normalize_entry
from transforms.storage.merge import merge

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LINK = "https://www.paper.example/1"
LONG = "Rain fell in the west. The harvest will be late, said the ministry on Monday."


def sight(entry: Entry, *, page_put_off: bool, hours: int) -> PollSight:
    origin = PollEntry(
        poll_id="1",
        feed=Feed(url="https://www.paper.example/feed"),
        entry=entry,
        key="1",
        hash="sent",
        article_id="1",
        sight_time=NOW + timedelta(hours=hours),
        page_put_off=page_put_off,
    )
    return normalize_entry(origin, LimitsConfig())


def remembered(element: PollSight) -> SeenEntry:
    return taken(element.origin, element.sight.rule_version)


def test_what_is_written_before_its_page_is_not_known_and_the_page_is_no_correction() -> None:
    entry = Entry(link=LINK, title="Rain", content="<p>Rain fell in the west.</p>")
    teaser = sight(entry, page_put_off=True, hours=0)
    first = merge(None, teaser.sight).article
    assert first is not None
    waiting = Recognised(entry, "1", "sent", "1", remembered(teaser))
    assert not is_known(waiting)
    new = Recognised(entry, "2", "sent", "2")
    assert in_turn([waiting, new]) == [new, waiting], "it keeps back none that is behind it"
    full = sight(with_page(entry, {LINK: Page(text=LONG)}), page_put_off=False, hours=1)
    found = merge(first, full.sight)
    assert found.article is not None
    assert (first.news.body, found.article.news.body) == ("Rain fell in the west.", LONG)
    assert (found.change, found.article.news.revision) == ("refreshed", 1)
    assert is_known(Recognised(entry, "1", "sent", "1", remembered(full)))
