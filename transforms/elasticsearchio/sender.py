"""Keeps several batches in flight: threads, the order of each id, the end of a bundle."""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from transforms.elasticsearch_protocol.retries import RetryPolicy
from transforms.elasticsearchio.batching import Batch, Batcher
from transforms.elasticsearchio.bundle import Bundle, SendOptions
from transforms.elasticsearchio.delivery import Api, Deliverer, Tally
from transforms.elasticsearchio.encoding import Encoded
from transforms.elasticsearchio.gate import LimitGate
from transforms.elasticsearchio.operations import FailedWrite
from transforms.elasticsearchio.results import Done, behind


class SenderApi(Api, Protocol):
    """What a sender needs of `api.BulkApi`."""

    def max_body_bytes(self) -> int:
        """Gives the server's limit."""

    def close(self) -> None:
        """Closes the connections."""


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
        """Takes an operation; waits while as much as may be is under way or held."""
        bundle = self._bundle
        with bundle.lock:
            self._let_waiting_in(bundle)
            if bundle.order.enter(operation):
                self._gather(bundle, operation)
                return
            while bundle.order.held > self._options.max_batch_documents:
                self._send_gathered(bundle)
                self._await_delivery(bundle)
                self._let_waiting_in(bundle)

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
            self._let_waiting_in(bundle)
            self._send_gathered(bundle)
            while self._await_delivery(bundle):
                self._let_waiting_in(bundle)
                self._send_gathered(bundle)
        if bundle.errors:
            raise bundle.errors[0]
        return self.take()

    def close(self) -> None:
        """Ends the threads and closes the connections."""
        self._closed.set()
        self._ticker.join()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._api.close()

    def _new_bundle(self) -> Bundle:
        options = self._options
        # The body must stay below the server's limit, last newline included.
        most = min(options.max_batch_bytes, self.max_body_bytes)
        return Bundle(Batcher(options.max_batch_documents, most, options.max_batch_seconds))

    def _gather(self, bundle: Bundle, operation: Encoded) -> None:
        for batch in bundle.batcher.add(operation, self._clock()):
            self._submit(bundle, batch)

    def _send_gathered(self, bundle: Bundle) -> None:
        rest = bundle.batcher.take()
        if rest:
            self._submit(bundle, rest)

    def _let_waiting_in(self, bundle: Bundle) -> None:
        """Gathers what was held behind operations that have ended.

        What was held behind one that stayed unwritten to the last try shares its fate: else each
        of them would wait as long again, and whoever repeats the first would undo the second.
        """
        while bundle.delivered:
            batch, unwritten = bundle.delivered.popleft()
            for failure in unwritten:
                for operation in bundle.order.give_up(failure.index, failure.id):
                    bundle.done.append(behind(operation, failure))
            for operation in bundle.order.leave(batch):
                self._gather(bundle, operation)

    @staticmethod
    def _await_delivery(bundle: Bundle) -> bool:
        """Waits until a delivery has ended that was not looked at; False if none is left."""
        with bundle.ended:
            while bundle.in_flight and not bundle.delivered:
                bundle.ended.wait()
            return bool(bundle.delivered)

    def _submit(self, bundle: Bundle, batch: Batch) -> None:
        with bundle.ended:
            while bundle.in_flight >= self._options.max_in_flight:
                bundle.ended.wait()
            bundle.in_flight += 1
        self._threads.submit(self._deliver, bundle, batch)

    def _deliver(self, bundle: Bundle, batch: Batch) -> None:
        unwritten: list[FailedWrite] = []
        try:
            done, tally = self._deliverer.deliver(batch)
            failures = (one.result for one in done if isinstance(one.result, FailedWrite))
            unwritten = [failure for failure in failures if failure.outcome == "transient"]
            bundle.done.extend(done)
            bundle.tallies.append(tally)
        except BaseException as error:
            # A fault of this module's own: the bundle must not end as if all were well.
            bundle.errors.append(error)
        finally:
            with bundle.ended:
                bundle.delivered.append((batch, unwritten))
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
                self._let_waiting_in(bundle)
                if bundle.batcher.due(self._clock()):
                    self._send_gathered(bundle)
            finally:
                bundle.lock.release()
