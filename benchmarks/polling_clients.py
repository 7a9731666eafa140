"""The Dateline processes of `benchmarks.polling_scale`: started, watched, ended."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.polling_client import PROFILE_VARIABLE
from benchmarks.polling_notes import Notes, read_notes
from benchmarks.usage import Usage

ROOT = Path(__file__).parents[1]
_LONGEST_END_SECONDS = 300.0


@dataclass(frozen=True)
class Client:
    """One process, with the files of its notes and of what it says."""

    process: subprocess.Popen[bytes]
    notes: Path
    log: Path

    def said(self) -> str:
        """Gives all that it has said so far."""
        return self.log.read_text()


class Clients:
    """Processes that share the feeds of one configuration."""

    def __init__(self, clients: list[Client]) -> None:
        self._clients = clients

    def usage(self) -> Usage:
        """Gives what they have used together.

        Raises:
            SystemExit: One of them has ended.
        """
        for client in self._clients:
            if client.process.poll() is not None:
                status = client.process.returncode
                raise SystemExit(f"a client ended with {status}:\n{client.said()}")
        return Usage.of_all([client.process.pid for client in self._clients])

    def end(self) -> float:
        """Ends them as an operator would; gives how many seconds the slowest took."""
        asked = time.monotonic()
        for client in self._clients:
            client.process.terminate()
        for client in self._clients:
            client.process.wait(_LONGEST_END_SECONDS)
        return time.monotonic() - asked

    def notes(self) -> Notes:
        """Gives what they have noted, of all of them."""
        found = Notes()
        for client in self._clients:
            one = read_notes(client.notes)
            found.polls += one.polls
            found.rounds += one.rounds
            found.claims += one.claims
        found.rounds.sort(key=lambda noted: noted.begun)
        return found

    def last_words(self) -> list[str]:
        """Gives the last line that each has said."""
        return [client.said().splitlines()[-1] for client in self._clients]


@contextmanager
def running(number: int, folder: Path, profile: str | None) -> Iterator[Clients]:
    """Runs clients by the configuration in a folder; none is left behind.

    Args:
        number: How many.
        folder: Of `dateline.yaml`; their notes and logs go there too.
        profile: A file for cProfile's figures; the main thread is slower then.
    """
    clients = []
    profiled = {PROFILE_VARIABLE: profile} if profile else {}
    try:
        for count in range(number):
            notes, log = folder / f"polls-{count}.txt", folder / f"client-{count}.log"
            command = [sys.executable, "-m", "benchmarks.polling_client", str(notes)]
            with log.open("w") as said:
                process = subprocess.Popen(
                    [*command, "run", "--config", str(folder / "dateline.yaml")],
                    cwd=ROOT,
                    stderr=said,
                    env={**os.environ, **profiled},
                )
            clients.append(Client(process, notes, log))
        yield Clients(clients)
    finally:
        for client in clients:
            if client.process.poll() is None:
                client.process.kill()
                client.process.wait()
