"""What `polling_client` has noted, read and summed up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class NotedClaim:
    """When hosts were claimed (seconds since 1970), for how many seconds, and how many came."""

    begun: float
    seconds: float
    hosts: int


@dataclass
class Notes:
    """All that a client has noted; the last round, cut off by the end, is left out."""

    polls: list[NotedPoll] = field(default_factory=list)
    rounds: list[NotedRound] = field(default_factory=list)
    claims: list[NotedClaim] = field(default_factory=list)

    def between(self, start: float, end: float) -> "Notes":
        """Gives what began in a span of time."""
        return Notes(
            [one for one in self.polls if start <= one.begun < end],
            [one for one in self.rounds if start <= one.begun < end],
            [one for one in self.claims if start <= one.begun < end],
        )


def read_notes(path: Path) -> Notes:
    """Reads a client's notes."""
    notes = Notes()
    rounds: list[tuple[float, float, int]] = []
    for line in path.read_text().splitlines():
        kind, *values = line.split()
        if kind == "poll":
            notes.polls.append(NotedPoll(float(values[0]), float(values[1])))
        elif kind == "claim":
            notes.claims.append(NotedClaim(float(values[0]), float(values[1]), int(values[2])))
        else:
            rounds.append((float(values[0]), float(values[1]), int(values[2])))
    for (begun, waited, answers), (following, _, _) in pairwise(rounds):
        notes.rounds.append(NotedRound(begun, following - begun - waited, answers))
    return notes


def percentile(values: Sequence[float], share: float) -> float:
    """Gives the value that `share` of the sorted values do not exceed."""
    return values[min(len(values) - 1, int(share * len(values)))]


def line_through(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Gives where a line through points begins, not below 0, and how it rises, by least squares.

    Points that all have one x do not tell the two apart: then it rises from 0.
    """
    mean_x, mean_y = _middle(points)
    found = rise(points)
    if found is None:
        return 0.0, mean_y / max(mean_x, 1.0)
    return max(0.0, mean_y - found * mean_x), found


def rise(points: Sequence[tuple[float, float]]) -> float | None:
    """Gives how a line through points rises, by least squares; None where all have one x."""
    mean_x, mean_y = _middle(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    if not spread:
        return None
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread


def _middle(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    count = len(points)
    return sum(x for x, _ in points) / count, sum(y for _, y in points) / count


def round_curve(rounds: Sequence[NotedRound]) -> list[tuple[float, float, int]]:
    """Gives what rounds take by how much they take on.

    A round costs more than a line through its answers says: each stage that has anything to do
    begins with something, and what it does together costs less each.

    Returns:
        For each power of two of answers that there was: the mean of the answers, the mean of the
        busy seconds, and how many rounds they are of.
    """
    bins: dict[int, list[NotedRound]] = {}
    for one in rounds:
        bins.setdefault(one.answers.bit_length(), []).append(one)
    return [
        (
            round(sum(one.answers for one in found) / len(found), 2),
            round(sum(one.busy for one in found) / len(found), 4),
            len(found),
        )
        for _, found in sorted(bins.items())
    ]
