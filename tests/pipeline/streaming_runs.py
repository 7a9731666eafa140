"""Starts `dateline run --streaming` as a process group of its own, and ends it in each way."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from tests.pipeline.dateline import ROOT, Dateline
from tests.servers.feed_server import FeedServer

PATIENCE_SECONDS = 90


class StreamingRun:
    """A running job's driver and whatever it has started, its log kept in a file.

    Args:
        dateline: Configured.
        options: The runner and its options.
    """

    def __init__(self, dateline: Dateline, *options: str) -> None:
        self._log = dateline.folder / "streaming.log"
        with open(self._log, "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pipeline.cli", "run", "--streaming", *options],
                cwd=dateline.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def log(self) -> str:
        """Gives what this and earlier runs have said."""
        return self._log.read_text(errors="replace")

    def programs(self) -> list[str]:
        """Gives the names of the programs that live in the driver's process group."""
        listed = subprocess.run(
            ["ps", "-A", "-o", "pgid=,stat=,comm="], capture_output=True, text=True, check=True
        )
        found = (line.split(None, 2) for line in listed.stdout.splitlines())
        return [
            name
            for group, state, name in found
            if int(group) == self.process.pid and not state.startswith("Z")
        ]

    def kill(self) -> None:
        """Ends the driver and all that it has started as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Asks the driver for a clean end; gives its exit status."""
        self.process.send_signal(number)
        try:
            return self.process.wait(60)
        finally:
            self.close()

    def close(self) -> None:
        """Makes sure that nothing of the run is left."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def wait_until(self, condition: Callable[[], bool], what: str) -> None:
        """Waits until something holds; fails where the run ends before, or it takes too long."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            status = self.process.poll()
            assert status is None, f"the run ended with {status}: {self.log()[-3000:]}"
            assert time.monotonic() < end, f"not in time: {what}\n{self.log()[-3000:]}"
            time.sleep(0.1)


def polled_to_the_end(feeds: Iterable[tuple[FeedServer, str]]) -> Callable[[], bool]:
    """Gives the condition that feeds which do not change have been polled until nothing was new.

    A feed's newest request is a 304 then: everything that it shows has been written and its poll
    committed, for only so can the request have known its ETag.
    """
    # One request may be under way, begun before the feed's last change.
    since = {
        (server.port, path): (server, len(server.requests_to(path)) + 1) for server, path in feeds
    }

    def holds() -> bool:
        for (_, path), (server, count) in since.items():
            requests = server.requests_to(path)
            if len(requests) <= count or requests[-1].status != 304:
                return False
        return True

    return holds


def prism_options(program: Path) -> tuple[str, ...]:
    """Gives the options of a run on Prism."""
    return ("--runner=PrismRunner", f"--prism_location={program}")
