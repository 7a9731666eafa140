"""Web archives (WARC, ISO 28500; such as Common Crawl's CC-NEWS): their pages as entries."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO

from schemas.entry import Entry
from schemas.errors import TerminalError
from transforms.feeds.plain import plain_as_html
from transforms.pages.extraction import MAX_BYTES, extract_page

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

_OK = 200


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """An HTML page of an archive: where and when it was fetched, and its body."""

    url: str
    fetched: datetime
    content_type: str
    body: bytes


def archived_pages(stream: BinaryIO, skip: int = 0) -> Iterator[ArchivedPage | None]:
    """Reads an archive as it comes, compressed or not.

    Args:
        stream: The archive's bytes.
        skip: Records to pass over at the beginning, unread.

    Yields:
        An item for each response record: its page, or None where it is no HTML page that was
        answered with 200, or has no address or no time.

    Raises:
        TerminalError: It is no archive, or broken from here on.
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    records = ArchiveIterator(
        stream, record_types=WarcRecordType.response, parse_http=False, auto_decode="all"
    )
    try:
        for number, record in enumerate(records):
            if number >= skip:
                yield _page(record)
    except (OSError, ValueError, RuntimeError) as error:
        raise TerminalError(f"the archive cannot be read any further: {error}") from error


def page_entry(page: ArchivedPage) -> Entry:
    """Gives a page's article as an entry.

    Raises:
        TerminalError: There is no article in it, or it has no title.
    """
    article = extract_page(page.body, url=page.url, content_type=page.content_type)
    if not article.title:
        raise TerminalError("the page has no title")
    return Entry(
        link=article.url or page.url,
        title=plain_as_html(article.title),
        content=plain_as_html(article.text),
        published=article.published.isoformat() if article.published else "",
        updated=article.updated.isoformat() if article.updated else "",
        authors=[plain_as_html(name) for name in article.authors],
        language=article.language if article.language != "und" else "",
    )


def _page(record: "WarcRecord") -> ArchivedPage | None:
    record.parse_http(auto_decode="all")
    headers = record.http_headers
    url = str(record.headers.get("WARC-Target-URI", "")).strip("<>")
    if headers is None or headers.status_code != _OK or not url.startswith(("http://", "https://")):
        return None
    content_type = str(headers.get("Content-Type", ""))
    if "html" not in content_type.lower():
        return None
    body = record.reader.read(MAX_BYTES + 1)
    try:
        fetched = record.record_date.astimezone(UTC) if record.record_date is not None else None
    except OverflowError:  # before the year 1, or after 9999
        fetched = None
    return ArchivedPage(url, fetched, content_type, body) if fetched is not None else None
