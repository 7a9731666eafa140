"""Delivers one batch: sends, splits, waits and tries again, until each document has an outcome."""

import logging
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from transforms.elasticsearch_protocol.outcomes import Answer, RefusedError
from transforms.elasticsearch_protocol.retries import RetryPolicy
from transforms.elasticsearchio.batching import Batch, halves
from transforms.elasticsearchio.encoding import Encoded
from transforms.elasticsearchio.operations import Outcome, Standing
from transforms.elasticsearchio.results import Done, confirmed, failed, is_own_work, receipt

_LOG = logging.getLogger(__name__)


class Api(Protocol):
    """What delivery needs of `api.BulkApi`."""

    def bulk(self, batch: Sequence[Encoded]) -> list[Answer]:
        """Sends one request; raises RefusedError."""

    def standing(self, batch: Sequence[Encoded]) -> list[Standing | None]:
        """Reads what stands there."""


class Gate(Protocol):
    """Lets a request through when few enough are in flight, and learns from its answer."""

    def enter(self) -> int:
        """Waits for a place; gives a ticket."""

    def leave(self, ticket: int, *, overloaded: bool, answered: bool) -> None:
        """Gives the place back."""


@dataclass(slots=True)
class Tally:
    """What a delivery took.

    Attributes:
        requests: Documents and bytes of each bulk request.
        retries: Requests that carried documents again.
        splits: Requests that were cut in two.
        throttled: Requests in which the server had too much to do.
        blocked: Requests that met a block.
    """

    requests: list[tuple[int, int]] = field(default_factory=list)
    retries: int = 0
    splits: int = 0
    throttled: int = 0
    blocked: int = 0


@dataclass(frozen=True, slots=True)
class Deliverer:
    """Delivers batches. May be used by several threads.

    Attributes:
        api: The cluster.
        gate: Bounds the requests in flight.
        policy: When to try again.
        wait: Waits so many seconds; True if it was woken, since nobody wants the rest.
        clock: Monotonic seconds.
        rng: For the jitter.
        read_conflicts: Tell with each conflict what stands there.
    """

    api: Api
    gate: Gate
    policy: RetryPolicy
    wait: Callable[[float], bool]
    clock: Callable[[], float]
    rng: random.Random
    read_conflicts: bool = False

    def deliver(self, batch: Batch) -> tuple[list[Done], Tally]:
        """Gives each operation's outcome; takes at most the policy's time and one request's."""
        tally = Tally()
        done: list[Done] = []
        began = self.clock()
        waiting: Batch = batch
        while waiting:
            again: list[tuple[Encoded, Answer]] = []
            settled: list[tuple[Encoded, Answer]] = []
            for item, answer in self._send(waiting, tally):
                (again if answer.verdict == "retry" else settled).append((item, answer))
            done.extend(self._finished(settled))
            delay = self._delay(again, self.clock() - began) if again else None
            if delay is None or self.wait(delay):
                done.extend(failed(item, answer, "transient") for item, answer in again)
                break
            tally.retries += 1
            waiting = [item for item, _ in again]
        return done, tally

    def _send(self, batch: Batch, tally: Tally) -> Iterator[tuple[Encoded, Answer]]:
        """Sends a batch once, halving it for as long as it is refused as a whole."""
        parts = [batch]
        while parts:
            part = parts.pop()
            answers = self._request(part, tally)
            if answers[0].verdict == "split":
                if len(part) > 1:
                    tally.splits += 1
                    parts.extend(reversed(halves(part)))
                    for item in part:
                        # Looking for the guilty one is no try of the others.
                        item.attempts -= 1
                    continue
                answers = [replace(answers[0], verdict="rejected")]
            for item, answer in zip(part, answers, strict=True):
                item.ambiguous |= answer.ambiguous
                item.concrete_index = answer.index or item.concrete_index
            yield from zip(part, answers, strict=True)

    def _request(self, batch: Batch, tally: Tally) -> list[Answer]:
        for item in batch:
            item.attempts += 1
        tally.requests.append((len(batch), sum(len(item.lines) + 1 for item in batch)))
        ticket = self.gate.enter()
        overloaded, answered = False, False
        try:
            answers = self.api.bulk(batch)
            overloaded = any(answer.overloaded for answer in answers)
            answered = True
        except RefusedError as error:
            answers = [error.answer] * len(batch)
            overloaded = error.answer.overloaded
        finally:
            self.gate.leave(ticket, overloaded=overloaded, answered=answered)
        tally.throttled += overloaded
        tally.blocked += any(answer.blocked for answer in answers)
        return answers

    def _delay(self, again: Sequence[tuple[Encoded, Answer]], elapsed: float) -> float | None:
        answers = [answer for _, answer in again]
        blocked = next((answer for answer in answers if answer.blocked), None)
        delay = self.policy.delay(
            max(item.attempts for item, _ in again),
            elapsed,
            self.rng,
            blocked=blocked is not None,
            retry_after=max((answer.retry_after or 0.0 for answer in answers), default=0.0),
        )
        if blocked is not None:
            ending = "no more tries" if delay is None else f"trying again in {delay:.0f} s"
            _LOG.warning("%d documents: %s; %s", len(again), blocked.reason, ending)
        return delay

    def _finished(self, settled: Sequence[tuple[Encoded, Answer]]) -> Iterator[Done]:
        asked = [item for item, answer in settled if self._wants_standing(item, answer)]
        read = self.api.standing(asked) if asked else []
        standing = {id(item): found for item, found in zip(asked, read, strict=True)}
        for item, answer in settled:
            found = standing.get(id(item))
            if answer.verdict == "written":
                yield Done(item.context, receipt(item, answer.item or {}))
            elif item.ambiguous and found is not None and is_own_work(item, found):
                yield Done(item.context, confirmed(item, found))
            elif answer.verdict == "conflict":
                seen = found if self.read_conflicts else None
                yield failed(item, answer, "conflict", seen)
            else:
                lasting: Outcome = "transient" if answer.verdict == "transient" else "rejected"
                yield failed(item, answer, lasting)

    def _wants_standing(self, item: Encoded, answer: Answer) -> bool:
        if answer.verdict == "conflict":
            return self.read_conflicts or item.ambiguous
        missing = item.operation.action == "delete" and answer.status == 404
        return item.ambiguous and missing
