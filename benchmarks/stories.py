"""Stories: copies made of real articles, found among all the others, in several orders of arrival.

    python -m benchmarks.stories DIRECTORY [--others FILE …] [--originals 600] [--show 20]

DIRECTORY holds feed documents, one a file; each FILE a JSON object with "title" and "text" a line,
.gz or not. The articles go into an embedded index, published within two days. Real collections hold
real copies: the pairs that are joined among them are counted, and `--show` prints the beginnings of
some, and later of pairs that are wrong. Of articles that nothing was joined to, three copies each
are made for other papers: 5 and 10 % of the words changed, and the last 40 % cut under a new lead;
and two texts that are no copies: a translation (every word another one, by one dictionary; names,
figures and order stay), and another paper's report of the event (in words of its own, but a quarter
of it quoted as it is). An article that is mostly names, figures or code has neither: it would stay
as it is. All of them are ingested again in each order of arrival, with a sweep every
2,000 documents. A pair with a made document is right where both are copies of one article, every
other one is wrong. The exit code is 1 where an aim is missed.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zlib import crc32

from benchmarks.json_lines import read_json_lines
from benchmarks.made_texts import KINDS, OTHERS, Dictionary, Text, copies, is_prose, no_copies
from benchmarks.story_pairs import judge
from schemas.article import Article, Sight
from schemas.config import Config, IndexConfig, LimitsConfig, StoriesConfig
from schemas.entry import Entry
from schemas.errors import TerminalError
from schemas.feed import Feed
from transforms.feeds.articles import articles_of
from transforms.feeds.plain import plain_as_html
from transforms.storage.article_index import Write
from transforms.storage.merge import merge
from transforms.storage.open import open_index
from transforms.stories.sweep import sweep
from transforms.text.normalize import normalize

NOW = datetime(2026, 3, 10, tzinfo=UTC)
MIN_PRECISION, MIN_RECALL = 0.99, 0.95
LEAST_WORDS = 80
AT_ONCE = 200
BETWEEN_SWEEPS = 2_000


def texts(folder: Path, others: Sequence[Path]) -> Iterator[Text]:
    """Gives the articles of the feeds and of the files, each text once."""
    seen = set()
    for path in sorted(folder.iterdir()):
        feed = Feed(url=f"http://paper-{crc32(path.name.encode())}.example/feed")
        try:
            found = list(articles_of(path.read_bytes(), feed.url, "", feed, NOW, LimitsConfig()))
        except TerminalError:
            continue
        for sight in found:
            content = sight.content if isinstance(sight, Sight) else None
            if content is not None and content.body not in seen:
                seen.add(content.body)
                paper = sight.link.registered_domain if isinstance(sight, Sight) else ""
                yield Text(content.title, content.body, paper or "paper.example")
    for number, path in enumerate(others):
        for place, row in enumerate(read_json_lines(path)):
            if row.get("text") and row["text"] not in seen:
                seen.add(row["text"])
                # Papers of thirty articles each: one paper's stricter rule is not all there is.
                paper = f"paper-{number}-{place // 30}.example"
                yield Text(row.get("title") or "", row["text"], paper)


def document(key: str, text: Text, published: datetime) -> Article:
    """Makes the document of a text, as a feed's entry would become it."""
    entry = Entry(
        link=f"https://{text.paper}/{key}",
        title=plain_as_html(text.title),
        content=plain_as_html(text.body),
        published=published.isoformat(),
    )
    sight = normalize(
        entry,
        feed=Feed(url=f"https://{text.paper}/feed"),
        sight_time=published,
        limits=LimitsConfig(),
        article_id=key,
    )
    return merge(None, sight.model_copy(update={"hash": key})).article


def stories_of(documents: Sequence[Article]) -> tuple[dict[str, str], float, float]:
    """Ingests in this order; gives each document's story, and CPU seconds of writing, sweeping."""
    with tempfile.TemporaryDirectory() as folder:
        config = Config(index=IndexConfig(url=f"embedded:{folder}"), stories=StoriesConfig())
        index = open_index(config)
        index.setup()
        writing = sweeping = 0.0
        for start in range(0, len(documents), AT_ONCE):
            began = time.process_time()
            results = index.write([Write(one) for one in documents[start : start + AT_ONCE]])
            assert {result.kind for result in results} == {"written"}
            writing += time.process_time() - began
            last = start + AT_ONCE >= len(documents)
            if last or (start + AT_ONCE) % BETWEEN_SWEEPS == 0:
                began = time.process_time()
                sweep(index, config.stories)
                sweeping += time.process_time() - began
        found = {article.id: article.news.story.id for article in index.scan()}
        index.close()
    return found, writing, sweeping


def main() -> int:
    """Runs it."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.stories", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("directory", type=Path, help="feed documents, one a file")
    parser.add_argument("--others", type=Path, nargs="*", default=[], help="JSON Lines, .gz or not")
    parser.add_argument("--originals", type=int, default=600, help="that copies are made of")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="pairs that were joined")
    args = parser.parse_args()
    draw, shown = random.Random(args.seed), random.Random(args.seed)
    found = list(texts(args.directory, args.others))
    documents: list[Article] = []
    origin: dict[str, str] = {}
    kinds: dict[str, str] = {}
    others: dict[str, str] = {}
    for number, text in enumerate(found):
        key = f"o{number:06d}"
        documents.append(document(key, text, NOW - timedelta(seconds=draw.randrange(2 * 86_400))))
        origin[key] = key
    alone, _, _ = stories_of(documents)
    sizes = Counter(alone.values())
    natural = judge(alone, origin, kinds, others).natural
    print(f"{len(found):,} articles; {len(natural)} pairs of them were joined")
    for one, other in shown.sample(natural, min(args.show, len(natural))):
        print(f"- {found[int(one[1:])].body[:150]!r}\n  {found[int(other[1:])].body[:150]!r}")
    long = [
        number
        for number, text in enumerate(found)
        if len(text.body.split()) >= LEAST_WORDS and sizes[alone[f"o{number:06d}"]] == 1
    ]
    chosen = draw.sample(long, min(args.originals, len(long)))
    vocabulary = [word for number in draw.sample(long, 200) for word in found[number].body.split()]
    abroad, rival = (Dictionary((found[number].body for number in long), draw) for _ in range(2))
    for number in chosen:
        for kind, text in zip(KINDS, copies(found[number], vocabulary, draw), strict=True):
            key = f"c{number:06d}{KINDS.index(kind)}"
            when = NOW - timedelta(seconds=draw.randrange(2 * 86_400))
            documents.append(document(key, text, when))
            origin[key], kinds[key] = f"o{number:06d}", kind
        if not is_prose(found[number]):
            continue
        for kind, text in zip(OTHERS, no_copies(found[number], abroad, rival, draw), strict=True):
            key = f"n{number:06d}{OTHERS.index(kind)}"
            when = NOW - timedelta(seconds=draw.randrange(2 * 86_400))
            documents.append(document(key, text, when))
            origin[key], others[key] = key, kind
    documents.sort(key=lambda one: (one.timestamp, one.id))
    shuffled = documents[:]
    draw.shuffle(shuffled)
    orders = {"as published": documents, "backwards": documents[::-1], "shuffled": shuffled}
    print(
        f"{len(kinds):,} copies of {len(chosen):,} articles, and {len(others):,} texts on the same "
        "that are no copies"
    )
    answers = []
    for name, order in orders.items():
        stories, writing, sweeping = stories_of(order)
        answers.append(stories)
        judged = judge(stories, origin, kinds, others)
        recall = ", ".join(f"{kind} {share:.3f}" for kind, share in judged.recall.items())
        costs = (1000 * seconds / len(order) for seconds in (writing, sweeping))
        write, swept = (f"{cost:.2f}" for cost in costs)
        print(f"{name}: precision {judged.precision:.4f}; recall {recall}")
        wrong = ", ".join(f"{count} with a {kind}" for kind, count in judged.misled.items())
        print(f"    wrong pairs: {len(judged.wrong)}, of which {wrong}")
        print(f"    CPU ms a document: write {write}, sweep {swept}")
    bodies = {one.id: one.news.body for one in documents}
    for one, other in shown.sample(judged.wrong, min(args.show, len(judged.wrong))):
        print(f"- {one} {bodies[one][:150]!r}\n  {other} {bodies[other][:150]!r}")
    same = all(answer == answers[0] for answer in answers)
    print(f"the same stories in every order: {same}")
    met = same and judged.precision >= MIN_PRECISION
    return 0 if met and all(share >= MIN_RECALL for share in judged.recall.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
