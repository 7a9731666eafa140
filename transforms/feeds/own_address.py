"""Reads a document that nobody says the address of: a feed names itself. Pure."""

from schemas.entry import ParsedFeed
from schemas.feed import Feed
from transforms.feeds.parsing import parse_feed
from transforms.websub.hub_links import own_link


def read_document(body: bytes, *, url: str, content_type: str = "") -> tuple[ParsedFeed, str]:
    """Parses a document, its relative links resolved against its address.

    Args:
        body: The document.
        url: Where it came from; empty where nobody knows: then it is what the document calls
            itself.
        content_type: The HTTP `Content-Type`, or empty.

    Returns:
        The document, and its address: empty where neither is known.

    Raises:
        TerminalError: The body is no feed.
    """
    parsed = parse_feed(body, url=url, content_type=content_type)
    address = url or own_address(body, parsed)
    if address != url:
        parsed = parse_feed(body, url=address, content_type=content_type)
    return parsed, address


def own_address(body: bytes, parsed: ParsedFeed) -> str:
    """Gives what a feed calls itself: its `self` link, else the site it says it is of; or "".

    `atom:link rel="self"` (RFC 4287, section 4.2.7.2), `feed_url` of JSON Feed 1.1; the site is
    `link` of RSS, `rel="alternate"` of Atom, `home_page_url` of JSON Feed. A relative one says
    nothing.
    """
    named = (own_link(body), parsed.home_url.strip())
    return next((address for address in named if _is_an_address(address)), "")


def _is_an_address(text: str) -> bool:
    try:
        Feed(url=text)
    except ValueError:
        return False
    return True
