"""Fuzzing of parsing, text, addresses and dates: mutated documents, and what must hold of each.

    python -m benchmarks.fuzz --minutes 60 [--seed N] [FILE_OR_FOLDER …]

Files are seeds, beside one document of every format. Each finding is printed with its input, made
small, as Python writes bytes; the exit status is 1 where there is one. The same seed and the same
files make the same inputs.
"""

import argparse
import random
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.mutations import mutated
from schemas.article import Sight
from schemas.config import LimitsConfig
from schemas.errors import TerminalError
from schemas.feed import Feed
from tests.servers.format_documents import DOCUMENTS
from transforms.feeds.comparison import compare_paths
from transforms.stories.fingerprint import bands_of
from transforms.text.dates import parse_date
from transforms.text.html import html_to_text, title_to_text
from transforms.text.normalize import normalize
from transforms.text.urls import canonical_url, domain, original_url, registered_domain

URL = "https://paper.example/feed"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CPU_SECONDS = 5.0
_LONGEST_SEED = 60_000
_USELESS = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")
_DOUBLED_SPACE = re.compile("[ \t\u00a0\u3000]{2}")
_DATES = (
    b"Sun, 01 Mar 2026 12:00:00 +0100",
    b"2026-03-01T12:00:00.5Z",
    b"1 mars 2026 kl. 12",
    "2026年3月1日 12時".encode(),
    b"20260301T120000",
    b"Mar 1, 2026 12:00 PM EST",
)
_ADDRESSES = (
    b"https://user:pw@paper.example:443/a/../b/%7Ec?utm_source=x&b=2&a=1#top",
    b"//paper.example/2026/03/01/rain.html?ref=rss",
    b"http://www.google.com/url?url=https%3A%2F%2Fpaper.example%2F1&rct=j",
    "https://bücher.example/ä?ö=ü".encode(), b"http://[2001:db8::1]:8080/x", b"?a=b",
)  # fmt: skip


@dataclass(frozen=True)
class Target:
    """A thing to fuzz.

    Attributes:
        seeds: What is changed.
        check: Gives what is wrong with the outcome of an input, or nothing.
    """

    name: str
    seeds: Sequence[bytes]
    check: Callable[[bytes], str]


def check_document(body: bytes) -> str:
    """Both paths read the same, every entry ends as a clean article or in a clear error."""
    parsed, differences = compare_paths(body, url=URL)
    if differences:
        return f"the paths differ: {differences[0]}"
    if isinstance(parsed, TerminalError):
        return "" if str(parsed) else "an error without a text"
    feed = Feed(url=URL)
    for entry in parsed.entries:
        try:
            sight = normalize(
                entry, feed=feed, sight_time=NOW, limits=LimitsConfig(), article_id="x"
            )
        except TerminalError:
            continue
        wrong = _wrong_with(sight)
        if wrong:
            return f"entry {entry.position}: {wrong}"
    return ""


def check_text(data: bytes) -> str:
    """Any bytes as HTML give clean text, and cleaning them again changes nothing of its form."""
    markup = data.decode("utf-8", "surrogateescape")
    for name, text in (("text", html_to_text(markup)), ("title", title_to_text(markup))):
        wrong = _wrong_with_text(text)
        if wrong:
            return f"{name}: {wrong}"
    return ""


def check_address(data: bytes) -> str:
    """A canonical address stays as it is, whatever it was made of."""
    url = data.decode("utf-8", "surrogateescape")
    canonical = canonical_url(url, URL)
    wrong = _wrong_with_address(canonical)
    if wrong:
        return wrong
    if canonical and not canonical.startswith(("http://", "https://")):
        return f"{canonical!r} is no http address"
    canonical.encode()
    original_url(url)
    if canonical and registered_domain(canonical) not in domain(canonical):
        return f"{registered_domain(canonical)!r} is no part of {domain(canonical)!r}"
    return ""


def check_date(data: bytes) -> str:
    """A date is UTC or none."""
    return _wrong_with_date(parse_date(data.decode("utf-8", "replace"), None))


def _wrong_with(sight: Sight) -> str:
    content = sight.content
    one_line = {"title": content.title, **{f"author {n}": a for n, a in enumerate(content.authors)}}
    for name, text in {**one_line, "summary": content.summary, "body": content.body}.items():
        wrong = _wrong_with_text(text)
        if wrong or (name in one_line and "\n" in text):
            return f"{name}: {wrong or 'more than one line'}"
    bands_of(content.title, content.body)
    sight.model_dump_json().encode()
    return _wrong_with_date(sight.published) or _wrong_with_address(sight.link.full)


def _wrong_with_address(canonical: str) -> str:
    again = canonical_url(canonical) if canonical else ""
    return "" if again == canonical else f"the address {canonical!r} becomes {again!r}"


def _wrong_with_date(moment: datetime | None) -> str:
    is_utc = moment is None or moment.utcoffset() == timedelta(0)
    return "" if is_utc else f"{moment!r} is not UTC"


def _wrong_with_text(text: str) -> str:
    for what, pattern in (("a useless character", _USELESS), ("a doubled space", _DOUBLED_SPACE)):
        found = pattern.search(text)
        if found:
            return f"{what} at {found.start()}: {text[max(0, found.start() - 20) :][:60]!r}"
    if unicodedata.normalize("NFC", text) != text:
        return f"not in NFC: {text[:80]!r}"
    return "" if text == text.strip() else f"blanks around it: {text[:80]!r}"


def targets(seeds: Sequence[bytes]) -> list[Target]:
    """Gives what is fuzzed, with one document of every format and these as seeds."""
    documents = [document.body.encode() for document in DOCUMENTS.values()]
    documents += [seed for seed in seeds if len(seed) <= _LONGEST_SEED]
    return [
        Target("document", documents, check_document),
        Target("text", documents, check_text),
        Target("address", _ADDRESSES, check_address),
        Target("date", _DATES, check_date),
    ]


def problem(target: Target, data: bytes) -> str:
    """Gives what is wrong with an input's outcome; nothing where all holds."""
    started = time.process_time()
    try:
        wrong = target.check(data)
    except Exception as error:  # whatever is raised is the finding
        return f"{type(error).__name__}: {error}"
    spent = time.process_time() - started
    return wrong or (f"{spent:.1f} s of CPU" if spent > CPU_SECONDS else "")


def fuzz(target: Target, rng: random.Random) -> tuple[bytes, str]:
    """Makes one input and checks it; gives it with what is wrong."""
    data = mutated(target.seeds, rng)
    return data, problem(target, data)


def minimised(target: Target, data: bytes) -> bytes:
    """Gives a small part of an input with which something is wrong still (delta debugging)."""
    size = len(data) // 2
    while size:
        start = 0
        while start < len(data):
            shorter = data[:start] + data[start + size :]
            if problem(target, shorter):
                data = shorter
            else:
                start += size
        size //= 2
    return data


def main() -> int:
    """Fuzzes for the given time."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("seeds", nargs="*", type=Path, metavar="FILE_OR_FOLDER")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    chosen = targets([file.read_bytes() for path in args.seeds for file in _files(path)])
    rng = random.Random(args.seed)
    end = time.monotonic() + args.minutes * 60
    inputs, found = 0, 0
    seen: set[str] = set()
    told = time.monotonic()
    while time.monotonic() < end:
        target = rng.choices(chosen, weights=(10, 5, 2, 1))[0]
        data, wrong = fuzz(target, rng)
        inputs += 1
        if wrong:
            found += 1
            kind = f"{target.name}: {wrong[:40]}"
            if kind not in seen:
                seen.add(kind)
                small = minimised(target, data)
                print(f"{target.name}: {problem(target, small)}\n    {small!r}", flush=True)
        if time.monotonic() - told > 60:
            told = time.monotonic()
            print(f"{inputs:,} inputs, {found} findings", file=sys.stderr, flush=True)
    print(f"{inputs:,} inputs (seed {args.seed}), {found} findings of {len(seen)} kinds")
    return 1 if found else 0


def _files(path: Path) -> list[Path]:
    return [one for one in sorted(path.rglob("*")) if one.is_file()] if path.is_dir() else [path]


if __name__ == "__main__":
    sys.exit(main())
