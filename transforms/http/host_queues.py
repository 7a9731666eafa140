"""What a pool of fetches has to ask, is asking and has been answered: a queue for each host.

Nothing here waits for a server, and nothing knows who asks: a host is served by whoever takes its
polls out, one after another, and puts their answers in.
"""

import threading
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from schemas.feed import Lease
from schemas.poll import FetchResult, HostWork, Poll


@dataclass(slots=True, eq=False)
class Host:
    """A host with polls in the pool.

    Attributes:
        lease: The newest.
        queue: Polls that are still to be asked.
        poll: The one whose answer is awaited.
        asking: It is no longer only waiting for its turn.
        stop: Breaks off whoever serves the host; None where nobody does.
        uncollected: Answers that have not been taken out.
        guests: Polls of other hosts that are asking this one, under its lease.
    """

    lease: Lease
    queue: deque[Poll] = field(default_factory=deque)
    poll: Poll | None = None
    asking: bool = False
    stop: Callable[[], object] | None = None
    uncollected: int = 0
    guests: int = 0

    @property
    def is_done(self) -> bool:
        """True where nothing of the host is left."""
        return not self.queue and self.poll is None and not self.uncollected


class HostQueues:
    """Keeps the polls of all hosts, and their answers in the order they came. Thread-safe."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._hosts: dict[str, Host] = {}
        self._done: deque[tuple[Host, FetchResult]] = deque()
        self._outstanding = 0

    def put(self, work: HostWork) -> Host:
        """Queues a host's polls, behind those of the host that are here already.

        A queued poll of the same feed is replaced: its lease is the older one.
        """
        with self._changed:
            host = self._hosts.setdefault(work.lease.host, Host(work.lease))
            host.lease = work.lease
            renewed = {poll.feed.url for poll in work.polls}
            kept = [poll for poll in host.queue if poll.feed.url not in renewed]
            self._outstanding += len(kept) + len(work.polls) - len(host.queue)
            host.queue = deque([*kept, *work.polls])
            return host

    def collect(self, timeout_seconds: float) -> list[FetchResult]:
        """Takes the answers out; waits, so long at most, until none is awaited any more.

        The polls carry the newest lease. Those of a host that has a guest stay.
        """
        with self._changed:
            self.wait_until_answered(timeout_seconds)
            # A poll that is committed may be its lease's last.
            arrived = [pair for pair in self._done if not pair[0].guests]
            self._done = deque(pair for pair in self._done if pair[0].guests)
            results = []
            for host, result in arrived:
                host.uncollected -= 1
                if result.poll.lease is not host.lease:
                    result.poll = result.poll.model_copy(update={"lease": host.lease})
                results.append(result)
                self._tidy(host)
            return results

    def wait_until_answered(self, timeout_seconds: float) -> None:
        """Waits, so long at most, until nothing is queued or under way."""
        with self._changed:
            self._changed.wait_for(lambda: not self._outstanding, timeout_seconds)

    @contextmanager
    def guesting(self, names: Sequence[str]) -> Iterator[Collection[str]]:
        """Tells which of some hosts have polls here; these keep their leases meanwhile."""
        with self._changed:
            hosts = {name: self._hosts[name] for name in names if name in self._hosts}
            for host in hosts.values():
                host.guests += 1
        try:
            yield hosts.keys()
        finally:
            with self._changed:
                for host in hosts.values():
                    host.guests -= 1

    def pending(self) -> int:
        """Counts the polls that have been put in and whose answers have not been taken out."""
        with self._changed:
            return self._outstanding + len(self._done)

    def leases(self) -> list[Lease]:
        """Gives the leases of the hosts that have polls here, answered ones included."""
        with self._changed:
            return [host.lease for host in self._hosts.values()]

    def update_lease(self, lease: Lease) -> None:
        """Takes up a renewed lease; answers not yet collected will carry it."""
        with self._changed:
            host = self._hosts.get(lease.host)
            if host is not None:
                host.lease = lease

    def drop(self, lease: Lease) -> None:
        """Forgets all polls under a lost lease; those under a newer one of the host stay."""
        with self._changed:
            dropped = self._hosts.get(lease.host)
            if dropped is None or dropped.lease.token != lease.token:
                return
            del self._hosts[lease.host]
            self._abandon(dropped)
            self._done = deque(pair for pair in self._done if pair[0] is not dropped)
            dropped.uncollected = 0
            self._changed.notify_all()

    def abandon(self, *, keep_asking: bool = False) -> list[Poll]:
        """Takes all unanswered polls away.

        Args:
            keep_asking: Those that are being asked are left to their answers.
        """
        with self._changed:
            polls: list[Poll] = []
            for host in list(self._hosts.values()):
                polls += self._abandon(host, keep_asking=keep_asking)
            self._changed.notify_all()
            return polls

    def break_off(self, answer: Callable[[Poll], FetchResult]) -> None:
        """Answers every unanswered poll with `answer`: whoever served the hosts is no more."""
        with self._changed:
            for host in list(self._hosts.values()):
                host.stop = None
                for poll in self._abandon(host):
                    self._hosts.setdefault(host.lease.host, host)
                    host.uncollected += 1
                    self._done.append((host, answer(poll)))
            self._changed.notify_all()

    def serve(self, host: Host, start: Callable[[], Callable[[], object]]) -> None:
        """Has a host served, unless it is already or has nothing to ask for.

        Args:
            host: The host.
            start: Starts somebody who serves it; gives what breaks that off.
        """
        with self._changed:
            if host.stop is None and host.queue:
                host.stop = start()

    def next_poll(self, host: Host) -> Poll | None:
        """Gives the poll to be asked next; None where the host needs to be served no more."""
        with self._changed:
            host.asking = False
            host.poll = host.queue.popleft() if host.queue else None
            if host.poll is None:
                host.stop = None
            return host.poll

    def answered(self, host: Host, poll: Poll, result: FetchResult) -> None:
        """Puts an answer in; where it holds the host back, the queued polls share it."""
        with self._changed:
            if host.poll is not poll:
                return  # dropped or given back meanwhile
            results = [result]
            host.poll = None
            host.asking = False
            if result.hold_host:
                results += [_held_back(held, result) for held in host.queue]
                host.queue.clear()
            self._outstanding -= len(results)
            host.uncollected += len(results)
            self._done.extend((host, one) for one in results)
            self._changed.notify_all()

    def _abandon(self, host: Host, *, keep_asking: bool = False) -> list[Poll]:
        """Takes a host's unanswered polls away; the caller holds the lock."""
        polls = list(host.queue)
        host.queue.clear()
        if host.poll is not None and not (keep_asking and host.asking):
            polls.insert(0, host.poll)
            host.poll = None
            host.asking = False
            if host.stop is not None:
                host.stop()
        self._outstanding -= len(polls)
        self._tidy(host)
        return [poll.model_copy(update={"lease": host.lease}) for poll in polls]

    def _tidy(self, host: Host) -> None:
        if host.is_done and self._hosts.get(host.lease.host) is host:
            del self._hosts[host.lease.host]


def _held_back(poll: Poll, cause: FetchResult) -> FetchResult:
    return FetchResult(
        poll=poll,
        fetched_at=cause.fetched_at,
        hold_host=cause.hold_host,
        hold_cause=cause.hold_cause,
        error=(
            f"held back by Retry-After: {cause.hold_cause}, so {poll.lease.host} wants to be "
            f"left alone for {cause.hold_host:.0f} s; not asked"
        ),
    )
