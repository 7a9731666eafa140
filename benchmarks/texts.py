"""Cleanness of the texts: no tag, doubly escaped entity, control character or doubled space.

    python -m benchmarks.texts DIRECTORY

DIRECTORY holds feed documents, one a file. Every text field of every document made of them is
looked at; the exit code is 1 where one is not clean. What a publisher shows as code (`<pre>`,
`<code>` …) may hold tags: there they are the text. `--show` prints each with its surroundings.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.parsing import URL, documents
from schemas.config import LimitsConfig
from schemas.entry import Entry
from schemas.errors import TerminalError
from schemas.feed import Feed
from transforms.feeds.parsing import parse_feed
from transforms.text.normalize import normalize

NOW = datetime(2100, 1, 1, tzinfo=UTC)
FEED, LIMITS = Feed(url=URL), LimitsConfig()
AROUND = 60
CODE = re.compile(r"<(pre|code|samp|kbd|tt|textarea)\b[^>]*>.*?</\1\s*>", re.I | re.S)
FAULTS = {
    # An element of HTML; `<` and `>` of a text about something else stay (`a < b`, `List<T>`).
    "tag": re.compile(
        r"</?(?:a|abbr|aside|b|blockquote|br|cite|code|div|em|embed|figure|figcaption|font|form|h[1-6]"
        r"|hr|i|iframe|img|input|li|link|meta|ol|p|pre|q|s|script|small|source|span|strong|style|sub"
        r"|sup|table|tbody|td|th|tr|u|ul|video)(?:\s[^<>]*)?/?>|<!--|<!\[CDATA\["
    ),
    "escaped entity": re.compile(
        r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos|nbsp|[a-zA-Z]{2,8}(?:quo|dash|acute"
        r"|grave|uml|tilde|circ|cedil|ring)|hellip|euro|copy|reg|trade|bull|middot);"
    ),
    "control character": re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ufeff\u00ad\ufffe\uffff]"),
    "doubled space": re.compile("[ \t\u00a0\u2000-\u200a\u202f\u3000]{2}|\n{3}|[ \t]\n|\n[ \t]"),
}


def entries_of(folder: Path) -> Iterator[tuple[str, Entry]]:
    for name, body in documents(folder):
        try:
            parsed = parse_feed(body, url=URL)
        except TerminalError as error:
            print(f"{name}: {error}", file=sys.stderr)
            continue
        for entry in parsed.entries:
            yield name, entry


def texts_of(entry: Entry) -> Iterator[tuple[str, str]]:
    """Gives (field, text) of the document that an entry becomes; none where it becomes none."""
    try:
        sight = normalize(entry, feed=FEED, sight_time=NOW, limits=LIMITS, article_id="")
    except TerminalError:
        return
    content = sight.content
    for field in ("title", "summary", "body"):
        yield field, getattr(content, field)
    for field in ("authors", "categories"):
        for text in getattr(content, field):
            yield field, text


def without_code(entry: Entry) -> Entry:
    """Gives an entry without what its publisher shows as code, where tags are the text."""
    return entry.model_copy(
        update={
            "content": CODE.sub(" ", entry.content),
            "summary": CODE.sub(" ", entry.summary),
        }
    )


def faults_of(text: str) -> Iterator[tuple[str, str]]:
    """Gives the kind and the surroundings of what is not clean in a text."""
    for kind, pattern in FAULTS.items():
        for match in pattern.finditer(text):
            yield kind, text[max(0, match.start() - AROUND) : match.end() + AROUND]


def main() -> int:
    parser = argparse.ArgumentParser(description="cleanness of the texts")
    parser.add_argument("directory", type=Path, help="a folder of feed documents")
    parser.add_argument("--show", action="store_true", help="print every fault")
    options = parser.parse_args()
    counted: Counter[tuple[str, str]] = Counter()
    texts = characters = as_code = 0
    for name, entry in entries_of(options.directory):
        found = list(texts_of(entry))
        texts += len(found)
        characters += sum(len(text) for _, text in found)
        faults = sum(1 for _, text in found for _ in faults_of(text))
        if not faults:
            continue
        left = [
            (field, *fault)
            for field, text in texts_of(without_code(entry))
            for fault in faults_of(text)
        ]
        as_code += faults - len(left)
        for field, kind, around in left:
            counted[kind, field] += 1
            if options.show:
                print(f"{name} {field} {kind}: {around!r}")
    print(f"{texts} texts, {characters} characters; {as_code} tags and entities shown as code")
    for (kind, field), count in sorted(counted.items()):
        print(f"{kind} in {field}: {count}")
    return int(bool(counted))


if __name__ == "__main__":
    sys.exit(main())
