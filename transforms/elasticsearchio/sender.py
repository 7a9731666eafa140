"""Keeps several batches in flight: threads, the gate before the server, the end of a bundle."""

import random
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from transforms.elasticsearchio.batching import Batch, Batcher
from transforms.elasticsearchio.delivery import Api, Deliverer, Done, Tally
from transforms.elasticsearchio.encoding import Encoded
from transforms.elasticsearchio.limit import AdaptiveLimit
from transforms.elasticsearchio.retries import RetryPolicy


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


class LimitGate:
    """Holds requests back behind an `AdaptiveLimit`. May be used by several threads."""

    def __init__(self, most: int) -> None:
        self._limit = AdaptiveLimit(most)
        self._in_flight = 0
        self._changed = threading.Condition()

    def enter(self) -> int:
        """Waits for a place; gives a ticket."""
        with self._changed:
            while self._in_flight >= self._limit.limit:
                self._changed.wait()
            self._in_flight += 1
            return self._limit.start()

    def leave(self, ticket: int, *, overloaded: bool, answered: bool) -> None:
        """Gives the place back; the answer moves the limit."""
        with self._changed:
            self._in_flight -= 1
            if overloaded:
                self._limit.overloaded(ticket)
            elif answered:
                self._limit.succeeded()
            self._changed.notify_all()

    @property
    def limit(self) -> int:
        """Requests that may be in flight now."""
        return self._limit.limit


class SenderApi(Api, Protocol):
    """What a sender needs of `api.BulkApi`."""

    def max_body_bytes(self) -> int:
        """Gives the server's limit."""

    def close(self) -> None:
        """Closes the connections."""


class _Bundle:
    """What belongs to one bundle; left behind, with its late answers, if the bundle fails."""

    def __init__(self, batcher: Batcher) -> None:
        self.lock = threading.Lock()
        self.batcher = batcher
        self.in_flight = 0
        self.ended = threading.Condition()
        self.done: deque[Done] = deque()
        self.tallies: deque[Tally] = deque()
        self.errors: deque[BaseException] = deque()


class BulkSender:
    """Sends operations in batches, several at once. `begin`, then `add` and `take`, then `finish`.

    For one thread; what is sent goes on in others.
    """

    def __init__(
        self,
        api: SenderApi,
        options: SendOptions,
        policy: RetryPolicy,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._api = api
        self._options = options
        self._clock = clock
        self._closed = threading.Event()
        self.gate = LimitGate(options.max_in_flight)
        self.max_body_bytes = api.max_body_bytes()
        self._deliverer = Deliverer(
            api,
            self.gate,
            policy,
            # Ends at once when the sender is closed.
            self._closed.wait,
            clock,
            random.Random(),
            options.read_conflicts,
        )
        self._threads = ThreadPoolExecutor(options.max_in_flight, "elasticsearchio")
        self._bundle = self._new_bundle()
        self._ticker = threading.Thread(target=self._send_when_due, daemon=True)
        self._ticker.start()

    def begin(self) -> None:
        """Begins a bundle; forgets one that did not finish."""
        self._bundle = self._new_bundle()

    def add(self, operation: Encoded) -> None:
        """Takes an operation; waits while as many batches as may be are under way."""
        bundle = self._bundle
        with bundle.lock:
            for batch in bundle.batcher.add(operation, self._clock()):
                self._submit(bundle, batch)

    def take(self) -> list[Done]:
        """Gives what has ended since the last call, without waiting."""
        done = self._bundle.done
        return [done.popleft() for _ in range(len(done))]

    def tallies(self) -> list[Tally]:
        """Gives what the deliveries took that ended since the last call."""
        tallies = self._bundle.tallies
        return [tallies.popleft() for _ in range(len(tallies))]

    def finish(self) -> list[Done]:
        """Sends the rest, waits for every answer, and gives what has not been taken."""
        bundle = self._bundle
        with bundle.lock:
            rest = bundle.batcher.take()
            if rest:
                self._submit(bundle, rest)
        with bundle.ended:
            while bundle.in_flight:
                bundle.ended.wait()
        if bundle.errors:
            raise bundle.errors[0]
        return self.take()

    def close(self) -> None:
        """Ends the threads and closes the connections."""
        self._closed.set()
        self._ticker.join()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._api.close()

    def _new_bundle(self) -> _Bundle:
        options = self._options
        # The body must stay below the server's limit, last newline included.
        most = min(options.max_batch_bytes, self.max_body_bytes)
        return _Bundle(Batcher(options.max_batch_documents, most, options.max_batch_seconds))

    def _submit(self, bundle: _Bundle, batch: Batch) -> None:
        with bundle.ended:
            while bundle.in_flight >= self._options.max_in_flight:
                bundle.ended.wait()
            bundle.in_flight += 1
        self._threads.submit(self._deliver, bundle, batch)

    def _deliver(self, bundle: _Bundle, batch: Batch) -> None:
        try:
            done, tally = self._deliverer.deliver(batch)
            bundle.done.extend(done)
            bundle.tallies.append(tally)
        except BaseException as error:
            # A fault of this module's own: the bundle must not end as if all were well.
            bundle.errors.append(error)
        finally:
            with bundle.ended:
                bundle.in_flight -= 1
                bundle.ended.notify_all()

    def _send_when_due(self) -> None:
        """Sends what a slow stream has left lying; a bundle may be open for long."""
        while not self._closed.wait(self._options.max_batch_seconds / 2):
            bundle = self._bundle
            # Not while `add` holds it: then the stream is not slow.
            if not bundle.lock.acquire(blocking=False):
                continue
            try:
                if bundle.batcher.due(self._clock()):
                    self._submit(bundle, bundle.batcher.take())
            finally:
                bundle.lock.release()
