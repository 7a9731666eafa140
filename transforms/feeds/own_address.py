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
            itself, by its `self` link (RFC 4287, section 4.2.7.2; `feed_url` of JSON Feed 1.1),
            else the site that it says it is of.
        content_type: The HTTP `Content-Type`, or empty.

    Returns:
        The document, and its address: empty where neither is known.

    Raises:
        TerminalError: The body is no feed.
    """
    address = url or _address(own_link(body))
    parsed = parse_feed(body, url=address, content_type=content_type)
    if not address and (address := _address(parsed.home_url.strip())):
        parsed = parse_feed(body, url=address, content_type=content_type)
    return parsed, address


def _address(text: str) -> str:
    """Gives an address that a feed may have, "" for anything else: a relative one says nothing."""
    try:
        Feed(url=text)
    except ValueError:
        return ""
    return text
