"""What processes and an Elasticsearch have done so far, looked at from outside."""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.polling_notes import rise
from tests.servers.elasticsearch_indices import request


@dataclass
class Usage:
    """What a process had used at a moment: CPU seconds, and resident memory in MB."""

    at: float
    cpu: float
    memory: float

    @classmethod
    def of(cls, pid: int) -> "Usage":
        """Reads it of a living process (Linux)."""
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
        cpu = (int(fields[11]) + int(fields[12])) / ticks
        return cls(time.time(), cpu, int(fields[21]) * page / 1e6)


def slope(usages: Sequence[Usage]) -> float:
    """Gives the growth of memory in MB a minute, by least squares."""
    return 60 * (rise([(usage.at, usage.memory) for usage in usages]) or 0.0)


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
