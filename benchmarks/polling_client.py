"""`dateline` that notes what its polls and rounds took: polling_client.py FILE ARGUMENTS…

A line of FILE is `poll DUE BEGUN`: when a poll was due, and when its first request was sent (after
the wait for the host's turn); `round BEGUN WAITED ANSWERS`: when a round began, for how many
seconds nothing was done from then until the next one, and how many answers it took on; or
`claim BEGUN SECONDS HOSTS`: when due hosts were claimed, for how long, and how many there were.
Moments are seconds since 1970. With DATELINE_BENCHMARK_PROFILE=FILE the main thread, which runs
everything but the fetches, is profiled (cProfile) into that file.
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


def note_polls(file: Any) -> None:
    """Makes the pool's fetches write their times to a file."""
    import transforms.http.host_fetches as host_fetches

    fetch: Any = vars(host_fetches)["fetch"]

    async def noted(client: Any, poll: Any, config: Any, clock: Any, turn: Any) -> Any:
        due = poll.state.next_due

        @asynccontextmanager
        async def noted_turn(host: str) -> AsyncIterator[None]:
            nonlocal due
            async with turn(host):
                if due is not None:
                    file.write(f"poll {due.timestamp():.3f} {time.time():.3f}\n")
                    due = None
                yield

        return await fetch(client, poll, config, clock, noted_turn)

    vars(host_fetches)["fetch"] = noted


def note_rounds(file: Any) -> None:
    """Makes rounds write when they began, how long was waited in them, and for how many answers."""
    from pipeline.run import LocalRun
    from pipeline.stopping import StopRequest
    from transforms.http.pool import FetchPool

    collect: Any = FetchPool.collect
    wait: Any = StopRequest.wait
    begin: Any = vars(LocalRun)["_round"]
    began, waited, answers = 0.0, 0.0, 0

    def noted_collect(pool: Any, timeout_seconds: float) -> Any:
        nonlocal waited, answers
        started = time.monotonic()
        found = collect(pool, timeout_seconds)
        waited += time.monotonic() - started
        answers += len(found)
        return found

    def noted_wait(stop: Any, seconds: float) -> Any:
        nonlocal waited
        started = time.monotonic()
        stopped = wait(stop, seconds)
        waited += time.monotonic() - started
        return stopped

    def noted_round(run: Any, *arguments: Any) -> Any:
        nonlocal began, waited, answers
        if began:
            file.write(f"round {began:.3f} {waited:.4f} {answers}\n")
        began, waited, answers = time.time(), 0.0, 0
        return begin(run, *arguments)

    setattr(FetchPool, "collect", noted_collect)  # noqa: B010 (mypy knows methods as final here)
    setattr(StopRequest, "wait", noted_wait)  # noqa: B010
    setattr(LocalRun, "_round", noted_round)  # noqa: B010


def note_claims(file: Any, store: Any) -> None:
    """Makes a kind of feed store write how long its claims took."""
    claim: Any = store.claim

    def noted_claim(*arguments: Any, **options: Any) -> Any:
        begun = time.time()
        works = claim(*arguments, **options)
        file.write(f"claim {begun:.3f} {time.time() - begun:.4f} {len(works)}\n")
        return works

    store.claim = noted_claim


if __name__ == "__main__":
    from pipeline.cli import main
    from transforms.storage.elasticsearch.feed_store import ElasticsearchFeedStore
    from transforms.storage.embedded.feed_store import EmbeddedFeedStore

    notes = Path(sys.argv[1]).open("w", buffering=1)  # noqa: SIM115 (until the process ends)
    note_polls(notes)
    note_rounds(notes)
    note_claims(notes, EmbeddedFeedStore)
    note_claims(notes, ElasticsearchFeedStore)
    profile = cProfile.Profile() if os.environ.get(PROFILE_VARIABLE) else None
    status = profile.runcall(main, sys.argv[2:]) if profile is not None else main(sys.argv[2:])
    if profile is not None:
        profile.dump_stats(os.environ[PROFILE_VARIABLE])
    sys.exit(status)
