"""WriteToElasticsearch: the sink."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

import apache_beam as beam

from transforms.elasticsearch_protocol.retries import RetryPolicy
from transforms.elasticsearchio.bundle import SendOptions
from transforms.elasticsearchio.connection import Connection
from transforms.elasticsearchio.operations import (
    ACTIONS,
    VERSION_TYPES,
    Action,
    FailedWrite,
    Receipt,
    VersionType,
)
from transforms.elasticsearchio.shaping import Shape
from transforms.elasticsearchio.write_fn import FAILED, OnFailure, WriteFn

REFRESHES = ("false", "wait_for", "true")


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

    Operations on one document are carried out in the order in which a bundle brings them: a later
    one waits until the earlier one has its outcome.
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
        functions = {"id": id, "document": document, "routing": routing, "version": version}
        for name, function in functions.items():
            if function is not None and not callable(function):
                # A field's name for an id would give all documents one and the same.
                raise ValueError(
                    f"{name} must be a function of the element, such as "
                    f'lambda book: book["isbn"], not {function!r}'
                )
        if index is not None and not isinstance(index, str) and not callable(index):
            raise ValueError(f"index must be a name or a function of the element, not {index!r}")
        if version_type not in VERSION_TYPES:
            known = ", ".join(VERSION_TYPES)
            raise ValueError(f"no version_type {version_type!r}; there are {known}")
        if refresh not in REFRESHES:
            raise ValueError(f"refresh is one of {', '.join(REFRESHES)}, not {refresh!r}")
        if on_failure not in ("output", "fail_bundle"):
            raise ValueError(f"on_failure is output or fail_bundle, not {on_failure!r}")
        self._do_fn = WriteFn(
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
        outputs = pcoll | "Bulk" >> beam.ParDo(self._do_fn).with_outputs(FAILED, main="written")
        outputs.written.element_type = Receipt
        outputs[FAILED].element_type = FailedWrite
        return WriteResult(outputs.written, outputs[FAILED])

    def display_data(self) -> dict[str, Any]:
        """Shows the address, the index and the bounds; never a secret."""
        return self._do_fn.display_data()
