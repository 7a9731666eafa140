"""How much a sender sends at once, and what it keeps of the bundle that it is working on."""

import threading
from collections import deque
from dataclasses import dataclass

from transforms.elasticsearchio.batching import Batch, Batcher
from transforms.elasticsearchio.delivery import Tally
from transforms.elasticsearchio.id_order import IdOrder
from transforms.elasticsearchio.operations import FailedWrite
from transforms.elasticsearchio.results import Done


@dataclass(frozen=True, slots=True)
class SendOptions:
    """How much at once.

    Attributes:
        max_batch_documents: Most operations of a request.
        max_batch_bytes: Most bytes of a request's body, where the server allows as many.
        max_batch_seconds: A batch is sent when its first operation has waited so long.
        max_in_flight: Most requests in flight, of one `BulkSender`.
        read_conflicts: Tell with each conflict what stands there.
    """

    max_batch_documents: int = 1_000
    max_batch_bytes: int = 10_000_000
    max_batch_seconds: float = 1.0
    max_in_flight: int = 4
    read_conflicts: bool = False

    def __post_init__(self) -> None:
        for name in ("max_batch_documents", "max_batch_bytes", "max_in_flight"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1")
        if self.max_batch_seconds <= 0:
            raise ValueError("max_batch_seconds must be positive")


class Bundle:
    """What belongs to one bundle; left behind, with its late answers, if the bundle fails."""

    def __init__(self, batcher: Batcher) -> None:
        # Guards batcher and order, which the ticker's thread uses too.
        self.lock = threading.Lock()
        self.batcher = batcher
        self.order = IdOrder()
        # Guards in_flight; told when a delivery ends.
        self.ended = threading.Condition()
        self.in_flight = 0
        # Batches that have ended, and what of them stayed unwritten to the last try.
        self.delivered: deque[tuple[Batch, list[FailedWrite]]] = deque()
        self.done: deque[Done] = deque()
        self.tallies: deque[Tally] = deque()
        self.errors: deque[BaseException] = deque()
