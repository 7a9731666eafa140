"""Full texts: which entries' pages are wanted, and what becomes of an entry with its page. Pure."""

from collections.abc import Mapping

from schemas.entry import Entry
from schemas.errors import TerminalError
from schemas.feed import Feed
from schemas.page import Page
from schemas.poll import FetchResult
from transforms.feeds.parsing import parse_feed
from transforms.feeds.plain import plain_as_html
from transforms.feeds.recognition import recognise
from transforms.feeds.remembering import in_turn
from transforms.pages.extraction import is_better
from transforms.text.dates import stated_date
from transforms.text.html import html_to_text
from transforms.text.pictures import picture_in
from transforms.text.urls import canonical_url


def wanted_pages(result: FetchResult, max_pages: int) -> list[str]:
    """Gives the addresses of the pages of an answer's new and changed entries.

    Args:
        result: A feed's answer with its document.
        max_pages: At most so many, those of the entries that a poll takes first.
    """
    feed, state = result.poll.feed, result.poll.state
    url = result.final_url or feed.url
    try:
        parsed = parse_feed(result.body, url=url, content_type=result.content_type)
        recognised = recognise(parsed.entries, feed, state.seen, state.guid_changes)
    except TerminalError:
        return []
    pages = dict.fromkeys(page_address(one.entry) for one in in_turn(recognised)[:max_pages])
    return [page for page in pages if page]


def page_address(entry: Entry) -> str:
    """Gives the address of an entry's page, or ""."""
    return canonical_url(entry.link, entry.base_url)


def with_page(entry: Entry, pages: Mapping[str, Page]) -> Entry:
    """Gives an entry with its page's text, where that is better than the feed's own.

    The date and the authors are taken over where the feed gives none. Identity and hash are the
    feed's: they are to be decided before.
    """
    page = pages.get(page_address(entry)) if pages else None
    if page is None:
        return entry
    entry = _dated(entry, page)
    try:
        own = html_to_text(entry.content or entry.summary)
    except ValueError:
        return entry
    if not is_better(page.text, own):
        return entry
    authors = entry.authors or [plain_as_html(name) for name in page.authors]
    picture = entry.image_url or picture_in((entry.content, entry.summary))
    update = {"content": plain_as_html(page.text), "authors": authors, "image_url": picture}
    return entry.model_copy(update=update)


def _dated(entry: Entry, page: Page) -> Entry:
    if page.published is None or stated_date(entry) is not None:
        return entry
    moment = page.published
    update = {"published": moment.isoformat(), "published_parsed": moment, "dated_by_page": True}
    return entry.model_copy(update=update)


def entries_at_once(feed: Feed, limit: int, pages_per_poll: int) -> int:
    """Gives how many new entries one poll takes: with full text, no more than it fetches pages."""
    return min(limit, pages_per_poll) if feed.full_text else limit
