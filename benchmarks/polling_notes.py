"""What `polling_client` has noted, read and summed up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path


@dataclass(frozen=True)
class NotedPoll:
    """When a poll was due and when its request was sent, in seconds since 1970."""

    due: float
    begun: float


@dataclass(frozen=True)
class NotedRound:
    """A round, until the next one began.

    Attributes:
        begun: In seconds since 1970.
        busy: Seconds in which something was done.
        answers: Answers that it took on.
    """

    begun: float
    busy: float
    answers: int


def read_notes(path: Path) -> tuple[list[NotedPoll], list[NotedRound]]:
    """Reads the polls and the rounds; the last round, cut off by the end, is left out."""
    polls: list[NotedPoll] = []
    rounds: list[tuple[float, float, int]] = []
    for line in path.read_text().splitlines():
        kind, *values = line.split()
        if kind == "poll":
            polls.append(NotedPoll(float(values[0]), float(values[1])))
        else:
            rounds.append((float(values[0]), float(values[1]), int(values[2])))
    return polls, list(_with_busy_time(rounds))


def _with_busy_time(rounds: Sequence[tuple[float, float, int]]) -> Iterator[NotedRound]:
    for (begun, waited, answers), (following, _, _) in pairwise(rounds):
        yield NotedRound(begun, following - begun - waited, answers)


def percentile(values: Sequence[float], share: float) -> float:
    """Gives the value that `share` of the sorted values do not exceed."""
    return values[min(len(values) - 1, int(share * len(values)))]


def costs(rounds: Sequence[NotedRound]) -> tuple[float, float]:
    """Gives a round's seconds without an answer, and those of each answer, by least squares.

    Two figures describe a round well enough to simulate it: what it takes however little is to do,
    and what each answer adds. Rounds all of one size do not tell the two apart; then all is put
    down to the answers.
    """
    count = len(rounds)
    mean_answers = sum(one.answers for one in rounds) / count
    mean_busy = sum(one.busy for one in rounds) / count
    spread = sum((one.answers - mean_answers) ** 2 for one in rounds)
    if not spread:
        return 0.0, mean_busy / max(mean_answers, 1.0)
    together = sum((one.answers - mean_answers) * (one.busy - mean_busy) for one in rounds)
    each = together / spread
    return max(0.0, mean_busy - each * mean_answers), each
