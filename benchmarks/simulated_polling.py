"""A discrete-event model of processes that poll feeds: hosts, leases, rounds, answers, the store.

It knows what `pipeline.run` does in a round, and what a round and an answer cost; the rest follows.
Nothing here sleeps or reads a clock.
"""

import heapq
import random
from collections import deque
from dataclasses import dataclass, field

from benchmarks.simulated_load import Costs, Load, Rules, Simulated, StoreWork


@dataclass
class _Worker:
    """A process: answers under way as (when, feed), and when it last took answers on."""

    under_way: list[tuple[float, int]] = field(default_factory=list)
    last_collected: float = 0.0


class _Store:
    """Due times, leases, and when hosts were last asked."""

    def __init__(self, load: Load, draw: random.Random) -> None:
        self._load = load
        # Neighbours in time are on different hosts, as in the benchmark and in life.
        order = list(range(load.feeds))
        draw.shuffle(order)
        self._due = [(place * load.interval / load.feeds, feed) for place, feed in enumerate(order)]
        self.leased: dict[int, int] = {}
        self.last_request: dict[int, float] = {}
        self.committed: deque[float] = deque()
        self._waiting: dict[int, list[tuple[float, int]]] = {}

    def host_of(self, feed: int) -> int:
        return feed // self._load.feeds_per_host

    def next_due(self) -> float:
        return self._due[0][0] if self._due else float("inf")

    def proposed(self, now: float, refresh_seconds: float) -> int:
        """Counts the hosts that a search proposes and that are not to be had."""
        while self.committed and self.committed[0] < now - refresh_seconds:
            self.committed.popleft()
        return len(self.leased) + len(self.committed)

    def claim(self, now: float, max_hosts: int) -> dict[int, list[tuple[float, int]]]:
        """Takes the feeds that are due on free hosts, those longest due first."""
        taken: dict[int, list[tuple[float, int]]] = {}
        while self._due and self._due[0][0] <= now:
            due = heapq.heappop(self._due)
            host = self.host_of(due[1])
            if host in self.leased:
                self._waiting.setdefault(host, []).append(due)
            elif host in taken or len(taken) < max_hosts:
                taken.setdefault(host, []).append(due)
            else:
                heapq.heappush(self._due, due)
                break
        for host, polls in taken.items():
            self.leased[host] = len(polls)
        return taken

    def commit(self, feed: int, now: float) -> None:
        """Makes a feed due again, and frees its host where this was the last of its lease."""
        heapq.heappush(self._due, (now + self._load.interval, feed))
        self.committed.append(now)
        host = self.host_of(feed)
        self.leased[host] -= 1
        if not self.leased[host]:
            del self.leased[host]
            for due in self._waiting.pop(host, ()):
                heapq.heappush(self._due, due)


class Simulation:
    """Processes that share a store.

    Args:
        load: The feeds.
        rules: How they are polled.
        costs: What that takes.
        work: What it makes the store do.
        seed: Of the draws.
    """

    def __init__(
        self, load: Load, rules: Rules, costs: Costs, work: StoreWork | None = None, seed: int = 1
    ) -> None:
        self._load, self._rules, self._costs = load, rules, costs
        self._work = work or StoreWork()
        self._draw = random.Random(seed)
        self._store = _Store(load, self._draw)
        self._workers = [_Worker() for _ in range(rules.workers)]

    def run(self, warm_up: float, seconds: float) -> Simulated:
        """Plays it; `warm_up` simulated seconds are not counted, `seconds` after them are."""
        counted, ignored = Simulated(seconds), Simulated(warm_up)
        # When each worker begins its next round; they do not begin together.
        spread = self._rules.round
        starts = [(self._draw.random() * spread, n) for n in range(self._rules.workers)]
        heapq.heapify(starts)
        while starts[0][0] < warm_up + seconds:
            now, number = heapq.heappop(starts)
            into = counted if now >= warm_up else ignored
            heapq.heappush(starts, (self._round(now, self._workers[number], into), number))
        counted.lags.sort()
        counted.busy /= self._rules.workers * seconds
        return counted

    def _round(self, now: float, worker: _Worker, into: Simulated) -> float:
        """Plays one round of one worker; gives when its next one begins."""
        costs, store = self._costs, self._store
        carried_over = bool(worker.under_way)
        # Half of what a round takes with nothing to do goes before its claim.
        lead = max(0.0, costs.round_seconds(0) - costs.claim_seconds) / 2
        looked = now + lead
        into.reads += store.proposed(looked, self._work.refresh_seconds)
        taken = store.claim(looked, self._rules.hosts_per_round)
        claiming = costs.claim_seconds + len(taken) * costs.claim_host_seconds
        claimed = looked + claiming
        for host, polls in taken.items():
            self._ask(host, polls, claimed, worker, into)
        collected = self._collect_at(claimed, worker, carried_over)
        worker.last_collected = collected
        ended_polls = []
        while worker.under_way and worker.under_way[0][0] <= collected:
            ended_polls.append(heapq.heappop(worker.under_way)[1])
        answers = len(ended_polls)
        busy = max(costs.round_seconds(answers), lead + claiming)
        left = busy - lead - claiming
        for position, feed in enumerate(ended_polls):
            store.commit(feed, collected + left * (position + 1) / answers)
        ended = collected + left
        into.rounds += 1
        into.busy += busy
        self._count(into, answers, len(taken))
        if taken or worker.under_way:
            return ended
        return max(ended, min(store.next_due(), ended + 30.0))

    def _ask(
        self,
        host: int,
        polls: list[tuple[float, int]],
        claimed: float,
        worker: _Worker,
        into: Simulated,
    ) -> None:
        """Asks a host for its feeds, one after another."""
        store, delay = self._store, self._rules.per_host_delay
        asked = max(claimed, store.last_request.get(host, -delay) + delay)
        for due, feed in polls:
            answered = asked + self._load.answer(self._draw)
            heapq.heappush(worker.under_way, (answered, feed))
            store.last_request[host] = asked
            into.lags.append(asked - due)
            asked = max(answered, asked + delay)

    def _collect_at(self, claimed: float, worker: _Worker, carried_over: bool) -> float:
        """Gives when answers are taken on: as `transforms.fetch` has it."""
        patience = self._rules.round
        if carried_over:
            patience = max(0.0, patience - (claimed - worker.last_collected))
        last = max((answered for answered, _ in worker.under_way), default=claimed)
        return max(claimed, min(last, claimed + patience))

    def _count(self, into: Simulated, answers: int, hosts: int) -> None:
        work, articles = self._work, answers * self._load.articles_per_poll
        into.writes += answers * work.poll_writes + hosts * work.lease_writes
        into.writes += articles * work.article_writes + bool(answers)
        into.reads += answers * work.poll_reads + hosts * work.lease_reads
        into.reads += articles * work.article_reads
