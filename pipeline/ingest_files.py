"""Reads files of articles as they come: feed documents, JSON Lines, web archives."""

import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Literal, cast

from schemas.errors import TerminalError
from schemas.failure import Failure
from schemas.feed import NO_FEED_URL, Feed
from schemas.poll import PollEntry
from transforms.clock import utc_now
from transforms.dead_letters import describe, unreadable, unreadable_entry
from transforms.feeds.json_lines import read_line, site_feed
from transforms.feeds.own_address import read_document
from transforms.feeds.recognition import Recognised, recognise
from transforms.feeds.titles import titled
from transforms.pages.archive import ArchivedPage, archived_pages, page_entry

Format = Literal["feed", "jsonl", "warc"]
STANDARD_INPUT = "-"
# A line beyond this is no article.
_MAX_LINE = 50_000_000


@dataclass(slots=True)
class Record:
    """A feed document, a line or an archived page: the unit that is ingested, and passed over.

    Attributes:
        number: Its place in the file, from 1.
        entries: What it holds.
        failures: What of it could not be read.
        skipped: It is no article, and no mistake either.
    """

    number: int
    entries: list[PollEntry] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    skipped: bool = False


@dataclass(slots=True)
class SourceFile:
    """A file that is being read.

    Attributes:
        name: As given; `-` is standard input.
        format: What it holds.
        url: A feed document's address; empty takes what it calls itself.
        feed_of: Gives an address's feed, with its settings where it is configured.
        fetched: When it was fetched; its own time where that is None, which tells nothing of what
            lies in the future: an unpacked or copied file may have any.
        size: In bytes, None for standard input.
    """

    name: str
    format: Format
    url: str = ""
    feed_of: Callable[[str], Feed] = lambda url: Feed(url=url)
    fetched: datetime | None = None
    size: int | None = None
    _raw: BinaryIO | None = None
    _judged_at: datetime | None = None

    def bytes_read(self) -> int:
        """Gives how far the file has been read, in its own bytes, compressed ones perhaps."""
        if self._raw is None or self.size is None:
            return 0
        return self.size if self._raw.closed else self._raw.tell()

    def records(self, skip: int = 0) -> Iterator[Record]:
        """Gives the file's records after the first `skip`.

        Raises:
            TerminalError: It cannot be read, at all or any further.
        """
        self._judged_at = None if self.fetched is not None else utc_now()
        try:
            if self.name == STANDARD_INPUT:
                self._raw = sys.stdin.buffer
            else:
                self._raw = Path(self.name).open("rb")  # noqa: SIM115 (closed below)
                modified = datetime.fromtimestamp(Path(self.name).stat().st_mtime, UTC)
                self.fetched = self.fetched or modified
            self.fetched = self.fetched or utc_now()
            read: Callable[[BinaryIO, int], Iterator[Record]] = {
                "feed": self._feed,
                "jsonl": self._lines,
                "warc": self._pages,
            }[self.format]
            yield from read(self._raw, skip)
        except (OSError, EOFError, zlib.error) as error:
            reason = getattr(error, "strerror", None) or error
            raise TerminalError(f"{self.name}: cannot be read: {reason}") from error
        except TerminalError as error:
            raise TerminalError(f"{self.name}: {error}") from error
        finally:
            if self._raw is not None and self.name != STANDARD_INPUT:
                self._raw.close()

    def _feed(self, stream: BinaryIO, skip: int) -> Iterator[Record]:
        if skip:
            return
        assert self.fetched is not None
        document = _unpacked(stream).read()
        record = Record(1)
        try:
            parsed, address = read_document(document, url=self.url)
            feed = titled(self.feed_of(address or NO_FEED_URL), parsed.title)
            for one in recognise(parsed.entries, feed, {}):
                record.entries.append(self._poll_entry(one, feed, None))
        except Exception as error:  # one bad document never costs the other files
            raise TerminalError(describe(error)) from error
        record.failures = [
            unreadable_entry(feed.url, error, self.fetched, utc_now()) for error in parsed.errors
        ]
        yield record

    def _lines(self, stream: BinaryIO, skip: int) -> Iterator[Record]:
        assert self.fetched is not None
        source = _unpacked(stream)
        for number, line in enumerate(iter(lambda: source.readline(_MAX_LINE), b""), 1):
            if number <= skip or not line.strip():
                continue
            record = Record(number)
            try:
                entry, feed, stated = read_line(line)
                (one,) = recognise([entry], feed, {})
                record.entries.append(self._poll_entry(one, feed, stated))
            except Exception as error:  # one bad line never costs the others
                raw = line.decode("utf-8", "replace")
                record.failures.append(self._unreadable(number, error, raw, self.fetched))
            yield record

    def _pages(self, stream: BinaryIO, skip: int) -> Iterator[Record]:
        for number, page in enumerate(archived_pages(stream, skip), skip + 1):
            record = Record(number)
            if page is None:
                record.skipped = True
            else:
                self._take_page(page, record)
            yield record

    def _take_page(self, page: ArchivedPage, record: Record) -> None:
        try:
            entry = page_entry(page)
            feed = site_feed(page.url)
            (one,) = recognise([entry], feed, {})
            record.entries.append(self._poll_entry(one, feed, page.fetched))
        except TerminalError:
            record.skipped = True  # a page without an article is no mistake of anybody
        except Exception as error:  # one bad page never costs the others
            raw = page.body.decode("utf-8", "replace")
            record.failures.append(self._unreadable(record.number, error, raw, page.fetched))

    def _poll_entry(self, one: Recognised, feed: Feed, stated: datetime | None) -> PollEntry:
        """Puts an entry on its way; `stated` is when it was fetched, where the format says so."""
        time = stated or self.fetched
        assert time is not None
        return PollEntry(
            poll_id=self.name,
            feed=feed,
            entry=one.entry,
            key=one.key,
            hash=one.hash,
            article_id=one.article_id,
            judged_at=None if stated is not None else self._judged_at,
            sight_time=time,
        )

    def _unreadable(self, number: int, error: Exception, raw: str, time: datetime) -> Failure:
        where = f"{self.name}:{number}"
        reason = f"{where}: {describe(error)}"
        return unreadable(NO_FEED_URL, where, reason, raw, time, utc_now())


def format_of(name: str) -> Format:
    """Tells a file's format by its name: .warc, .jsonl or .ndjson, each .gz too; else a feed."""
    suffixes = [suffix.lower() for suffix in Path(name).suffixes if suffix.lower() != ".gz"]
    last = suffixes[-1] if suffixes else ""
    if last == ".warc":
        return "warc"
    return "jsonl" if last in (".jsonl", ".ndjson") else "feed"


def _unpacked(stream: BinaryIO) -> BinaryIO:
    buffered = stream if hasattr(stream, "peek") else io.BufferedReader(cast(io.RawIOBase, stream))
    if buffered.peek(2)[:2] == b"\x1f\x8b":
        return cast(BinaryIO, gzip.open(buffered, "rb"))
    return buffered
