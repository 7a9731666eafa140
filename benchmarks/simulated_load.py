"""What a simulation of polling is of: the feeds, the rules, the costs, and what came of it."""

import random
from bisect import bisect_left
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Costs:
    """What the program takes, as `benchmarks.polling_scale` measures it.

    Attributes:
        round_curve: Seconds of a round, its claim included, by the answers that it takes on: points
            of a line, the answers rising.
        claim_seconds: Of a claim, however little is due.
        claim_host_seconds: More for each host that is claimed.
    """

    round_curve: tuple[tuple[float, float], ...]
    claim_seconds: float
    claim_host_seconds: float

    def round_seconds(self, answers: int) -> float:
        """Gives what a round takes; beyond the last point as the line ended."""
        curve = self.round_curve
        if len(curve) == 1:
            return curve[0][1]
        after = bisect_left(curve, (answers, 0.0), 1, len(curve) - 1)
        (x0, y0), (x1, y1) = curve[after - 1], curve[after]
        return max(0.0, y0 + (y1 - y0) * (answers - x0) / (x1 - x0))


@dataclass(frozen=True)
class StoreWork:
    """Documents that an Elasticsearch writes, and reads in real time; as the code has it.

    Attributes:
        poll_writes: The lease's stamp on the feed, and what was learnt.
        lease_writes: A host's lease, and its end; a lease whose feeds do not end in one commit is
            written again for each commit.
        article_writes: The article.
        poll_reads: By the stamp (once itself, once by the update), and at the commit.
        lease_reads: Whether the host is free, whether the lease still stands, and at its end.
        article_reads: The article, and its tombstone before and after.
        refresh_seconds: For so long the search goes on proposing hosts whose feeds were polled.
    """

    poll_writes: float = 2.0
    lease_writes: float = 2.0
    article_writes: float = 1.0
    poll_reads: float = 3.0
    lease_reads: float = 3.0
    article_reads: float = 3.0
    refresh_seconds: float = 1.0


@dataclass(frozen=True)
class Load:
    """The feeds and how their servers answer, as `benchmarks.polling_server` does.

    Attributes:
        feeds: How many.
        feeds_per_host: Of one host.
        interval: Seconds from the moment an answer is read to the feed's next due time.
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
        slow = chance < self.hang_share + self.slow_share
        return self.slow_seconds if slow else self.answer_seconds


@dataclass(frozen=True)
class Rules:
    """The configuration's part: `polling`, and the number of processes.

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
        lags: Seconds from due time to request, of each poll begun meanwhile, sorted.
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
