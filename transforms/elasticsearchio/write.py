"""WriteToElasticsearch: the sink."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.pvalue import TaggedOutput
from apache_beam.transforms.display import DisplayDataItem
from apache_beam.utils.windowed_value import WindowedValue

from transforms.elasticsearchio.connection import Connection
from transforms.elasticsearchio.delivery import Done, Tally
from transforms.elasticsearchio.encoding import encode
from transforms.elasticsearchio.operations import (
    ACTIONS,
    Action,
    FailedWrite,
    Receipt,
    UnfitOperationError,
    VersionType,
)
from transforms.elasticsearchio.retries import RetryPolicy
from transforms.elasticsearchio.sender import BulkSender, SendOptions
from transforms.elasticsearchio.shaping import Shape

_NAMESPACE = "elasticsearchio"
_FAILED = "failed"

OnFailure = Literal["output", "fail_bundle"]


class BulkWriteError(Exception):
    """Documents stayed unwritten to the last try, and `on_failure` is `fail_bundle`."""


class WriteResult(NamedTuple):
    """What `WriteToElasticsearch` gives; each element has one outcome, in one of the two.

    Attributes:
        written: `Receipt`s.
        failed: `FailedWrite`s.
    """

    written: beam.PCollection[Receipt]
    failed: beam.PCollection[FailedWrite]


class WriteToElasticsearch(beam.PTransform):
    """Writes operations or plain documents with the bulk API.

    Input: `Operation`s, or documents (mappings, or anything that `document` makes a mapping of)
    with functions for what else an operation needs. Output: a `WriteResult`; everything keeps the
    window and the timestamp of its element. An element in several windows counts as several.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        index: str | Callable[[Any], str] | None = None,
        action: Action | Callable[[Any], Action] = "index",
        id: Callable[[Any], str | None] | None = None,
        document: Callable[[Any], Mapping[str, Any]] | None = None,
        routing: Callable[[Any], str | None] | None = None,
        version: Callable[[Any], int | None] | None = None,
        version_type: VersionType = "external",
        require_alias: bool = False,
        pipeline: str | None = None,
        refresh: Literal["false", "wait_for", "true"] = "false",
        max_batch_documents: int = 1_000,
        max_batch_bytes: int = 10_000_000,
        max_batch_seconds: float = 1.0,
        max_in_flight: int = 4,
        retries: RetryPolicy | None = None,
        read_conflicts: bool = False,
        on_failure: OnFailure = "output",
    ) -> None:
        """Says what to write where.

        Args:
            connection: The cluster.
            index: Index, alias or data stream, or a function from the element to one. With
                operations, the name is for those that name none.
            action: `index`, `create`, `update` or `delete`, or a function from the element to one.
            id: From the element to the document's id; without one, ids are random.
            document: From the element to what is stored; without one, the element itself.
            routing: From the element to its routing value.
            version: From the element to its external version.
            version_type: `external` (an equal version conflicts) or `external_gte` (it replaces).
            require_alias: Refuse an index that is no alias, such as one made by a mistyped name.
            pipeline: An ingest pipeline.
            refresh: When a search is to see the writes: `false` at the index's next refresh,
                `wait_for` before the receipt, `true` at once, at a price.
            max_batch_documents: Most documents of a request.
            max_batch_bytes: Most bytes of a request; never more than the server allows.
            max_batch_seconds: In a long bundle, a batch goes off when its first document has
                waited so long. A bundle's end always sends.
            max_in_flight: Most requests in flight from one worker thread. After a 429 there are
                fewer.
            retries: When to try again, and when to stop.
            read_conflicts: Give with each conflict what stands there, for a compare-and-set.
            on_failure: What becomes of documents that stay unwritten to the last try though
                nothing is wrong with them: `output` to `.failed`, as transient, or `fail_bundle`,
                so that the runner tries the whole bundle again. Rejected documents and conflicts
                always go to `.failed`.

        Raises:
            ValueError: An argument is out of its range.
        """
        super().__init__()
        if not callable(action) and action not in ACTIONS:
            raise ValueError(f"no action {action!r}; there are {', '.join(ACTIONS)}")
        if on_failure not in ("output", "fail_bundle"):
            raise ValueError(f"on_failure is output or fail_bundle, not {on_failure!r}")
        self._do_fn = _WriteFn(
            connection,
            Shape(action, index, id, routing, version, version_type, document),
            SendOptions(
                max_batch_documents,
                max_batch_bytes,
                max_batch_seconds,
                max_in_flight,
                read_conflicts,
            ),
            retries or RetryPolicy(),
            {"refresh": refresh, "pipeline": pipeline},
            require_alias,
            on_failure,
        )

    def expand(self, pcoll: beam.PCollection) -> Any:
        """Writes; gives a `WriteResult` (typed `Any`, since Beam warns of types not its own)."""
        outputs = pcoll | "Bulk" >> beam.ParDo(self._do_fn).with_outputs(_FAILED, main="written")
        outputs.written.element_type = Receipt
        outputs[_FAILED].element_type = FailedWrite
        return WriteResult(outputs.written, outputs[_FAILED])

    def display_data(self) -> dict[str, Any]:
        """Shows the address, the index and the bounds; never a secret."""
        return self._do_fn.display_data()


class _WriteFn(beam.DoFn):
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
        self._metrics = _WriteMetrics()

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
        return TaggedOutput(_FAILED, value)


class _WriteMetrics:
    """The sink's metrics; to be used on the bundle's own thread, else Beam drops them."""

    def __init__(self) -> None:
        # Gathered here: a Beam counter's step costs as much as encoding a small document.
        self.outcomes: Counter[str] = Counter()
        self.counters = {
            outcome: Metrics.counter(_NAMESPACE, outcome)
            for outcome in ("written", "rejected", "conflict", "transient")
        }
        self.requests = Metrics.counter(_NAMESPACE, "requests")
        self.retries = Metrics.counter(_NAMESPACE, "retries")
        self.splits = Metrics.counter(_NAMESPACE, "splits")
        self.throttled = Metrics.counter(_NAMESPACE, "throttled")
        self.blocked = Metrics.counter(_NAMESPACE, "blocked")
        self.documents = Metrics.distribution(_NAMESPACE, "documents_per_request")
        self.bytes = Metrics.distribution(_NAMESPACE, "bytes_per_request")
        self.limit = Metrics.gauge(_NAMESPACE, "in_flight_limit")

    def count_outcomes(self) -> None:
        for outcome, number in self.outcomes.items():
            self.counters[outcome].inc(number)
        self.outcomes.clear()

    def count(self, tally: Tally) -> None:
        self.requests.inc(len(tally.requests))
        self.retries.inc(tally.retries)
        self.splits.inc(tally.splits)
        self.throttled.inc(tally.throttled)
        self.blocked.inc(tally.blocked)
        for documents, size in tally.requests:
            self.documents.update(documents)
            self.bytes.update(size)


def _unfit(element: Any, shape: Shape, reason: str) -> FailedWrite:
    """Says what is known of an operation that could not be sent."""
    index, identity, action = shape.known(element)
    return FailedWrite(element, index, identity, action, "rejected", None, "unfit", reason, 0)
