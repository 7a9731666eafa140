"""ReadFromElasticsearch: the source."""

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.pvalue import TaggedOutput
from apache_beam.transforms.display import DisplayDataItem

from transforms.elasticsearch_protocol.hits import Hit
from transforms.elasticsearch_protocol.retries import RetryPolicy
from transforms.elasticsearchio.connection import Connection

# Point in time, slice from 0, number of slices.
_Part = tuple[str, int, int]
_ENDED = "ended"


class ReadFromElasticsearch(beam.PTransform):
    """Reads what a query finds in an index, as it stood when the read began.

    Applied to a pipeline. Output: `Hit`s, in no order. All slices read the same point in time, so
    that each document comes exactly once whatever is written meanwhile; a slice is read by one
    worker, page by page.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        index: str,
        query: Mapping[str, Any] | None = None,
        source: bool | str | Iterable[str] = True,
        slices: int = 4,
        page_documents: int = 1_000,
        keep_alive: str = "5m",
        retries: RetryPolicy | None = None,
    ) -> None:
        """Says what to read.

        Args:
            connection: The cluster.
            index: Index, alias, data stream, or a pattern of them.
            query: A query in Elasticsearch's own form, such as `{"term": {"genre": "essay"}}`;
                without one, everything.
            source: Name (with wildcards) of the field to fetch, or several; False fetches none.
            slices: Parts that may be read at the same time.
            page_documents: Documents of a page; the page is held in memory.
            keep_alive: How long the server keeps the point in time between two pages.
            retries: When to try a page again, and when to stop.

        Raises:
            ValueError: An argument is out of its range.
        """
        super().__init__()
        if slices < 1:
            raise ValueError("slices must be at least 1")
        if not 1 <= page_documents <= 10_000:
            raise ValueError("page_documents must be 1 to 10000 (index.max_result_window)")
        if query is not None and (not isinstance(query, Mapping) or set(query) == {"query"}):
            raise ValueError(
                'query must be a mapping of what stands below "query" in a search, such as '
                f'{{"match_all": {{}}}}, not {query!r}'
            )
        self._connection = connection
        self._index = index
        self._slices = slices
        self._keep_alive = keep_alive
        self._policy = retries or RetryPolicy()
        self._search = {
            "query": dict(query) if query is not None else None,
            "source": source if isinstance(source, bool | str) else list(source),
            "page_documents": page_documents,
        }

    def expand(self, pbegin: beam.pvalue.PBegin) -> beam.PCollection[Hit]:
        """Opens a point in time, reads its slices, and closes it."""
        common = (self._connection, self._policy, self._keep_alive)
        read = (
            pbegin
            | "Index" >> beam.Create([self._index])
            | "Open" >> beam.ParDo(_OpenFn(*common, self._slices)).with_output_types(_Part)
            | "Spread" >> beam.Reshuffle()
            | "Read" >> beam.ParDo(_ReadFn(*common, self._search)).with_outputs(_ENDED, main="hits")
        )
        ended = read[_ENDED]
        ended.element_type = beam.typehints.KV[str, int]
        # The group is whole only when every slice is read.
        ended | "Gather" >> beam.GroupByKey() | "Close" >> beam.ParDo(_CloseFn(*common))
        read.hits.element_type = Hit
        return read.hits

    def display_data(self) -> dict[str, Any]:
        """Shows the address, the index and the query; never a secret."""
        return {
            "address": DisplayDataItem(self._connection.address, label="Elasticsearch"),
            "index": DisplayDataItem(self._index, label="Index"),
            "query": str(self._search["query"] or "everything"),
            "slices": self._slices,
            "page_documents": self._search["page_documents"],
            "keep_alive": self._keep_alive,
        }


class _ReaderFn(beam.DoFn):
    """Opens and closes what all three steps need."""

    def __init__(self, connection: Connection, policy: RetryPolicy, keep_alive: str) -> None:
        self._connection = connection
        self._policy = policy
        self._keep_alive = keep_alive
        self._client: Any = None
        self._reader: Any = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_client": None, "_reader": None}

    def setup(self) -> None:
        # Imports the official client: a third of a second that only a worker needs to spend.
        from transforms.elasticsearch_protocol.pages import PageReader

        self._client = self._connection.open()
        self._reader = PageReader(self._client, self._policy, time.sleep, time.monotonic)

    def teardown(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = self._reader = None


class _OpenFn(_ReaderFn):
    def __init__(
        self, connection: Connection, policy: RetryPolicy, keep_alive: str, slices: int
    ) -> None:
        super().__init__(connection, policy, keep_alive)
        self._slices = slices

    def process(self, index: str) -> Iterator[_Part]:
        point = self._reader.open_point_in_time(index, self._keep_alive)
        for number in range(self._slices):
            yield point, number, self._slices


class _ReadFn(_ReaderFn):
    def __init__(
        self,
        connection: Connection,
        policy: RetryPolicy,
        keep_alive: str,
        search: Mapping[str, Any],
    ) -> None:
        super().__init__(connection, policy, keep_alive)
        self._search = search
        self._read = Metrics.counter("elasticsearchio", "read")

    def process(self, part: _Part) -> Iterator[Any]:
        point, number, slices = part
        read = 0
        for hit in self._reader.read_slice(
            point, self._keep_alive, (number, slices), **self._search
        ):
            read += 1
            yield hit
        self._read.inc(read)
        yield TaggedOutput(_ENDED, (point, number))


class _CloseFn(_ReaderFn):
    def process(self, ended: tuple[str, Iterable[int]]) -> None:
        self._reader.close_point_in_time(ended[0])
