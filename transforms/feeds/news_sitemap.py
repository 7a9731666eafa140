"""Google News sitemaps, and what a sitemap index names.

https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap and
https://www.sitemaps.org/protocol.html. They give headline, date and address of the last days'
articles, no text.
"""

import contextlib
import re
from html.entities import html5
from urllib.parse import urljoin
from xml.parsers import expat

from schemas.entry import Entry, ParsedFeed
from schemas.errors import TerminalError
from transforms.feeds.doctype import without_dtd
from transforms.feeds.feedparser_setup import prepared_feedparser
from transforms.feeds.plain import plain_as_html

FORMAT = "newssitemap"
_HEAD_BYTES = 4096
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.S)
_FIRST_ELEMENT = re.compile(rb"<(?:[\w.-]{1,40}:)?([A-Za-z_][\w.-]{0,60})[\s/>]")
_ROOT = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:urlset|sitemapindex)[\s/>]", re.I)
# What ends the reading of a document that is not well-formed, CDATA left alone: control characters,
# references to them, entities that only HTML has, and bare ampersands.
_FAULT = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|[\x00-\x08\x0b\x0c\x0e-\x1f]"
    rb"|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]));"
    rb"|&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)(\w{1,31};)?",
    re.S,
)
_NEWS_NAMESPACE = b"/sitemap-news/"
_MAX_ENTRIES = 20_000
_MAX_CHILDREN = 1_000
_MAX_MENDED = 100_000
_MAX_NAMED = 5
_MAX_KEYWORDS = 100
_MAX_DEPTH = 60
_LOOKS_LIKE_NEWS = re.compile(r"news|google|latest|recent", re.I)


def sitemap_root(body: bytes) -> str:
    """Gives `urlset` or `sitemapindex` where that is the body's root, else an empty text."""
    first = _FIRST_ELEMENT.search(_COMMENT.sub(b"", body[:_HEAD_BYTES]))
    name = first[1].decode().lower() if first else ""
    return name if name in ("urlset", "sitemapindex") else ""


def parse_news_sitemap(body: bytes, *, url: str, content_type: str = "") -> ParsedFeed:
    """Parses a News sitemap: an entry for each `url` that has a `news:news`.

    The texts of an entry are HTML, as in `transforms.feeds.parsing`. What stands before the place
    where a damaged one breaks off is read.

    Args:
        body: A document whose root is `urlset` or `sitemapindex` (`sitemap_root`).
        url: Where it came from.
        content_type: The HTTP `Content-Type`, or empty.

    Raises:
        TerminalError: It is an index, or names pages without saying anything of news.
    """
    read = _read(body, content_type)
    if read.children or sitemap_root(body) == "sitemapindex":
        named = news_first(read.children)[:_MAX_NAMED]
        more = f" and {len(read.children) - len(named)} more" if read.children[len(named) :] else ""
        raise TerminalError(
            "the body is a sitemap index, not a feed: give the address of the news sitemap "
            f"among those that it names ({', '.join(named) or 'none'}{more})"
        )
    if not read.articles:
        if read.broken:
            raise TerminalError(
                f"the sitemap cannot be read ({read.broken}); well-formed XML would do"
            )
        if read.pages or _NEWS_NAMESPACE not in body:
            raise TerminalError(
                f"the body is a sitemap of {read.pages} pages of which none has a <news:news>: "
                "a Google News sitemap is wanted, or an RSS, RDF, Atom or JSON feed"
            )
    languages = [article.get("language", "") for article in read.articles]
    names = [article.get("name", "") for article in read.articles]
    return ParsedFeed(
        title=next(filter(None, names), ""),
        language=languages[0] if len(set(languages)) == 1 else "",
        format=FORMAT,
        entries=[_entry(article, place, url) for place, article in enumerate(read.articles)],
    )


def sitemap_children(body: bytes, *, url: str, content_type: str = "") -> list[str]:
    """Gives the sitemaps that a sitemap index names, those that look like news first."""
    read = _read(body, content_type)
    joined: list[str] = []
    for child in read.children:
        with contextlib.suppress(ValueError):  # an address that is none
            joined.append(urljoin(url, child))
    return news_first(joined)


def news_first(addresses: list[str]) -> list[str]:
    """Sorts addresses: those that look like a news sitemap's first, else as they are."""
    return sorted(addresses, key=lambda address: _LOOKS_LIKE_NEWS.search(address) is None)


def _entry(article: dict[str, str], position: int, url: str) -> Entry:
    keywords = [word.strip() for word in article.get("keywords", "").split(",")]
    return Entry(
        link=article.get("loc", ""),
        title=plain_as_html(article.get("title", "")),
        published=article.get("publication_date", ""),
        updated=article.get("lastmod", ""),
        categories=list(dict.fromkeys(word for word in keywords if word))[:_MAX_KEYWORDS],
        image_url=article.get("image", ""),
        language=article.get("language", ""),
        base_url=url,
        position=position,
    )


class _Sitemap:
    """What is read of a sitemap, element by element.

    Attributes:
        articles: Of each `url` with a `news:news`, texts by element name; `image` is a picture's.
        children: The addresses of an index's sitemaps.
        pages: How many `url` there are.
        broken: Why reading ended early, or empty.
    """

    def __init__(self) -> None:
        self.articles: list[dict[str, str]] = []
        self.children: list[str] = []
        self.pages = 0
        self.broken = ""
        self._path: list[str] = []
        self._article: dict[str, str] = {}
        self._is_news = False
        self._text: list[str] = []

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        if len(self._path) >= _MAX_DEPTH:
            raise TerminalError(f"the sitemap's elements are nested over {_MAX_DEPTH} deep")
        # The prefixes are the formats' own in the wild, declared or not.
        local = name.rpartition(":")[2].lower()
        self._path.append(local)
        self._text = []
        if local == "url":
            self._article, self._is_news = {}, False
        elif local == "news":
            self._is_news = True

    def text(self, data: str) -> None:
        self._text.append(data)

    def end(self, _name: str) -> None:
        local = self._path.pop()
        parent = self._path[-1] if self._path else ""
        value = "".join(self._text).strip()
        self._text = []
        if local == "url":
            self._end_page()
        elif local == "loc" and parent == "sitemap":
            if value and len(self.children) < _MAX_CHILDREN:
                self.children.append(value)
        elif local == "loc" and parent == "image":
            self._article.setdefault("image", value)
        elif parent in ("url", "news", "publication"):
            self._article.setdefault(local, value)

    def _end_page(self) -> None:
        self.pages += 1
        if not self._is_news:
            return
        if len(self.articles) >= _MAX_ENTRIES:
            raise TerminalError(
                f"the sitemap holds more than {_MAX_ENTRIES} articles: split it to have it read"
            )
        self.articles.append(self._article)


def _read(body: bytes, content_type: str) -> _Sitemap:
    """Reads a document as it is, and where that breaks off, with its commonest faults mended."""
    headers = {"content-type": content_type} if content_type else {}
    decoded = prepared_feedparser().encodings.convert_to_utf8(headers, body, {})
    text: bytes = without_dtd(decoded)
    root = _ROOT.search(text)
    text = text[root.start() :] if root else text
    strict = _walk(text)
    if not strict.broken:
        return strict
    mended = _walk(_FAULT.sub(_mended, text, count=_MAX_MENDED))
    return mended if mended.pages > strict.pages else strict


def _walk(text: bytes) -> _Sitemap:
    sitemap = _Sitemap()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = sitemap.start
    parser.EndElementHandler = sitemap.end
    parser.CharacterDataHandler = sitemap.text
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        sitemap.broken = str(error)
    return sitemap


def _mended(fault: re.Match[bytes]) -> bytes:
    if not fault[0].startswith(b"&") or fault[0].startswith(b"&#"):
        return fault[0] if fault[0].startswith(b"<") else b""
    character = html5.get(fault[1].decode("utf-8", "replace")) if fault[1] else None
    return character.encode() if character is not None else b"&amp;" + fault[0][1:]
