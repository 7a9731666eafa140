"""Several writers of one document: any interleaving of their writes ends with the same document."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.article import Article, Sight
from tests.servers.elasticsearch_indices import request
from tests.transforms.storage.sights import feed_histories
from transforms.elasticsearchio import Connection, FailedWrite, Operation, Receipt, RetryPolicy
from transforms.elasticsearchio.api import BulkApi
from transforms.elasticsearchio.bundle import SendOptions
from transforms.elasticsearchio.encoding import encode
from transforms.elasticsearchio.sender import BulkSender
from transforms.storage.merge import merge

_NUMBERS = count()


@pytest.fixture
def sender(elasticsearch_url: str) -> Iterator[BulkSender]:
    api = BulkApi(Connection(elasticsearch_url).open())
    opened = BulkSender(api, SendOptions(max_in_flight=1, read_conflicts=True), RetryPolicy())
    yield opened
    opened.close()


class Writer:
    """Brings one feed's sights in; knows of the document only what its own writes have told."""

    def __init__(self, sender: BulkSender, index: str, key: str, sights: list[Sight]) -> None:
        self._sender, self._index, self._key = sender, index, key
        self.left = list(sights)
        self._known: Article | None = None
        self._version: dict[str, Any] = {}
        self.conflicts = 0

    def step(self) -> None:
        """Merges the next sight into what is known, and tries to write it."""
        merged = merge(self._known, self.left[0])
        if merged.change == "unchanged":
            self.left.pop(0)
            return
        action = "index" if self._version else "create"
        document = merged.article.to_document()
        operation = Operation(action, self._key, document, **self._version)  # type: ignore[arg-type]
        self._sender.begin()
        self._sender.add(encode(None, None, operation, self._index))
        (done,) = self._sender.finish()
        result = done.result
        if isinstance(result, Receipt):
            self.left.pop(0)
            self._known = merged.article
            self._remember(result)
            return
        assert isinstance(result, FailedWrite)
        assert result.outcome == "conflict"
        standing = result.standing
        assert standing is not None
        assert standing.source is not None
        self.conflicts += 1
        self._known = Article.from_document(self._key, dict(standing.source))
        self._remember(standing)

    def _remember(self, there: Any) -> None:
        self._version = {"if_seq_no": there.seq_no, "if_primary_term": there.primary_term}


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(histories=feed_histories(), data=st.data())
def test_any_interleaving_of_writers_ends_with_the_same_document(
    sender: BulkSender,
    elasticsearch_url: str,
    index_prefix: str,
    histories: list[list[Sight]],
    data: st.DataObject,
) -> None:
    index, key = f"{index_prefix}a", f"article-{next(_NUMBERS)}"
    if request(elasticsearch_url, "GET", index) is None:
        settings_ = {"number_of_shards": 1, "number_of_replicas": 0}
        body = {"settings": settings_, "mappings": {"dynamic": False}}
        request(elasticsearch_url, "PUT", index, body)
    sights = [sight.model_copy(update={"article_id": key}) for part in histories for sight in part]
    expected: Article | None = None
    for sight in sights:
        expected = merge(expected, sight).article
    writers = [
        Writer(sender, index, key, [one for one in sights if one.feed.url == part[0].feed.url])
        for part in histories
    ]
    while going := [writer for writer in writers if writer.left]:
        number: int = data.draw(st.integers(0, len(going) - 1))
        going[number].step()
    stored = request(elasticsearch_url, "GET", f"{index}/_doc/{key}")
    assert expected is not None
    assert stored["_source"] == expected.to_document()
    # Each feed but the first to write had to be told what stood there.
    assert sum(writer.conflicts for writer in writers) >= len(writers) - 1
