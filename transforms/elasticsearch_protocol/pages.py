"""Reads an index by pages: a point in time, its slices, `search_after`."""

import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from transforms.elasticsearch_protocol.hits import Hit, ReadError
from transforms.elasticsearch_protocol.refusals import refusal
from transforms.elasticsearch_protocol.retries import RetryPolicy

_T = TypeVar("_T")


class PageReader:
    """Reads pages from one cluster, trying again where the server is away or overloaded."""

    def __init__(
        self,
        client: Elasticsearch,
        policy: RetryPolicy,
        wait: Callable[[float], object],
        clock: Callable[[], float],
    ) -> None:
        self._client = client
        self._policy = policy
        self._wait = wait
        self._clock = clock
        self._rng = random.Random()

    def open_point_in_time(self, index: str, keep_alive: str) -> str:
        """Freezes what a search sees; gives the point's id.

        Raises:
            ReadError: There is no such index, or no answer to the last try.
        """
        answer = self._tried(
            f"opening {index}",
            lambda: self._client.open_point_in_time(index=index, keep_alive=keep_alive),
        )
        return str(answer["id"])

    def close_point_in_time(self, point: str) -> None:
        """Frees what the server holds for a point; one that is away already is no error."""
        try:
            self._client.close_point_in_time(id=point)
        except (ApiError, TransportError):
            # The server frees it by itself when its keep_alive is over.
            return

    def read_slice(
        self,
        point: str,
        keep_alive: str,
        part: tuple[int, int],
        *,
        query: Mapping[str, Any] | None,
        source: Any,
        page_documents: int,
    ) -> Iterator[Hit]:
        """Reads one slice to its end, a page at a time.

        Args:
            point: From `open_point_in_time`.
            keep_alive: How long the point lives on after each page.
            part: Slice number from 0, and how many there are.
            query: What to find, None for all.
            source: Fields to fetch, as Elasticsearch's `_source`; True for all.
            page_documents: Documents of a page.

        Raises:
            ReadError: The point is away, the query is refused, or no answer to the last try.
        """
        request: dict[str, Any] = {
            "pit": {"id": point, "keep_alive": keep_alive},
            "query": query or {"match_all": {}},
            "size": page_documents,
            "sort": ["_shard_doc"],
            "source": source,
            "version": True,
            "seq_no_primary_term": True,
            "track_total_hits": False,
            # Half a result would look like a whole one.
            "allow_partial_search_results": False,
        }
        if part[1] > 1:
            request["slice"] = {"id": part[0], "max": part[1]}
        what = f"reading slice {part[0] + 1} of {part[1]}"
        while True:
            answer = self._tried(what, lambda: self._client.search(**request))
            hits = answer["hits"]["hits"]
            for hit in hits:
                yield _hit(hit)
            if len(hits) < page_documents:
                return
            request["search_after"] = hits[-1]["sort"]
            request["pit"] = {"id": answer["pit_id"], "keep_alive": keep_alive}

    def _tried(self, what: str, call: Callable[[], _T]) -> _T:
        began, attempts = self._clock(), 0
        while True:
            attempts += 1
            try:
                return call()
            except (ApiError, TransportError) as error:
                answer = refusal(error)
                delay = None
                if answer.verdict == "retry":
                    delay = self._policy.delay(
                        attempts,
                        self._clock() - began,
                        self._rng,
                        blocked=answer.blocked,
                        retry_after=answer.retry_after,
                    )
                if delay is None:
                    tries = "1 try" if attempts == 1 else f"{attempts} tries"
                    raise ReadError(f"{what}, {tries}: {answer.reason}") from None
            self._wait(delay)


def _hit(hit: Mapping[str, Any]) -> Hit:
    return Hit(
        hit["_index"],
        hit["_id"],
        hit.get("_source", {}),
        hit.get("_version", 0),
        hit.get("_seq_no", -1),
        hit.get("_primary_term", 0),
        hit.get("_routing"),
    )
