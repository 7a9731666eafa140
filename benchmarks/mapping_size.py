"""Bytes a document on Elasticsearch: our mapping against the naive dynamic one.

    python -m benchmarks.mapping_size DIRECTORY [--copies 1] [--json]

DIRECTORY holds feed documents, one a file. Their articles, tagged, each in so many copies under
other ids, are written to one index by index: `ours` is set up as `dateline setup` does, `by
language` with `index.analysis: language`, `dynamic` is left to guess the mapping from the same
JSON. Each is merged to one segment before it is measured. The server is the one at
ELASTICSEARCH_URL, else one of its own, with language analyzers.
"""

import argparse
import json
import os
import sys
import urllib.request
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from schemas.article import Article, Sight
from schemas.config import Config, IndexConfig, LimitsConfig, TaggerConfig
from schemas.errors import TerminalError
from schemas.feed import Feed
from tests.servers.elasticsearch_indices import delete_indices, request
from tests.servers.elasticsearch_server import open_server
from transforms.feeds.articles import articles_of
from transforms.storage.article_index import Write
from transforms.storage.elasticsearch.article_index import ElasticsearchArticleIndex
from transforms.storage.merge import merge
from transforms.tagging.content import tag_content
from transforms.tagging.shared import shared_tagger

NOW = datetime(2100, 1, 1, tzinfo=UTC)
AT_ONCE = 200


def articles(folder: Path) -> Iterator[Article]:
    """Gives the tagged articles of a folder's feeds, each id once."""
    tagger, known = shared_tagger(TaggerConfig()), set()
    for path in sorted(folder.iterdir()):
        feed = Feed(url=f"http://{path.stem.lower().replace('_', '-')[:60]}.example/feed")
        try:
            found = list(articles_of(path.read_bytes(), feed.url, "", feed, NOW, LimitsConfig()))
        except TerminalError:
            continue
        for sight in found:
            if isinstance(sight, Sight) and sight.article_id not in known:
                known.add(sight.article_id)
                domain = sight.link.registered_domain
                content = tag_content(tagger, sight.content, domain, "")
                yield merge(None, sight.model_copy(update={"content": content})).article


def copied(made: list[Article], copies: int) -> Iterator[Article]:
    """Gives each article so many times, under ids of its own."""
    for copy in range(copies):
        for article in made:
            yield article.model_copy(update={"id": f"{article.id[:28]}{copy:04d}"})


def bytes_of(url: str, index: str) -> tuple[int, int]:
    """Merges an index to one segment; gives its bytes and its documents."""
    request(url, "POST", f"{index}/_flush")
    request(url, "POST", f"{index}/_forcemerge?max_num_segments=1")
    request(url, "POST", f"{index}/_flush")
    stats = request(url, "GET", f"{index}/_stats/store,docs")["_all"]["primaries"]
    return int(stats["store"]["size_in_bytes"]), int(stats["docs"]["count"])


def write_ours(url: str, prefix: str, analysis: str, made: list[Article]) -> tuple[int, int]:
    """Writes through our own index."""
    values = {"url": url, "prefix": prefix, "analysis": analysis}
    index = ElasticsearchArticleIndex(Config(index=IndexConfig.model_validate(values)))
    index.setup()
    for start in range(0, len(made), AT_ONCE):
        results = index.write([Write(one) for one in made[start : start + AT_ONCE]])
        assert {result.kind for result in results} == {"written"}
    index.refresh()
    index.close()
    return bytes_of(url, f"{prefix}news-articles")


def bulk(url: str, index: str, body: bytes) -> Any:
    """Posts NDJSON."""
    sent = urllib.request.Request(
        f"{url}/{index}/_bulk", data=body, headers={"Content-Type": "application/x-ndjson"}
    )
    with urllib.request.urlopen(sent, timeout=120) as answer:
        return json.load(answer)


def write_dynamic(url: str, index: str, made: list[Article]) -> tuple[int, int]:
    """Writes the same JSON to an index that has no mapping."""
    settings = {"number_of_replicas": 0, "index.mapping.total_fields.limit": 5000}
    request(url, "PUT", index, {"settings": settings})
    for start in range(0, len(made), AT_ONCE):
        lines: list[Any] = []
        for one in made[start : start + AT_ONCE]:
            document = one.to_document()
            document["event"]["id"] = one.id
            lines += [{"index": {"_id": one.id}}, document]
        answer = bulk(url, index, b"".join(to_json(line) + b"\n" for line in lines))
        assert not answer["errors"], str(answer)[:1000]
    return bytes_of(url, index)


def measure(url: str, folder: Path, copies: int) -> dict[str, Any]:
    """Gives bytes a document of each way, and their ratios to the dynamic mapping."""
    made = list(copied(list(articles(folder)), copies))
    prefix = f"size-{uuid.uuid4().hex[:8]}-"
    try:
        ways = {
            "ours": write_ours(url, f"{prefix}plain-", "plain", made),
            "by_language": write_ours(url, f"{prefix}language-", "language", made),
            "dynamic": write_dynamic(url, f"{prefix}dynamic", made),
        }
    finally:
        delete_indices(url, prefix)
    assert {count for _, count in ways.values()} == {len(made)}
    each = {name: size / count for name, (size, count) in ways.items()}
    source = sum(len(to_json(one.to_document())) for one in made) / len(made)
    return {
        "documents": len(made),
        "json_bytes": round(source),
        **{f"{name}_bytes": round(size) for name, size in each.items()},
        "ours_of_dynamic": round(each["ours"] / each["dynamic"], 2),
        "by_language_of_dynamic": round(each["by_language"] / each["dynamic"], 2),
    }


def main() -> int:
    """Runs it."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.mapping_size", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("directory", type=Path, help="feed documents, one a file")
    parser.add_argument("--copies", type=int, default=1, help="of each article (default: 1)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    args = parser.parse_args()
    url = os.environ.get("ELASTICSEARCH_URL", "").rstrip("/")
    server = None if url else open_server(with_languages=True)
    try:
        figures = measure(server.url if server else url, args.directory, args.copies)
    finally:
        if server is not None:
            server.close()
    if args.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name.replace('_', ' '):24} {value:>10,}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
