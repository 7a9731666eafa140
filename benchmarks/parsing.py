"""Parsing real feeds: entries, fields and CPU against feedparser, and the cleanness of the texts.

    python -m benchmarks.parsing DIRECTORY

DIRECTORY holds feed documents, one a file. feedparser's figures and ours are taken each in its own
process; ratios are of CPU seconds within this one run. The exit code is 1 where a bound is broken.
`--show` names every difference (the texts are their publishers').
"""

import argparse
import html
import io
import json
import re
import subprocess
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

URL = "http://paper.example/feed"
NOW = datetime(2100, 1, 1, tzinfo=UTC)
FIELDS = ("title", "link", "date")
MIN_ENTRIES, MIN_FIELDS, MIN_SPEED, MAX_COST = 0.999, 0.995, 15.0, 0.4


def documents(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.iterdir()):
        if path.is_file():
            yield path.name, path.read_bytes()


def best(run: Callable[[], object], rounds: int) -> float:
    """Gives the least CPU seconds of some rounds: other processes only ever add to it."""
    seconds = []
    for _ in range(rounds):
        start = time.process_time()
        run()
        seconds.append(time.process_time() - start)
    return min(seconds)


def reference(folder: Path, rounds: int) -> dict[str, Any]:
    """feedparser as it comes: CPU seconds, and the fields of every entry."""
    import feedparser

    bodies = dict(documents(folder))

    def parse_all() -> dict[str, Any]:
        return {name: feedparser.parse(io.BytesIO(body)) for name, body in bodies.items()}

    fields = {
        name: [_reference_fields(entry) for entry in parsed.entries]
        for name, parsed in parse_all().items()
    }
    return {"seconds": best(parse_all, rounds), "fields": fields}


def _reference_fields(entry: Any) -> list[str]:
    moment = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    return [
        _reference_title(entry),
        _folded(dict.get(entry, "link") or ""),
        time.strftime("%Y-%m-%dT%H:%M:%S", moment) if moment else "",
    ]


def _reference_title(entry: Any) -> str:
    """feedparser's title as a text: it is plain or HTML, and says which."""
    detail = dict.get(entry, "title_detail") or {}
    title = dict.get(entry, "title") or ""
    if detail.get("type") != "text/plain":
        title = html.unescape(re.sub(r"<[^<>]*>", "", title))
    return _folded(title)


def our_fields(entry: Any) -> list[str]:
    moment = entry.published_parsed or entry.updated_parsed
    return [
        _folded(html.unescape(re.sub(r"<[^<>]*>", "", entry.title))),
        _folded(entry.link),
        moment.strftime("%Y-%m-%dT%H:%M:%S") if moment else "",
    ]


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def kind(field: str, ours: str, theirs: str) -> str:
    """Names a difference, so that docs/parsing.md can explain each kind."""
    if field == "title":
        if "".join(ours.split()) == "".join(theirs.split()):
            return "a space between two elements of the title"
        if re.search(r"<[a-zA-Z/]", ours + theirs):
            return "markup that feedparser's sanitiser drops or rewrites"
        return "another text"
    if field == "link" and ours and not theirs:
        return "a link of another kind, where there is no alternate"
    return f"another {field}"


def compare(folder: Path, expected: dict[str, list[list[str]]], show: bool) -> dict[str, float]:
    from schemas.errors import TerminalError
    from transforms.feeds.parsing import parse_feed

    found = wanted = 0
    more: list[str] = []
    same: Counter[str] = Counter()
    kinds: Counter[tuple[str, str]] = Counter()
    for name, body in documents(folder):
        theirs = expected[name]
        try:
            ours = [our_fields(entry) for entry in parse_feed(body, url=URL).entries]
        except TerminalError:
            ours = []
        wanted += len(theirs)
        found += min(len(ours), len(theirs))
        if len(ours) > len(theirs):
            more.append(name)
        for mine, other in zip(ours, theirs, strict=False):
            for field, value, right in zip(FIELDS, mine, other, strict=True):
                same[field] += value == right
                if value != right:
                    kinds[field, kind(field, value, right)] += 1
                    if show:
                        print(f"  {name} {field}: {value!r} | {right!r}")
    print(f"entries                  {found} of feedparser's {wanted} ({found / wanted:.2%})")
    if more:
        print(f"feeds with more entries  {len(more)}")
    for field in FIELDS:
        print(f"{field:5} the same           {same[field] / found:.2%}")
    for (field, reason), count in sorted(kinds.items()):
        print(f"  {field}: {count} × {reason}")
    return {"entries": found / wanted, **{field: same[field] / found for field in FIELDS}}


def disagreements(folder: Path) -> int:
    from transforms.feeds.comparison import compare_paths
    from transforms.feeds.doctype import without_dtd
    from transforms.feeds.well_formed import read_well_formed

    count = fast = total = 0
    for _, body in documents(folder):
        total += 1
        fast += read_well_formed(without_dtd(body), "") is not None
        count += len(compare_paths(body, url=URL)[1])
    print(
        f"on the fast path         {fast} of {total} feeds; {count} fields differ from the safe one"
    )
    return count


def parsing_alone(folder: Path, rounds: int) -> dict[str, Any]:
    """Our parsing's CPU seconds."""
    from transforms.feeds.parsing import parse_feed

    bodies = [body for _, body in documents(folder)]

    def parse() -> None:
        for body in bodies:
            parse_feed(body, url=URL)

    parse()
    return {"seconds": best(parse, rounds)}


def parsing_and_text(folder: Path, rounds: int) -> dict[str, Any]:
    """The CPU seconds of parsing, cleaning, telling the language and the fingerprint together."""
    from schemas.article import Sight
    from schemas.config import LimitsConfig
    from schemas.feed import Feed
    from transforms.feeds.articles import articles_of
    from transforms.stories.fingerprint import bands_of_all

    bodies = [body for _, body in documents(folder)]
    feed, limits = Feed(url=URL), LimitsConfig()

    def whole() -> None:
        for body in bodies:
            contents = [
                one.content
                for one in articles_of(body, URL, "", feed, NOW, limits)
                if isinstance(one, Sight)
            ]
            bands_of_all([(one.title, one.body or one.summary) for one in contents])

    whole()
    return {"seconds": best(whole, rounds)}


PARTS = {"feedparser": reference, "parse": parsing_alone, "text": parsing_and_text}


def measured(part: str, options: argparse.Namespace) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.parsing", str(options.directory), "--part", part]
    command += ["--rounds", str(options.rounds)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    found: dict[str, Any] = json.loads(output)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="parsing against feedparser")
    parser.add_argument("directory", type=Path, help="a folder of feed documents")
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many is taken")
    parser.add_argument("--show", action="store_true", help="print every difference")
    parser.add_argument("--part", choices=list(PARTS), help="measure one part and print JSON")
    options = parser.parse_args()
    if options.part:
        json.dump(PARTS[options.part](options.directory, options.rounds), sys.stdout)
        return 0
    theirs, parse, text = (measured(part, options) for part in PARTS)
    shares = compare(options.directory, theirs["fields"], options.show)
    differing = disagreements(options.directory)
    entries = sum(map(len, theirs["fields"].values()))
    faster = theirs["seconds"] / parse["seconds"]
    cost = text["seconds"] / theirs["seconds"]
    for name, part in (("feedparser", theirs), ("parse", parse), ("parse to fingerprint  ", text)):
        seconds = part["seconds"]
        print(f"{name:24} {seconds:.2f} s of CPU, {entries / seconds:,.0f} entries a second")
    print(
        f"parse                    {faster:.1f} times as fast as feedparser (at least {MIN_SPEED})"
    )
    print(f"parse to fingerprint     {cost:.2f} of feedparser's CPU (at most {MAX_COST})")
    broken = (
        shares["entries"] < MIN_ENTRIES
        or min(shares[field] for field in FIELDS) < MIN_FIELDS
        or differing > 0
        or faster < MIN_SPEED
        or cost > MAX_COST
    )
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
