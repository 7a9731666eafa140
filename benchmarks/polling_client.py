"""`dateline` that notes each poll's due time and start: polling_client.py FILE ARGUMENTS…

A line of FILE is one poll: when it was due, and when its first request was sent (after the wait
for the host's turn), both in seconds since 1970. With DATELINE_BENCHMARK_PROFILE=FILE the main
thread, which runs everything but the fetches, is profiled (cProfile) into that file.
"""

import cProfile
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

PROFILE_VARIABLE = "DATELINE_BENCHMARK_PROFILE"


def note_polls(path: Path) -> None:
    """Makes the pool's fetches write their times to a file."""
    import transforms.http.pool as pool

    fetch: Any = vars(pool)["fetch"]
    file = path.open("w", buffering=1)

    async def noted(client: Any, poll: Any, config: Any, clock: Any, turn: Any) -> Any:
        due = poll.state.next_due

        @asynccontextmanager
        async def noted_turn(host: str) -> AsyncIterator[None]:
            nonlocal due
            async with turn(host):
                if due is not None:
                    file.write(f"{due.timestamp():.3f} {time.time():.3f}\n")
                    due = None
                yield

        return await fetch(client, poll, config, clock, noted_turn)

    vars(pool)["fetch"] = noted


if __name__ == "__main__":
    from pipeline.cli import main

    note_polls(Path(sys.argv[1]))
    profile = cProfile.Profile() if os.environ.get(PROFILE_VARIABLE) else None
    status = profile.runcall(main, sys.argv[2:]) if profile is not None else main(sys.argv[2:])
    if profile is not None:
        profile.dump_stats(os.environ[PROFILE_VARIABLE])
    sys.exit(status)
