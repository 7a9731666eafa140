"""An article page to its article: the text by trafilatura, the rest by what the page says."""

import logging
import re
from itertools import pairwise

from schemas.errors import TerminalError
from schemas.page import Page
from transforms.feeds.charset import http_charset
from transforms.pages.metadata import PageMetadata, read_metadata
from transforms.text.authors import author_names
from transforms.text.boilerplate import without_boilerplate
from transforms.text.characters import clean_text, valid_unicode
from transforms.text.dates import parse_date
from transforms.text.html import title_to_text, without_hostile_attributes
from transforms.text.html_parser import bytes_to_str, detect_encoding
from transforms.text.language import detect_language
from transforms.text.normalize import without_title
from transforms.text.urls import canonical_url

MAX_BYTES = 5_000_000
# trafilatura needs 30 µs an element; a long page of a newspaper has some thousands.
MAX_TAGS = 50_000
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|article|main|div|p)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")
# Thai, Lao, Burmese, Khmer, Kana and Han.
_SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
_BULLET = re.compile(r"^- ", re.MULTILINE)
# trafilatura leaves `<time>` out, in the middle of a sentence too.
_TIME_IN_TEXT = re.compile(
    r"(?<=[\w,;]\s)<time(?:\s[^<>]{0,300})?>([^<]{1,60})</time>(?=[,.;:]?\s?\w)"
)
# A site's name behind the headline, as `<title>` has it.
_SITE_NAME = re.compile(r"\s+[|–—·-]\s+[^|–—·]{2,60}\Z")
_SEPARATOR = re.compile(r"\A\s*[|–—·:»-]\s|\s[|–—·:«-]\s*\Z")


def extract_page(body: bytes, *, url: str = "", content_type: str = "") -> Page:
    """Extracts an article.

    Args:
        body: The page, after transfer decoding.
        url: Where it came from, for a relative canonical address.
        content_type: The HTTP `Content-Type`, with its charset, or empty.

    Raises:
        TerminalError: It is no HTML page, is too large, or holds no article; the text says which.
    """
    if len(body) > MAX_BYTES:
        raise TerminalError(
            f"the page has {len(body):,} bytes, more than {MAX_BYTES:,}: it was not read"
        )
    html = _decoded(body, content_type)
    if _HTML.search(html[:200_000]) is None:
        raise TerminalError(f"not an HTML page: it begins with {html[:40].strip()!r}")
    if (tags := html.count("<")) > MAX_TAGS:
        raise TerminalError(
            f"the page has some {tags:,} tags, more than {MAX_TAGS:,}: it was not read"
        )
    html = _TIME_IN_TEXT.sub(r"\1", without_hostile_attributes(html))
    said = read_metadata(html)
    text = _main_text(html)
    title = _title(said)
    text = without_title(without_boilerplate(text), title)
    text = without_title(text, title_to_text(said.heading))
    if not text:
        raise TerminalError("no article was found in the page")
    return Page(
        url=canonical_url(said.url, url) if said.url else "",
        title=title,
        text=text,
        published=parse_date(said.published, None),
        updated=parse_date(said.updated, None),
        authors=list(dict.fromkeys(name for text in said.authors for name in author_names(text))),
        language=detect_language(f"{title}\n{text}", hint=said.language),
    )


def is_better(page_text: str, feed_text: str) -> bool:
    """Says whether a page's text is to take the place of the feed's.

    An extraction is poorer when it is shorter, or when it is a page of its own kind (a consent
    form, a login) that has nothing of what the feed says: of the feed's words, half at least must
    be in it.
    """
    if len(page_text) <= len(feed_text):
        return False
    words = _words(feed_text)
    if not words:
        return bool(page_text)
    return 2 * len(words & _words(page_text)) >= len(words)


def _words(text: str) -> set[str]:
    """Gives a text's words; of scripts without spaces, each two characters in a row."""
    found: set[str] = set()
    for word in _WORD.findall(text.casefold()):
        if _SPACELESS.search(word) is None:
            found.add(word)
        else:
            found.update(map("".join, pairwise(word)))
    return found


def _decoded(body: bytes, content_type: str) -> str:
    try:
        body.decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = http_charset(content_type) or str(
            detect_encoding(body[:100_000], from_html_meta=True)
        )
    try:
        text = str(bytes_to_str(body, encoding, fallback_encodings=("utf-8", "windows-1252")))
    except LookupError:
        text = body.decode("utf-8", "replace")
    return valid_unicode(text).replace("\0", "")


def _main_text(html: str) -> str:
    from trafilatura import bare_extraction

    # It warns of each page without an article, which is an error of ours already.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = bare_extraction(
            html,
            fast=True,
            with_metadata=False,
            include_comments=False,
            include_tables=False,
        )
    except Exception as error:  # whatever a page does to the parser costs only this page
        raise TerminalError(f"the page cannot be read: {type(error).__name__}: {error}") from error
    text = getattr(found, "text", None) or ""
    paragraphs = (_BULLET.sub("", line).strip() for line in text.split("\n"))
    return clean_text("\n\n".join(line for line in paragraphs if line))


def _title(said: PageMetadata) -> str:
    """Gives the headline: as stated, else a title without the site's name."""
    title, heading = title_to_text(said.title), title_to_text(said.heading)
    if title.endswith(("…", "...")) and heading.startswith(title.rstrip("….").rstrip()):
        return heading
    if said.is_headline or title == heading:
        return title
    around = title.removeprefix(heading) if title.startswith(heading) else ""
    around = around or (title.removesuffix(heading) if title.endswith(heading) else "")
    if heading and _SEPARATOR.search(around) and len(heading) > len(around):
        return heading
    shorter = _SITE_NAME.sub("", title)
    cut = title[len(shorter) :].strip(" |–—·-")
    if cut and cut.casefold() == title_to_text(said.site).casefold():
        return shorter
    return shorter if said.tag_title and len(shorter) >= 15 else title
