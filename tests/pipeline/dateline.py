"""Runs `dateline` as a user does: a process of its own, a configuration file, exit status."""

import json
import os
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import yaml

from schemas.config import Config

ROOT = Path(__file__).parents[2]
KILLED_RUN = Path(__file__).parent / "killed_run.py"


@dataclass
class Dateline:
    """An installation: a folder with a configuration of feeds on loopback.

    Attributes:
        folder: Holds `dateline.yaml`, and the index where that is embedded.
        index: The configuration's `index:` part.
        settings: The configuration's other parts, free to change between runs.
    """

    folder: Path
    index: dict[str, Any]
    settings: dict[str, Any] = field(default_factory=dict)

    def configure(self, *feed_urls: str, **settings: Any) -> None:
        """Writes the configuration for the runs to come."""
        self.settings |= settings
        values = {
            "index": self.index,
            "http": {"allow_networks": ["127.0.0.0/8"], "timeout": "20s"},
            "polling": {"per_host_delay": 0, "round": "500ms"},
            "feeds": [{"url": url, "name": f"Feed {n}"} for n, url in enumerate(feed_urls, 1)],
            **self.settings,
        }
        (self.folder / "dateline.yaml").write_text(yaml.safe_dump(values), encoding="utf-8")

    def __call__(
        self,
        *arguments: str,
        status: int | None = 0,
        kill_at: str = "",
        stdout: IO[str] | int = subprocess.PIPE,
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command; `kill_at` names the point where it kills itself (killed_run.py)."""
        program = [str(KILLED_RUN), kill_at] if kill_at else ["-m", "pipeline.cli"]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, *program, *arguments],
            cwd=self.folder,
            env=environ,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
        )
        if status is not None:
            assert done.returncode == status, f"{arguments}: {done.returncode}\n{done.stderr}"
        return done

    def run_once(self, status: int | None = 0, kill_at: str = "") -> str:
        """Runs `dateline run --once`; gives what it said."""
        return self("run", "--once", status=status, kill_at=kill_at).stderr

    def search(self, *arguments: str) -> dict[str, Any]:
        """Searches; gives the answer's object."""
        answer: dict[str, Any] = json.loads(self("search", *arguments, "--json").stdout)
        return answer

    def articles(self, *arguments: str) -> list[dict[str, Any]]:
        """Searches; gives the found documents."""
        return [hit["article"] for hit in self.search(*arguments, "--size", "500")["hits"]]

    def dead_letters(self) -> list[dict[str, Any]]:
        """Gives the open dead letters."""
        return [json.loads(line) for line in self("replay", "--list").stdout.splitlines()]

    def feed_states(self) -> list[dict[str, Any]]:
        """Gives what polling knows of each feed."""
        lines = self("feeds", "status", "--json").stdout.splitlines()
        return [json.loads(line) for line in lines]

    def config(self) -> Config:
        """Gives the configuration as the runs read it."""
        from pipeline.configuration import load_config

        return load_config(self.folder / "dateline.yaml")

    def leased_hosts(self) -> list[str]:
        """Gives the hosts that somebody has a lease on at this moment."""
        from transforms.storage.open import open_store

        with closing(open_store(self.config(), read_only=True)) as store:
            return [host.host for host in store.hosts() if host.lease is not None]
