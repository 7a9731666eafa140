"""What the sweep for stories costs with many documents in its window.

    python -m benchmarks.sweep_cost DIRECTORY [--others FILE …] [--documents 1000000] [--new 2000]
        [--elasticsearch URL]

The window is filled with settled documents that have the bands of texts unlike any other; each
shares a band by chance with the article it is drawn from, as texts of one kind do: with a hundred
of them to an article, some eight of them are looked at for each new one. Then new documents come,
the articles of DIRECTORY and of the files and a changed copy of every fourth, and are swept, three
times over: first with a tenth of the window, then with half of it, then with all.
"""

import argparse
import json
import random
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from benchmarks.made_texts import Text, changed
from benchmarks.stories import AT_ONCE, NOW, document, texts
from schemas.article import Article
from schemas.config import Config
from tests.servers.elasticsearch_indices import delete_indices
from transforms.batches import batches
from transforms.storage.article_index import ArticleIndex, Write
from transforms.storage.open import open_index
from transforms.stories.sweep import sweep

FILLED = (0.1, 0.5, 1.0)
WINDOW = timedelta(hours=72)
# Of a band, that it is that of the article which a document of the window is drawn from.
SHARED = 0.002
WRITTEN_AT_ONCE = 2_000


def window_documents(
    articles: Sequence[Article], start: int, stop: int, draw: random.Random
) -> Iterator[Article]:
    """Gives settled documents that are copies of nothing."""
    for number in range(start, stop):
        drawn = articles[number % len(articles)]
        bands = [
            band if draw.random() < SHARED else f"{band[:2]}{draw.getrandbits(64):016x}"
            for band in drawn.news.story.bands
        ]
        key = f"window-{number}"
        story = drawn.news.story.model_copy(update={"id": key, "state": "settled", "bands": bands})
        # Only where a band is shared is the text looked at, and found to be another one; all the
        # texts would take hours to index.
        looked_at = not set(bands).isdisjoint(drawn.news.story.bands)
        body = draw.choice(articles).news.body if looked_at else ""
        news = drawn.news.model_copy(update={"story": story, "body": body, "segmented": ""})
        yield drawn.model_copy(
            update={"id": key, "timestamp": NOW - WINDOW * draw.random(), "news": news}
        )


def new_documents(
    found: Sequence[Text], count: int, turn: int, draw: random.Random
) -> list[Article]:
    """Gives documents that no sweep has seen, a fifth of them copies of others among them."""
    vocabulary = [word for text in found[:200] for word in text.body.split()]
    made: list[Article] = []
    for number in range(turn * count, turn * count + count * 4 // 5):
        text = found[number % len(found)]
        made.append(document(f"new-{turn}-{number}", text, NOW))
        if number % 4 == 0:
            body = changed(text.body.split(), 0.05, vocabulary, draw)
            copy = Text(text.title, body, f"copy-{number}.example")
            made.append(document(f"copy-{turn}-{number}", copy, NOW))
    return made


def fill(index: ArticleIndex, articles: Iterator[Article]) -> None:
    """Writes documents, many at once."""
    for part in batches(articles, WRITTEN_AT_ONCE):
        results = index.write([Write(article) for article in part])
        assert {result.kind for result in results} == {"written"}, results[0]


def measure(
    config: Config, found: Sequence[Text], documents: int, new: int, draw: random.Random
) -> Iterator[dict[str, float]]:
    """Gives the figures at each fill of the window."""
    index = open_index(config)
    index.setup()
    articles = [document(f"drawn-{place}", text, NOW) for place, text in enumerate(found)]
    filled = 0
    for turn, share in enumerate(FILLED):
        wanted = round(share * documents)
        began = time.monotonic()
        fill(index, window_documents(articles, filled, wanted, draw))
        index.refresh()
        filling, filled = time.monotonic() - began, wanted
        fresh = new_documents(found, new, turn, draw)
        for part in batches(iter(fresh), AT_ONCE):
            index.write([Write(article) for article in part])
        index.refresh()
        began, used = time.monotonic(), time.process_time()
        swept = sweep(index, config.stories)
        yield {
            "documents_in_window": filled,
            "new_documents": len(fresh),
            "settled": swept.settled,
            "relabelled": swept.relabelled,
            "sweep_ms_per_new_document": round(1000 * (time.monotonic() - began) / len(fresh), 2),
            "of_it_own_cpu_ms": round(1000 * (time.process_time() - used) / len(fresh), 2),
            "filling_seconds": round(filling, 1),
        }
    index.close()


def main() -> int:
    """Runs it."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.sweep_cost", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("directory", type=Path, help="feed documents, one a file")
    parser.add_argument("--others", type=Path, nargs="*", default=[], help="JSON Lines, .gz or not")
    parser.add_argument("--documents", type=int, default=1_000_000, help="in the window")
    parser.add_argument("--new", type=int, default=2_000, help="documents to be swept")
    parser.add_argument("--elasticsearch", metavar="URL", help="instead of the embedded index")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    found = list(texts(args.directory, args.others))
    with tempfile.TemporaryDirectory(prefix="dateline-sweep-") as folder:
        values = {"url": f"embedded:{folder}"}
        if args.elasticsearch:
            prefix = f"sweep-{uuid.uuid4().hex[:8]}-"
            values = {"url": args.elasticsearch.rstrip("/"), "prefix": prefix}
        config = Config.model_validate({"index": values})
        try:
            for figures in measure(
                config, found, args.documents, args.new, random.Random(args.seed)
            ):
                print(json.dumps(figures), flush=True)
        finally:
            if args.elasticsearch:
                delete_indices(values["url"], values["prefix"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
