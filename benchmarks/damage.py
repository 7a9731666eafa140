"""Damaged feeds: entries found and texts right, against feedparser's own.

    python -m benchmarks.damage [DIRECTORY]

DIRECTORY (default ../shared/feeds) holds clean feed documents, one a file, in it or in folders;
other files are passed over. Each kind of damage (`benchmarks.damaged_feeds`) is done to each feed
that it can be done to. An entry is right where its title and text are, after cleaning, those of the
same parser's reading of the clean feed. The exit code is 1 where we find fewer entries, or fewer
right ones, than feedparser with its defaults does: over all feeds of a kind, or in any one feed.
"""

import argparse
import io
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.damaged_feeds import KINDS, Damaged, declared, without_declaration
from schemas.errors import TerminalError
from transforms.feeds.parsing import parse_feed
from transforms.feeds.plain import plain_as_html
from transforms.text.html import html_to_text, title_to_text

URL = "http://paper.example/feed"
Texts = Counter[tuple[str, str]]
Reader = Callable[[Damaged], Texts]


@dataclass(slots=True)
class Row:
    """What a kind of damage did to all feeds.

    Attributes:
        entries: Those of the clean feeds.
        found, right: Ours and feedparser's.
        worse: Names of the feeds in which we find less than feedparser.
    """

    feeds: int
    entries: int
    found: tuple[int, int]
    right: tuple[int, int]
    worse: list[str]

    @property
    def holds(self) -> bool:
        """Tells whether we do at least as well as feedparser."""
        return not self.worse and self.found[0] >= self.found[1] and self.right[0] >= self.right[1]


def ours(document: Damaged) -> Texts:
    """Our titles and texts of a document."""
    try:
        parsed = parse_feed(document.body, url=URL, content_type=document.content_type)
    except TerminalError:
        return Counter()
    return Counter(_texts(entry.title, entry.content or entry.summary) for entry in parsed.entries)


def feedparsers(document: Damaged) -> Texts:
    """The same of feedparser as it comes."""
    import feedparser

    headers = {"content-type": document.content_type} if document.content_type else {}
    try:
        parsed = feedparser.parse(io.BytesIO(document.body), response_headers=headers)
    except Exception:  # it ends by one on some damage
        return Counter()
    return Counter(
        _texts(_html(dict.get(entry, "title_detail")), _longest(entry)) for entry in parsed.entries
    )


def _longest(entry: Any) -> str:
    texts = [_html(detail) for detail in dict.get(entry, "content") or []]
    return max(texts, key=len, default="") or _html(dict.get(entry, "summary_detail"))


def _html(detail: Any) -> str:
    if not detail:
        return ""
    value = detail.get("value") or ""
    return plain_as_html(value) if detail.get("type") == "text/plain" else value


def _texts(title: str, text: str) -> tuple[str, str]:
    return title_to_text(title), " ".join(html_to_text(text).split())


def clean_feeds(folder: Path, max_bytes: int) -> Iterator[tuple[str, str]]:
    """Gives the clean feeds of a folder as texts without declaration."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.stat().st_size > max_bytes:
            continue
        try:
            text = without_declaration(path.read_bytes().decode("utf-8-sig"))
        except UnicodeDecodeError:
            continue
        if "\0" not in text and ours(_clean(text)):
            yield path.name, text


def measure(kind: str, feeds: Iterable[tuple[str, str]]) -> Row:
    """Damages feeds and compares what is found in them."""
    damage = KINDS[kind]
    row = Row(0, 0, (0, 0), (0, 0), [])
    for name, text in feeds:
        damaged = damage(text)
        if damaged is None:
            continue
        (our_clean, our_found), (their_clean, their_found) = (
            (read(_clean(text)), read(damaged)) for read in (ours, feedparsers)
        )
        found = our_found.total(), their_found.total()
        right = (our_clean & our_found).total(), (their_clean & their_found).total()
        row.feeds += 1
        row.entries += their_clean.total()
        row.found = row.found[0] + found[0], row.found[1] + found[1]
        row.right = row.right[0] + right[0], row.right[1] + right[1]
        if found[0] < found[1] or right[0] < right[1]:
            row.worse.append(
                f"{name}: found {found[0]} of {found[1]}, right {right[0]} of {right[1]}"
            )
    return row


def _clean(text: str) -> Damaged:
    return Damaged((declared("utf-8") + text).encode("utf-8", "replace"))


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description="damaged feeds against feedparser")
    parser.add_argument("directory", type=Path, nargs="?", default=Path("../shared/feeds"))
    parser.add_argument("--max-bytes", type=int, default=200_000, help="larger feeds are left out")
    parser.add_argument("--kind", choices=list(KINDS), help="only this kind of damage")
    parser.add_argument("--show", action="store_true", help="name the feeds that do worse")
    options = parser.parse_args()
    feeds = list(clean_feeds(options.directory, options.max_bytes))
    if not feeds:
        parser.error(f"no clean feed of up to {options.max_bytes} bytes in {options.directory}")
    print(f"{len(feeds)} clean feeds. Entries found and right: ours / feedparser's\n")
    print("| damage | feeds | entries | found | right | feeds that do worse |")
    print("|---|---|---|---|---|---|")
    holds = True
    for kind in [options.kind] if options.kind else KINDS:
        row = measure(kind, feeds)
        holds = holds and row.holds
        print(
            f"| {kind} | {row.feeds} | {row.entries:,} | {row.found[0]:,} / {row.found[1]:,} | "
            f"{row.right[0]:,} / {row.right[1]:,} | {len(row.worse)} |",
            flush=True,
        )
        for line in row.worse if options.show else []:
            print(f"  {line}")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
