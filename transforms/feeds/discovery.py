"""Where a page's feeds may be: its link tags, its links, the known places, robots.txt. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin, urlsplit

from transforms.feeds.news_sitemap import news_first
from transforms.text.html_parser import HTMLTree

# Types that pages declare their feeds with (https://www.rssboard.org/rss-autodiscovery).
FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
        "application/xml",
        "text/xml",
    }
)
# Where publishing systems put feeds, the commonest first.
KNOWN_PLACES = (
    "/feed/",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/feed.json",
    "/feeds/posts/default",
    "/rss/index.xml",
)
_LOOKS_LIKE_FEED = re.compile(
    r"(?:^|[/._=?&-])(?:rss|feeds?|atom|rdf)(?:[/._=?&-]|\d|$)|\.(?:rss|rdf|atom)\b", re.IGNORECASE
)
MAX_LINKS = 40
# Sitemaps tried of those that a robots.txt or a sitemap index names.
MAX_SITEMAPS = 10
# RFC 9309, section 2.5: crawlers must read that much of a robots.txt.
_MAX_ROBOTS_CHARS = 500 * 1024
_SITEMAP_LINE = re.compile(r"^[ \t\ufeff]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a feed's, and where it was found."""

    url: str
    title: str = ""
    found: str = "link tag"


def candidates(html: str, url: str) -> list[Candidate]:
    """Gives the addresses that a page names as feeds, or that look like feeds.

    Args:
        html: The page.
        url: Where it came from.

    Returns:
        Link tags first, then links that look like a feed's; each address once, http(s) only.
    """
    tree = HTMLTree.parse(html.encode("utf-8", "ignore").decode().replace("\0", ""))
    document = tree.document
    if document is None:
        return []
    bases = [tag.getattr("href") for tag in document.get_elements_by_tag_name("base")]
    base = _absolute(url, next(filter(None, bases), "")) or url
    found: list[Candidate] = []
    for tag in document.get_elements_by_tag_name("link"):
        if _is_feed_link(tag.getattr("rel") or "", tag.getattr("type") or ""):
            address = _absolute(base, tag.getattr("href"))
            found.append(Candidate(address, (tag.getattr("title") or "").strip()))
    links = 0
    for tag in document.get_elements_by_tag_name("a"):
        address = _absolute(base, tag.getattr("href"))
        if links < MAX_LINKS and _looks_like_feed(address):
            links += 1
            found.append(Candidate(address, " ".join((tag.text or "").split())[:200], "link"))
    return list(_distinct(found))


def known_places(url: str) -> list[Candidate]:
    """Gives the places of a site where feeds usually are."""
    return [Candidate(urljoin(url, place), found="known place") for place in KNOWN_PLACES]


def robots_sitemaps(robots: str, url: str) -> list[Candidate]:
    """Gives the sitemaps that a robots.txt names, those that look like news first, a few at most.

    Args:
        robots: The file (https://www.sitemaps.org/protocol.html#submit_robots).
        url: Where it came from.
    """
    named = (line[1] for line in _SITEMAP_LINE.finditer(robots[:_MAX_ROBOTS_CHARS]))
    return sitemaps([_absolute(url, address) for address in named], "robots.txt")


def sitemaps(addresses: list[str], found: str) -> list[Candidate]:
    """Gives sitemaps as candidates, those that look like news first, a few at most."""
    ordered = [Candidate(address, found=found) for address in news_first(addresses)]
    return list(islice(_distinct(ordered), MAX_SITEMAPS))


def _is_feed_link(rel: str, media_type: str) -> bool:
    relations = rel.lower().split()
    kind = media_type.partition(";")[0].strip().lower()
    return "feed" in relations or ("alternate" in relations and kind in FEED_TYPES)


def _looks_like_feed(address: str) -> bool:
    parts = urlsplit(address)
    return _LOOKS_LIKE_FEED.search(f"{parts.path}?{parts.query}") is not None


def _absolute(base: str, href: str | None) -> str:
    try:
        address = urljoin(base, (href or "").strip())
        return address.partition("#")[0] if urlsplit(address).hostname else ""
    except ValueError:
        return ""


def _distinct(found: list[Candidate]) -> Iterator[Candidate]:
    seen: set[str] = set()
    for candidate in found:
        if candidate.url.startswith(("http://", "https://")) and candidate.url not in seen:
            seen.add(candidate.url)
            yield candidate
