"""What processes and an Elasticsearch have done so far, looked at from outside."""

import os
import time
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import fmean

from benchmarks.polling_notes import NotedRound, rise
from tests.servers.elasticsearch_indices import request


@dataclass
class Usage:
    """What a process had used at a moment.

    Attributes:
        at: In seconds since 1970.
        cpu: Seconds.
        memory: Resident, in MB.
        own_memory: That part of it which is no file's, in MB.
    """

    at: float
    cpu: float
    memory: float
    own_memory: float = 0.0

    @classmethod
    def of(cls, pid: int) -> "Usage":
        """Reads it of a living process (Linux)."""
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
        cpu = (int(fields[11]) + int(fields[12])) / ticks
        status = Path(f"/proc/{pid}/status").read_text()
        own = int(status.partition("RssAnon:")[2].split()[0]) * 1024
        return cls(time.time(), cpu, int(fields[21]) * page / 1e6, own / 1e6)

    @classmethod
    def of_all(cls, pids: Sequence[int]) -> "Usage":
        """Sums it up over living processes."""
        found = [cls.of(pid) for pid in pids]
        return cls(
            max(one.at for one in found),
            sum(one.cpu for one in found),
            sum(one.memory for one in found),
            sum(one.own_memory for one in found),
        )


def slope(usages: Sequence[Usage]) -> float:
    """Gives the growth of memory in MB a minute, by least squares."""
    return 60 * (rise([(usage.at, usage.memory) for usage in usages]) or 0.0)


def growth_by_round(
    usages: Sequence[Usage], rounds: Sequence[NotedRound], left_out: float = 0.2
) -> tuple[int, float, float]:
    """Gives how a process's own memory grew over the later rounds.

    Args:
        usages: Of the process, in order of time.
        rounds: Its rounds, in order of time.
        left_out: The share of the rounds, from the first on, in which memory may still settle.

    Returns:
        The rounds looked at, and by least squares the growth in KB a round with its standard
        error. Neighbouring samples are not independent, so the error is too small rather than
        too large.
    """
    later = rounds[round(left_out * len(rounds)) :]
    begun = [one.begun for one in later]
    points = [
        (float(bisect(begun, usage.at)), 1000 * usage.own_memory)
        for usage in usages
        if begun and usage.at >= begun[0]
    ]
    growth = rise(points)
    if growth is None or len(points) < 3:
        return len(later), 0.0, 0.0
    x_mean = fmean(x for x, _ in points)
    y_mean = fmean(y for _, y in points)
    left = sum((y - y_mean - growth * (x - x_mean)) ** 2 for x, y in points)
    spread = sum((x - x_mean) ** 2 for x, _ in points)
    return len(later), growth, (left / (len(points) - 2) / spread) ** 0.5


def means_of_tenths(values: Sequence[float]) -> list[float]:
    """Gives the mean of each tenth of a run, in order."""
    edges = [round(part * len(values) / 10) for part in range(11)]
    return [round(fmean(values[a:b]), 1) for a, b in pairwise(edges) if a < b]


def cpu_share(usages: Sequence[Usage]) -> float:
    """Gives the share of one core that a process used."""
    return (usages[-1].cpu - usages[0].cpu) / max(usages[-1].at - usages[0].at, 1e-9)


def store_operations(index: Mapping[str, str]) -> tuple[int, int]:
    """Gives how many documents an Elasticsearch has written and read of the indices so far."""
    if "prefix" not in index:
        return 0, 0
    stats = request(index["url"], "GET", f"{index['prefix']}*/_stats/indexing,get?level=cluster")
    counted = stats["_all"]["primaries"]
    return counted["indexing"]["index_total"], counted["get"]["total"]
