"""A discrete-event model of processes that poll feeds: hosts, leases, rounds, answers, the store.

It knows what `pipeline.run` does in a round, and what a round and an answer cost; the rest follows.
Nothing here sleeps or reads a clock: a simulated hour of a million feeds takes a minute.
"""

import heapq
import random
from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Costs:
    """What the program takes, measured by `benchmarks.polling_scale` or read off the code.

    Attributes:
        round_seconds: Of a round, however little is to do.
        answer_seconds: More for each answer that it takes on.
        answer_writes: Documents that the store writes for a poll whose feed has nothing new: the
            lease's stamp on the feed, what was learnt, and the feed struck off the host's lease.
        host_writes: For a claimed host: its lease.
        article_writes: For an article.
        answer_reads: Documents read in real time for a poll: by the stamp, then the feed and the
            host's lease at the commit, and the host again when the feed is struck off.
        host_reads: For a claimed host: whether it is free.
        article_reads: For an article: itself and its tombstone.
    """

    round_seconds: float
    answer_seconds: float
    answer_writes: float = 3.0
    host_writes: float = 1.0
    article_writes: float = 1.0
    answer_reads: float = 4.0
    host_reads: float = 1.0
    article_reads: float = 3.0


@dataclass(frozen=True)
class Load:
    """The feeds and how their servers answer.

    Attributes:
        feeds: How many.
        feeds_per_host: Of one host.
        interval: Seconds from a poll's answer to the feed's next due time.
        articles_per_poll: New or changed ones, in the mean over all polls.
        slow_share: Answers that take `slow_seconds`.
        slow_seconds: Of a slow answer.
        hang_share: Answers that never come.
        timeout: Seconds until such a one is given up.
        answer_seconds: Of all other answers.
    """

    feeds: int
    feeds_per_host: int = 5
    interval: float = 300.0
    articles_per_poll: float = 0.28
    slow_share: float = 0.05
    slow_seconds: float = 10.0
    hang_share: float = 0.01
    timeout: float = 30.0
    answer_seconds: float = 0.02

    def answer(self, draw: random.Random) -> float:
        """Draws how long an answer takes."""
        chance = draw.random()
        if chance < self.hang_share:
            return self.timeout
        return (
            self.slow_seconds if chance < self.hang_share + self.slow_share else self.answer_seconds
        )


@dataclass(frozen=True)
class Rules:
    """The configuration's part: `polling` and the number of processes.

    Attributes:
        workers: Processes, each with a core of its own.
        round: `polling.round`, in seconds.
        hosts_per_round: `polling.hosts_per_round`.
        per_host_delay: `polling.per_host_delay`, in seconds.
    """

    workers: int = 1
    round: float = 1.0
    hosts_per_round: int = 2000
    per_host_delay: float = 1.0


@dataclass
class Simulated:
    """What came of it.

    Attributes:
        seconds: That were counted.
        lags: Sorted seconds from due time to request, of each poll begun meanwhile.
        rounds: Begun by all processes.
        busy: Share of the processes' time in which something was done.
        writes: Documents written by the store.
        reads: Documents read in real time by the store.
    """

    seconds: float
    lags: list[float] = field(default_factory=list)
    rounds: int = 0
    busy: float = 0.0
    writes: float = 0.0
    reads: float = 0.0


@dataclass
class _Worker:
    """A process: answers under way, by when they come, and when it last took answers on."""

    under_way: list[tuple[float, int, int]] = field(default_factory=list)
    last_collected: float = 0.0


class _Feeds:
    """Due times, and hosts that are leased or were asked a moment ago."""

    def __init__(self, load: Load, draw: random.Random) -> None:
        self._load = load
        # Neighbours in time are on different hosts, as in the benchmark and in life.
        order = list(range(load.feeds))
        draw.shuffle(order)
        self._due = [(place * load.interval / load.feeds, feed) for place, feed in enumerate(order)]
        self.leased: dict[int, int] = {}
        self.last_request: dict[int, float] = {}
        self._waiting: dict[int, deque[tuple[float, int]]] = {}

    def host_of(self, feed: int) -> int:
        return feed // self._load.feeds_per_host

    def next_due(self) -> float:
        return self._due[0][0] if self._due else float("inf")

    def claim(self, now: float, max_hosts: int) -> dict[int, list[tuple[float, int]]]:
        """Takes the feeds that are due on free hosts, those longest due first."""
        taken: dict[int, list[tuple[float, int]]] = {}
        beyond: list[tuple[float, int]] = []
        while self._due and self._due[0][0] <= now:
            due = heapq.heappop(self._due)
            host = self.host_of(due[1])
            if host in self.leased:
                self._waiting.setdefault(host, deque()).append(due)
            elif host in taken or len(taken) < max_hosts:
                taken.setdefault(host, []).append(due)
            else:
                beyond.append(due)
                break
        for due in beyond:
            heapq.heappush(self._due, due)
        for host, polls in taken.items():
            self.leased[host] = len(polls)
        return taken

    def commit(self, feed: int, answered: float) -> None:
        """Makes a feed due again, and frees its host where this was the last of its lease."""
        heapq.heappush(self._due, (answered + self._load.interval, feed))
        host = self.host_of(feed)
        self.leased[host] -= 1
        if not self.leased[host]:
            del self.leased[host]
            for due in self._waiting.pop(host, ()):
                heapq.heappush(self._due, due)


def simulate(
    load: Load, rules: Rules, costs: Costs, *, warm_up: float, seconds: float, seed: int = 1
) -> Simulated:
    """Runs the model.

    Args:
        load: The feeds.
        rules: How they are polled.
        costs: What that takes.
        warm_up: Simulated seconds before anything is counted.
        seconds: Simulated seconds that are counted.
        seed: Of the draws.
    """
    draw = random.Random(seed)
    feeds = _Feeds(load, draw)
    counted = Simulated(seconds)
    workers = [_Worker() for _ in range(rules.workers)]
    # When each worker begins its next round; they do not begin together.
    starts = [(draw.random() * rules.round, number) for number in range(rules.workers)]
    heapq.heapify(starts)
    end = warm_up + seconds
    while starts[0][0] < end:
        now, number = heapq.heappop(starts)
        following = _round(now, workers[number], feeds, load, rules, costs, draw, counted, warm_up)
        heapq.heappush(starts, (following, number))
    counted.lags.sort()
    counted.busy /= rules.workers * seconds
    return counted


def _round(
    now: float,
    worker: _Worker,
    feeds: _Feeds,
    load: Load,
    rules: Rules,
    costs: Costs,
    draw: random.Random,
    counted: Simulated,
    warm_up: float,
) -> float:
    """Plays one round of one worker; gives when its next one begins."""
    carried_over = bool(worker.under_way)
    counts = now >= warm_up
    claimed_at = now + costs.round_seconds / 2
    taken = feeds.claim(claimed_at, rules.hosts_per_round)
    for host, polls in taken.items():
        asked = max(claimed_at, feeds.last_request.get(host, 0.0) + rules.per_host_delay)
        for due, feed in polls:
            answered = asked + load.answer(draw)
            heapq.heappush(worker.under_way, (answered, feed, host))
            feeds.last_request[host] = asked
            if counts:
                counted.lags.append(asked - due)
            asked = max(answered, asked + rules.per_host_delay)
    patience = rules.round
    if carried_over:
        patience = max(0.0, patience - (claimed_at - worker.last_collected))
    last_answer = max((answered for answered, _, _ in worker.under_way), default=claimed_at)
    collected = max(claimed_at, min(last_answer, claimed_at + patience))
    worker.last_collected = collected
    answers = 0
    while worker.under_way and worker.under_way[0][0] <= collected:
        answered, feed, _ = heapq.heappop(worker.under_way)
        feeds.commit(feed, answered)
        answers += 1
    busy = costs.round_seconds + answers * costs.answer_seconds
    ended = collected + busy - costs.round_seconds / 2
    if counts:
        articles = answers * load.articles_per_poll
        counted.rounds += 1
        counted.busy += busy
        counted.writes += answers * costs.answer_writes + len(taken) * costs.host_writes
        counted.writes += articles * costs.article_writes + bool(answers)
        counted.reads += answers * costs.answer_reads + len(taken) * costs.host_reads
        counted.reads += articles * costs.article_reads
    if taken or worker.under_way:
        return ended
    return max(ended, min(feeds.next_due(), ended + 30.0))
