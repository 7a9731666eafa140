"""Reading documents: by id in real time, and all that match a query."""

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.errors import TransientError
from transforms.elasticsearch_protocol.hits import Hit, ReadError
from transforms.elasticsearch_protocol.outcomes import error_text
from transforms.elasticsearch_protocol.pages import PageReader
from transforms.elasticsearch_protocol.retries import RetryPolicy
from transforms.storage.article_index import Version
from transforms.storage.elasticsearch.client import Client

PIT_KEEP_ALIVE = "5m"
# An article's document takes some ten kilobytes.
PAGE_DOCUMENTS = 200


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document, and the version that a compare-and-set write must present."""

    id: str
    source: dict[str, Any]
    version: Version = (-1, -1, "")


def read_documents(
    client: Client,
    index: str,
    ids: Sequence[str],
    *,
    at_once: int = 100,
    includes: Sequence[str] | None = None,
    excludes: Sequence[str] | None = None,
) -> dict[str, Document]:
    """Reads documents by id, in real time: an acknowledged write is always seen.

    Args:
        client: Where to read.
        index: An index, or an alias of one index.
        ids: Ids that are not there are missing in the answer.
        at_once: Documents in one answer; few where they are large.
        includes: Only these fields of the documents.
        excludes: All fields but these.

    Raises:
        TransientError: They cannot be read now.
    """
    found: dict[str, Document] = {}
    unique = list(dict.fromkeys(ids))
    for start in range(0, len(unique), at_once):
        with client.translated(f"reading documents of {index}"):
            answer = client.api.mget(
                index=index,
                ids=unique[start : start + at_once],
                source_includes=includes,
                source_excludes=excludes,
            )
        for item in answer["docs"]:
            if "error" in item:
                missing = item["error"].get("type") == "index_not_found_exception"
                hint = "; `dateline setup` makes it" if missing else ""
                raise TransientError(
                    f"Elasticsearch at {client.url}, while reading documents of {index}: "
                    f"{error_text(item['error'])}{hint}"
                )
            if item["found"]:
                version = (item["_seq_no"], item["_primary_term"], item["_index"])
                found[item["_id"]] = Document(item["_id"], item["_source"], version)
    return found


def read_all(client: Client, index: str, tries: int) -> Iterator[Hit]:
    """Gives every document as of now, as `ReadFromElasticsearch` does.

    It goes on where the server is away or overloaded for a moment: an export takes long, and cannot
    be begun again by who reads its output.

    Args:
        client: Where to read.
        index: An index, or an alias.
        tries: Of each page.

    Raises:
        TransientError: They cannot be read now.
    """
    with client.translated(f"reading all of {index}"):
        client.api.indices.refresh(index=index)
    policy = RetryPolicy(max_attempts=tries)
    reader = PageReader(client.api, policy, time.sleep, time.monotonic)
    try:
        point = reader.open_point_in_time(index, PIT_KEEP_ALIVE)
        try:
            yield from reader.read_slice(
                point,
                PIT_KEEP_ALIVE,
                (0, 1),
                query=None,
                source=True,
                page_documents=PAGE_DOCUMENTS,
            )
        finally:
            reader.close_point_in_time(point)
    except ReadError as error:
        raise TransientError(f"Elasticsearch at {client.url}, while {error}") from None


def scan_documents(
    client: Client,
    index: str,
    *,
    query: Mapping[str, Any] | None = None,
    sort: Sequence[Mapping[str, Any]] = ({"_shard_doc": "asc"},),
    at_once: int = 200,
    source: Any = True,
    preference: str | None = None,
    versions: bool = False,
) -> Generator[Document, None, None]:
    """Gives every document that matches, as of now (what is not refreshed yet included).

    The documents come without versions unless asked for; read again by id what is to be replaced.

    Args:
        client: Where to read.
        index: An index, or an alias.
        query: Which ones; all without.
        sort: The order.
        at_once: Documents in one answer.
        source: As in the search's `_source`.
        preference: Which copies of which shards answer.
        versions: Each document comes with its version.

    Raises:
        TransientError: They cannot be read now.
    """
    what = f"reading all of {index}"
    with client.translated(what):
        client.api.indices.refresh(index=index)
        pit = client.api.open_point_in_time(
            index=index, keep_alive=PIT_KEEP_ALIVE, preference=preference
        )["id"]
    try:
        after: Any = None
        while True:
            with client.translated(what):
                answer = client.api.search(
                    pit={"id": pit, "keep_alive": PIT_KEEP_ALIVE},
                    query=query or {"match_all": {}},
                    sort=list(sort),
                    search_after=after,
                    size=at_once,
                    source=source,
                    seq_no_primary_term=versions,
                    track_total_hits=False,
                )
            pit = answer["pit_id"]
            hits = answer["hits"]["hits"]
            for hit in hits:
                yield _found(hit, versions)
            if len(hits) < at_once:
                return
            after = hits[-1]["sort"]
    finally:
        # A server that is away has lost the point in time, or drops it after its keep-alive.
        try:
            with client.translated(what):
                client.api.close_point_in_time(id=pit)
        except TransientError:
            pass


def _found(hit: Mapping[str, Any], versions: bool) -> Document:
    source = hit.get("_source", {})
    if not versions:
        return Document(hit["_id"], source)
    return Document(hit["_id"], source, (hit["_seq_no"], hit["_primary_term"], hit["_index"]))
