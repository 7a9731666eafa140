"""Feed documents to entries: RSS 0.9x-2.0, RDF, Atom (feedparser), JSON Feed, News sitemaps.

feedparser never sees a `str` (which it may open as a file or an address), never a DTD
(`transforms.feeds.doctype`), and neither sanitises nor resolves: sanitising is quadratic on
hostile attributes and our text comes out of a real HTML parser anyway.
"""

import io
import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Literal

from schemas.entry import EntryError, ParsedFeed
from schemas.errors import TerminalError
from transforms.feeds.charset import UTF8_XML, utf8_against_claims, with_readable_declaration
from transforms.feeds.cut_off import cut_off_entry
from transforms.feeds.doctype import without_dtd
from transforms.feeds.feedparser_entry import authors_of, entry_of
from transforms.feeds.feedparser_setup import prepared_feedparser, without_hostile_markup
from transforms.feeds.feedparser_values import text_of
from transforms.feeds.json_feed import parse_json_feed
from transforms.feeds.news_sitemap import parse_news_sitemap, sitemap_root
from transforms.feeds.relative_links import resolved
from transforms.feeds.sniffing import is_json, not_a_feed, require_xml_feed, utf8_if_wide
from transforms.feeds.update_hints import skip_lists, skipped_days, skipped_hours, ttl_minutes
from transforms.feeds.well_formed import read_well_formed

Path = Literal["fast", "safe"]

_ENTRY_TAG = rb"<(?:[\w.-]{1,40}:)?(?:item|entry)"
# An entry that may hold something, so that finding none is a sign of damage.
_FILLED_ENTRY = re.compile(_ENTRY_TAG + rb"[\s>]", re.I)
_MAX_RAW = 100_000
# A feed of more entries is an attack or an archive; 15 MB of empty ones would cost a minute.
_MAX_ENTRIES = 20_000
_ENTRY_START = re.compile(_ENTRY_TAG + rb"[\s/>]", re.I)
# Elements that hold an entry's full text. Without any of them, what feedparser calls `content` is a
# second description.
_FULL_TEXT = re.compile(
    rb"<(?!media:)(?:[\w-]{1,20}:)?(?:encoded|content|body|fullitem|prodlink)[\s>]", re.I
)


def parse_feed(body: bytes, *, url: str, content_type: str = "", path: Path = "fast") -> ParsedFeed:
    """Parses a feed document.

    The texts of an `Entry` (`title`, `summary`, `content`) are always HTML: what the feed gives
    as plain text is escaped here. Dates, links and names are as given. `content` is the longest
    of the entry's full texts. An entry that cannot be read costs only itself (`errors`).

    Args:
        body: The document as bytes, after transfer decoding.
        url: Where it came from; relative links start from it, or from `xml:base`, or (RSS) from
            the site's address.
        content_type: The HTTP `Content-Type`, with its charset, or empty.
        path: `fast` reads what is well-formed by `transforms.feeds.well_formed` and the rest by
            feedparser; `safe` everything by feedparser. The result is the same.

    Raises:
        TerminalError: The body is no feed; the text says what it looks like.
    """
    wide = utf8_if_wide(body)
    if wide is not None:
        body, content_type = wide, UTF8_XML
    if is_json(body, content_type):
        return parse_json_feed(body, url=url)
    mended = utf8_against_claims(body, content_type)
    if mended is not None:
        body, content_type = mended, UTF8_XML
    body = with_readable_declaration(body)
    if sitemap_root(body):
        return parse_news_sitemap(body, url=url, content_type=content_type)
    require_xml_feed(body)
    if _has_too_many_entries(body):
        raise TerminalError(
            f"the feed holds more than {_MAX_ENTRIES} entries: split it to have it read"
        )
    return _parse_xml(without_dtd(body), url, content_type, path)


def _has_too_many_entries(body: bytes) -> bool:
    if body.count(b"<") <= _MAX_ENTRIES:
        return False  # nearly every feed, told without a search for entries
    beyond = islice(_ENTRY_START.finditer(body), _MAX_ENTRIES, None)
    return next(beyond, None) is not None


def _parse_xml(body: bytes, url: str, content_type: str, path: Path) -> ParsedFeed:
    fast = read_well_formed(body, content_type) if path == "fast" else None
    document = _read_any(body, content_type) if fast is None else fast
    feed: Mapping[str, Any] = document.get("feed") or {}
    found: Sequence[Mapping[str, Any]] = document.get("entries") or []
    version = str(document.get("version") or "")
    if not found and not version:
        raise not_a_feed(body)
    if not found and document.get("bozo") and _FILLED_ENTRY.search(body):
        raise TerminalError(
            "the feed holds items but is too damaged to read any "
            f"({str(document.get('bozo_exception', ''))[:200]}); well-formed XML would do"
        )
    skips = skip_lists(body)
    parsed = ParsedFeed(
        title=text_of(feed, "title"),
        language=text_of(feed, "language"),
        home_url=text_of(feed, "link"),
        format=version,
        ttl_minutes=ttl_minutes(feed),
        skip_hours=skipped_hours(skips),
        skip_days=skipped_days(skips),
        cut_off=cut_off_entry(body) if document.get("bozo") else "",
    )
    is_atom = version.startswith("atom")
    base = url if is_atom else resolved(url, parsed.home_url)
    feed_authors = authors_of(feed) if is_atom else []
    has_full_text = _FULL_TEXT.search(body) is not None
    for position, item in enumerate(found):
        try:
            entry = entry_of(item, position, base, url, parsed.language)
            if entry.summary and not has_full_text:
                entry.content = ""
            if not entry.authors and "source" not in item:
                entry.authors = feed_authors  # RFC 4287, section 4.2.1
            parsed.entries.append(entry)
        except Exception as error:  # one bad entry never costs its feed
            parsed.errors.append(
                EntryError(
                    position=position,
                    reason=f"entry {position} cannot be read: {type(error).__name__}: {error}",
                    raw=repr(dict(item))[:_MAX_RAW],
                )
            )
    return parsed


def _read_any(body: bytes, content_type: str) -> Mapping[str, Any]:
    try:
        document: Mapping[str, Any] = prepared_feedparser().parse(
            io.BytesIO(without_hostile_markup(body)),
            response_headers={"content-type": content_type} if content_type else {},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:
        raise TerminalError(
            f"the feed cannot be parsed ({type(error).__name__}: {str(error)[:200]}); "
            "well-formed RSS, RDF or Atom would do"
        ) from error
    return document
