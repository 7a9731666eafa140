"""The DoFn of the sink: elements in, results out, each with its element's window."""

from collections.abc import Iterator
from typing import Any, Literal

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput
from apache_beam.transforms.display import DisplayDataItem
from apache_beam.utils.windowed_value import WindowedValue

from transforms.elasticsearch_protocol.retries import RetryPolicy
from transforms.elasticsearchio.bundle import SendOptions
from transforms.elasticsearchio.connection import Connection
from transforms.elasticsearchio.encoding import encode
from transforms.elasticsearchio.operations import FailedWrite, Receipt, UnfitOperationError
from transforms.elasticsearchio.results import Done
from transforms.elasticsearchio.sender import BulkSender
from transforms.elasticsearchio.shaping import Shape
from transforms.elasticsearchio.write_metrics import WriteMetrics

FAILED = "failed"

OnFailure = Literal["output", "fail_bundle"]


class BulkWriteError(Exception):
    """Documents stayed unwritten to the last try, and `on_failure` is `fail_bundle`."""


class WriteFn(beam.DoFn):
    """Sends elements through a `BulkSender`; the arguments are `WriteToElasticsearch`'s."""

    def __init__(
        self,
        connection: Connection,
        shape: Shape,
        options: SendOptions,
        policy: RetryPolicy,
        request: dict[str, Any],
        require_alias: bool,
        on_failure: OnFailure,
    ) -> None:
        self._connection = connection
        self._shape = shape
        self._options = options
        self._policy = policy
        self._request = request
        self._require_alias = require_alias
        self._on_failure = on_failure
        self._sender: BulkSender | None = None
        self._metrics = WriteMetrics()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_sender": None}

    def display_data(self) -> dict[str, Any]:
        shape, options = self._shape, self._options
        index = "a function" if callable(shape.index) else shape.index
        return {
            "address": DisplayDataItem(self._connection.address, label="Elasticsearch"),
            "index": DisplayDataItem(index, label="Index").drop_if_none(),
            "action": "a function" if callable(shape.action) else shape.action,
            "max_batch_documents": options.max_batch_documents,
            "max_batch_bytes": options.max_batch_bytes,
            "max_in_flight": options.max_in_flight,
            "max_attempts": self._policy.max_attempts,
            "on_failure": self._on_failure,
        }

    def setup(self) -> None:
        # Imports the official client: a third of a second that only a worker needs to spend.
        from transforms.elasticsearchio.api import BulkApi

        api = BulkApi(self._connection.open(self._options.max_in_flight), **self._request)
        self._sender = BulkSender(api, self._options, self._policy)

    def start_bundle(self) -> None:
        assert self._sender is not None
        self._sender.begin()

    def process(
        self,
        element: Any,
        timestamp: object = beam.DoFn.TimestampParam,
        window: object = beam.DoFn.WindowParam,
        pane_info: object = beam.DoFn.PaneInfoParam,
    ) -> Iterator[Any]:
        assert self._sender is not None
        context = (timestamp, window, pane_info)
        try:
            operation = self._shape.operation(element)
            encoded = encode(
                element, context, operation, self._shape.default_index(), self._require_alias
            )
            self._refuse_giant(len(encoded.lines) + 1)
        except UnfitOperationError as error:
            yield self._output(Done(context, _unfit(element, self._shape, str(error))))
        else:
            self._sender.add(encoded)
        for done in self._sender.take():
            yield self._output(done)

    def finish_bundle(self) -> Iterator[Any]:
        assert self._sender is not None
        rest = self._sender.finish()
        for tally in self._sender.tallies():
            self._metrics.count(tally)
        self._metrics.limit.set(self._sender.gate.limit)
        for done in rest:
            yield self._output(done)
        self._metrics.count_outcomes()

    def teardown(self) -> None:
        if self._sender is not None:
            self._sender.close()
            self._sender = None

    def _refuse_giant(self, size: int) -> None:
        assert self._sender is not None
        if size > self._sender.max_body_bytes:
            raise UnfitOperationError(
                f"the document has {size} bytes in its request; the server takes at most "
                f"{self._sender.max_body_bytes} (http.max_content_length)"
            )

    def _output(self, done: Done) -> Any:
        timestamp, window, pane_info = done.context
        result = done.result
        value = WindowedValue(result, timestamp, (window,), pane_info)
        if isinstance(result, Receipt):
            self._metrics.outcomes["written"] += 1
            return value
        self._metrics.outcomes[result.outcome] += 1
        if result.outcome == "transient" and self._on_failure == "fail_bundle":
            raise BulkWriteError(
                f"Elasticsearch at {self._connection.address} did not take document {result.id} "
                f"of {result.index} in {result.attempts} tries: {result.reason}"
            )
        return TaggedOutput(FAILED, value)


def _unfit(element: Any, shape: Shape, reason: str) -> FailedWrite:
    """Says what is known of an operation that could not be sent."""
    index, identity, action = shape.known(element)
    return FailedWrite(element, index, identity, action, "rejected", None, "unfit", reason, 0)
