"""The few calls that the sink makes. Knows the official client; never retries, never waits."""

from collections.abc import Mapping, Sequence
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from transforms.elasticsearch_protocol.outcomes import Answer, RefusedError, item_answer
from transforms.elasticsearch_protocol.refusals import refusal
from transforms.elasticsearchio.encoding import Encoded
from transforms.elasticsearchio.operations import Standing

# Elasticsearch's own default of http.max_content_length.
DEFAULT_MAX_BODY_BYTES = 104_857_600

_RECEIPT = ("_index", "_id", "_version", "_seq_no", "_primary_term", "result", "status")
_ERROR = ("error.type", "error.reason", "error.caused_by.reason")
_FILTER = ["items.*." + name for name in (*_RECEIPT, *_ERROR)]


class BulkApi:
    """The sink's calls to one cluster. May be used by several threads."""

    def __init__(
        self, client: Elasticsearch, *, refresh: str = "false", pipeline: str | None = None
    ) -> None:
        """Wraps a client.

        Args:
            client: From `Connection.open`.
            refresh: `false`, `wait_for` or `true`: when a search is to see the writes.
            pipeline: An ingest pipeline, None for the index's own.
        """
        self._client = client
        self._options: dict[str, Any] = {"refresh": refresh}
        if pipeline is not None:
            self._options["pipeline"] = pipeline

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def max_body_bytes(self) -> int:
        """Asks for the smallest `http.max_content_length` of the nodes.

        The default where the user may not ask (that takes the `monitor` privilege) or nobody
        answers.
        """
        try:
            answer = self._client.nodes.info(
                metric="http", filter_path="nodes.*.http.max_content_length_in_bytes"
            )
            nodes = answer.get("nodes", {}).values()
            return min(int(node["http"]["max_content_length_in_bytes"]) for node in nodes)
        except (ApiError, TransportError, ValueError, KeyError):
            return DEFAULT_MAX_BODY_BYTES

    def bulk(self, batch: Sequence[Encoded]) -> list[Answer]:
        """Sends one request, and gives an answer for each operation, in their order.

        Raises:
            RefusedError: The request failed as a whole.
        """
        try:
            answer = self._client.bulk(
                operations=[item.lines for item in batch],  # type: ignore[misc]
                filter_path=_FILTER,
                **self._options,
            )
        except (ApiError, TransportError) as error:
            raise RefusedError(refusal(error)) from None
        items = answer.get("items", [])
        if len(items) != len(batch):
            reason = f"the bulk answer has {len(items)} items for {len(batch)} operations"
            raise RefusedError(Answer("retry", None, "", reason, ambiguous=True))
        return [item_answer(next(iter(item.values()))) for item in items]

    def standing(self, batch: Sequence[Encoded]) -> list[Standing | None]:
        """Reads what stands under the ids of a batch now (in real time, without a refresh).

        Gives None where that cannot be read: the read only adds to an outcome that is known.
        """
        asked = []
        for item in batch:
            document: dict[str, Any] = {"_index": item.concrete_index or item.index, "_id": item.id}
            if item.operation.routing is not None:
                document["routing"] = item.operation.routing
            asked.append(document)
        try:
            answer = self._client.mget(docs=asked)
        except (ApiError, TransportError):
            return [None] * len(batch)
        found = [_standing(document) for document in answer.get("docs", [])]
        return found if len(found) == len(batch) else [None] * len(batch)


def _standing(document: Mapping[str, Any]) -> Standing | None:
    if "error" in document:
        return None
    if not document.get("found"):
        return Standing(found=False)
    return Standing(
        found=True,
        version=document["_version"],
        seq_no=document["_seq_no"],
        primary_term=document["_primary_term"],
        source=document.get("_source"),
    )
