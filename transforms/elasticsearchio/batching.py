"""Gathers lines into batches by count, bytes and age."""

from transforms.elasticsearchio.encoding import Encoded

Batch = list[Encoded]


class Batcher:
    """Gathers operations in their order. Pure: the clock is passed in.

    Args:
        max_documents: Most operations of a batch.
        max_bytes: Most bytes of a batch's body; a larger operation is a batch of its own.
        max_seconds: Age of the first operation at which a batch is due.
    """

    def __init__(self, max_documents: int, max_bytes: int, max_seconds: float) -> None:
        self._max_documents = max_documents
        self._max_bytes = max_bytes
        self._max_seconds = max_seconds
        self._batch: Batch = []
        self._bytes = 0
        self._since = 0.0

    def add(self, operation: Encoded, now: float) -> list[Batch]:
        """Takes an operation and gives the batches that are full: none, one or two."""
        full = []
        size = len(operation.lines) + 1
        if self._batch and self._bytes + size > self._max_bytes:
            full.append(self.take())
        if not self._batch:
            self._since = now
        self._batch.append(operation)
        self._bytes += size
        if len(self._batch) >= self._max_documents or self._bytes >= self._max_bytes:
            full.append(self.take())
        return full

    def due(self, now: float) -> bool:
        """Says whether what is gathered has waited long enough."""
        return bool(self._batch) and now - self._since >= self._max_seconds

    def take(self) -> Batch:
        """Gives what is gathered, and begins anew."""
        batch, self._batch, self._bytes = self._batch, [], 0
        return batch


def halves(batch: Batch) -> tuple[Batch, Batch]:
    """Splits a batch of two or more, to find the operation that spoils it."""
    middle = len(batch) // 2
    return batch[:middle], batch[middle:]
