"""Writes batches of items, several at once, those of one document one after another."""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Generic, TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class BatchBounds:
    """How much at once.

    Attributes:
        max_items: Most items of a batch.
        max_size: A batch is written when its items' sizes reach this sum.
        at_once: Most batches under way.
    """

    max_items: int
    max_size: int
    at_once: int


@dataclass(slots=True, eq=False)
class _Batch(Generic[_Item, _Result]):
    items: list[_Item]
    keys: set[str]
    results: Future[Sequence[_Result]]


class WriteQueue(Generic[_Item, _Result]):
    """Gathers items into batches and writes them in threads while the next ones are gathered.

    While the index works on one batch, the merging of the next one goes on. Two batches with an
    item of the same key are never under way together: they would only meet in a conflict.

    For one thread. `begin`, then `add`, then `finish`; `close` at the end.
    """

    def __init__(
        self,
        write: Callable[[Sequence[_Item]], Sequence[_Result]],
        *,
        key: Callable[[_Item], str],
        size: Callable[[_Item], int],
        bounds: BatchBounds,
    ) -> None:
        """Makes an empty queue.

        Args:
            write: Writes a batch and gives a result for each item; called in other threads.
            key: Gives the id of an item's document.
            size: Gives an item's size, in the unit of `bounds`.
            bounds: How much at once.
        """
        self._write = write
        self._key = key
        self._size = size
        self._bounds = bounds
        self._threads = ThreadPoolExecutor(bounds.at_once, "write")
        self.begin()

    def begin(self) -> None:
        """Begins anew; forgets what was not finished."""
        self._gathered: list[_Item] = []
        self._gathered_size = 0
        self._under_way: list[_Batch[_Item, _Result]] = []

    def add(self, item: _Item) -> list[tuple[_Item, _Result]]:
        """Takes an item; gives items that have ended meanwhile, with their results.

        Items of one key end in their order, others in any.
        """
        self._gathered.append(item)
        self._gathered_size += self._size(item)
        bounds = self._bounds
        if len(self._gathered) >= bounds.max_items or self._gathered_size >= bounds.max_size:
            return self._send()
        return []

    def finish(self) -> list[tuple[_Item, _Result]]:
        """Writes the rest and gives everything that has not been given."""
        ended = self._send() if self._gathered else []
        while self._under_way:
            ended.extend(self._await_some())
        return ended

    def close(self) -> None:
        """Ends the threads; waits for what is under way."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _send(self) -> list[tuple[_Item, _Result]]:
        items, self._gathered, self._gathered_size = self._gathered, [], 0
        keys = {self._key(item) for item in items}
        ended = self._take_ended()
        while self._must_wait(keys):
            ended.extend(self._await_some())
        results = self._threads.submit(self._write, items)
        self._under_way.append(_Batch(items, keys, results))
        return ended

    def _must_wait(self, keys: set[str]) -> bool:
        if len(self._under_way) >= self._bounds.at_once:
            return True
        return any(not keys.isdisjoint(batch.keys) for batch in self._under_way)

    def _await_some(self) -> list[tuple[_Item, _Result]]:
        wait([batch.results for batch in self._under_way], return_when=FIRST_COMPLETED)
        return self._take_ended()

    def _take_ended(self) -> list[tuple[_Item, _Result]]:
        ended = [batch for batch in self._under_way if batch.results.done()]
        if not ended:
            return []
        self._under_way = [batch for batch in self._under_way if batch not in ended]
        return [
            pair
            for batch in ended
            for pair in zip(batch.items, batch.results.result(), strict=True)
        ]
