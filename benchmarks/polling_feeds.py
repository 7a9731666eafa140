"""The feeds that are polled: thousands of documents that follow from two numbers each."""

import random
from datetime import UTC, datetime, timedelta
from functools import cache

from tests.servers.feed_documents import Item, rss

FEEDS_PER_HOST = 5
SMALLEST_BYTES, LARGEST_BYTES = 5_000, 200_000
FEWEST_ENTRIES, MOST_ENTRIES = 10, 30
_EPOCH = datetime(2026, 3, 1, tzinfo=UTC)
_NAMES = (
    "Nairobi",
    "Norway",
    "The Hague",
    "World Health Organization",
    "Argentina",
    "Lisbon",
    "South Korea",
    "Montevideo",
    "Canberra",
    "Reuters",
    "Angela Merkel",
    "Ban Ki-moon",
)
_SYLLABLES = "ba co di fe ga hu in jo ka le mi no or pa qui re so tu va we xo ya zi ter ment ing"


def host_address(feed: int) -> str:
    """Gives the loopback address of a feed's host; FEEDS_PER_HOST feeds share one."""
    host = feed // FEEDS_PER_HOST
    return f"127.{1 + host // 62_500}.{host // 250 % 250}.{1 + host % 250}"


def feed_url(feed: int, port: int) -> str:
    """Gives a feed's address."""
    return f"http://{host_address(feed)}:{port}/{feed}.xml"


def etag(feed: int, version: int) -> str:
    """Gives the validator of a document."""
    return f'"{feed}-{version}"'


def document(feed: int, version: int) -> bytes:
    """Gives a feed's document: each version has one new entry and has lost its oldest.

    Sizes are spread evenly over the orders of magnitude from SMALLEST_BYTES to LARGEST_BYTES.
    """
    draw = random.Random(feed)
    size = SMALLEST_BYTES * (LARGEST_BYTES / SMALLEST_BYTES) ** draw.random()
    entries = draw.randint(FEWEST_ENTRIES, MOST_ENTRIES)
    chars = max(50, int(size / entries) - 300)
    return rss(
        [_item(feed, number, chars) for number in range(version + entries, version, -1)],
        title=f"Feed {feed}",
    )


def _item(feed: int, number: int, chars: int) -> Item:
    # Sentences repeat, texts do not: no article is a copy of another.
    sentences = random.Random(feed * 1_000_003 + number).choices(_sentences(), k=chars // 60 + 1)
    return Item(
        guid=f"{feed}-{number}",
        link=f"https://paper-{feed}.example/{number}",
        title=f"Report {number} of paper {feed}",
        content_html=f"<p>{' '.join(sentences)[:chars]}</p>",
        published=_EPOCH + timedelta(minutes=number),
    )


@cache
def _sentences() -> list[str]:
    """Gives sentences of made-up words and real names."""
    draw = random.Random(0)
    syllables = _SYLLABLES.split()
    words = ["".join(draw.choices(syllables, k=draw.randint(1, 4))) for _ in range(5_000)]
    sentences = []
    for _ in range(20_000):
        middle = " ".join(draw.choices(words, k=draw.randint(6, 16)))
        sentences.append(f"The {middle} in {draw.choice(_NAMES)}.")
    return sentences
