"""Starts a real Elasticsearch that can be killed: for the tests, and for a person to look at.

`python -m tests.servers.elasticsearch_server [--port 9200]` leaves one running until Ctrl-C.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from tests.servers.cached_parts import HarnessError
from tests.servers.elasticsearch_docker import DockerElasticsearch, docker_answers
from tests.servers.elasticsearch_download import distribution, public_temporary_folder
from tests.servers.elasticsearch_languages import with_language_plugin
from tests.servers.java import MINIMUM_VERSION, find_java_home

START_SECONDS = 120
STOP_SECONDS = 30
# Elasticsearch refuses to run as root; this is `nobody`, which needs no entry in any file.
UNPRIVILEGED = 65534

_SETTINGS = {
    "cluster.name": "dateline",
    "discovery.type": "single-node",
    "network.host": "127.0.0.1",
    "transport.port": "0",
    "xpack.security.enabled": "false",
    "cluster.routing.allocation.disk.threshold_enabled": "false",
    "cluster.max_shards_per_node": "5000",
    # Writes the chosen port into logs/http.ports: no free port has to be guessed beforehand.
    "node.portsfile": "true",
}


class Server(Protocol):
    """An Elasticsearch of our own; its URL stays the same when it is killed and started again."""

    url: str

    def start(self) -> None:
        """Starts it, with the data it had, and waits until it answers; else HarnessError."""

    def kill(self) -> None:
        """Ends it as a power cut would (SIGKILL)."""

    def running(self) -> bool:
        """Says whether its process lives."""

    def close(self) -> None:
        """Ends it in order and removes its data."""


def open_server(
    port: int = 0, settings: dict[str, str] | None = None, *, with_languages: bool = False
) -> Server:
    """Starts an Elasticsearch and gives it once it answers.

    Args:
        port: Of its HTTP interface on 127.0.0.1; 0 takes a free one.
        settings: Further lines of elasticsearch.yml.
        with_languages: It has language analyzers: the image's own, or the tests' plugin.

    Raises:
        HarnessError: No JDK and no Docker engine, no Maven, or it does not start; says which.
    """
    java_home = find_java_home()
    server: Server
    if java_home is not None:
        program = with_language_plugin(java_home) if with_languages else distribution()
        server = LocalElasticsearch(java_home, port, settings or {}, program)
    elif docker_answers():
        server = DockerElasticsearch(port, settings or {})
    else:
        raise HarnessError(
            f"the tests' Elasticsearch needs a JDK of version {MINIMUM_VERSION} or newer (Debian: "
            "apt-get install openjdk-21-jdk-headless; macOS: brew install openjdk@21; found by "
            "JAVA_HOME, PATH and in the usual places), or a running Docker engine, or "
            "ELASTICSEARCH_URL set to an Elasticsearch 9 that may be filled with test indices"
        )
    try:
        server.start()
    except BaseException:
        server.close()
        raise
    return server


def health(url: str) -> dict[str, Any] | None:
    """Asks the cluster for its health; None where nobody answers or it is not ready."""
    try:
        address = f"{url}/_cluster/health?wait_for_status=yellow&timeout=1s"
        with urllib.request.urlopen(address, timeout=10) as answer:
            return dict(json.load(answer))
    except (OSError, ValueError, urllib.error.URLError):
        return None


class LocalElasticsearch:
    """A server process of our own in a temporary folder, ended by its own process group."""

    def __init__(
        self, java_home: Path, port: int, settings: dict[str, str], unpacked: Path
    ) -> None:
        self.url = f"http://127.0.0.1:{port}" if port else ""
        self._port = port
        self._java_home = java_home
        self._settings = settings
        self._program = unpacked / "bin" / "elasticsearch"
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = Path(
            tempfile.mkdtemp(prefix="dateline-elasticsearch-", dir=public_temporary_folder())
        )
        for name in ("data", "logs", "tmp"):
            (self._folder / name).mkdir()
        shutil.copytree(self._program.parent.parent / "config", self._folder / "config")

    def start(self) -> None:
        """Starts the process and polls until it answers; see `Server`."""
        if self.running():
            return
        config = {
            **_SETTINGS,
            **self._settings,
            "http.port": str(self._port),
            "path.data": str(self._folder / "data"),
            "path.logs": str(self._folder / "logs"),
        }
        lines = "".join(f"{name}: {value}\n" for name, value in config.items())
        (self._folder / "config" / "elasticsearch.yml").write_text(lines)
        ports = self._folder / "logs" / "http.ports"
        ports.unlink(missing_ok=True)
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self._folder),
            "TMPDIR": str(self._folder / "tmp"),
            "ES_TMPDIR": str(self._folder / "tmp"),
            "ES_PATH_CONF": str(self._folder / "config"),
            "ES_JAVA_HOME": str(self._java_home),
            "ES_JAVA_OPTS": "-Xms512m -Xmx512m",
        }
        unprivileged: dict[str, Any] = {}
        if os.geteuid() == 0:
            unprivileged = {"user": UNPRIVILEGED, "group": UNPRIVILEGED, "extra_groups": []}
            for root, _, files in os.walk(self._folder):
                for path in (root, *(os.path.join(root, name) for name in files)):
                    os.chown(path, UNPRIVILEGED, UNPRIVILEGED)
        with open(self._folder / "console.log", "wb") as console:
            # A session of its own, so that the launcher and its JVM can be ended together, and
            # a person's Ctrl-C reaches them only through us.
            self._process = subprocess.Popen(
                [self._program],
                cwd=self._folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=0o077,
                **unprivileged,
            )
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up:
            if self._process.poll() is not None:
                raise HarnessError(
                    f"Elasticsearch ended with status {self._process.returncode} while starting:\n"
                    f"{self._log_tail()}"
                )
            if not self._port and ports.is_file() and (text := ports.read_text()):
                self._port = int(text.split()[0].rpartition(":")[2])
                self.url = f"http://127.0.0.1:{self._port}"
            if self._port and health(self.url) is not None:
                return
            time.sleep(0.1)
        self.kill()
        raise HarnessError(
            f"Elasticsearch did not answer within {START_SECONDS} s:\n{self._log_tail()}"
        )

    def running(self) -> bool:
        """Says whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """Sends SIGKILL to the launcher and the server, and waits until they are gone."""
        self._end(signal.SIGKILL)

    def close(self) -> None:
        """Ends the process, gently first, and removes its folder."""
        self._end(signal.SIGTERM)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _end(self, number: signal.Signals) -> None:
        process = self._process
        if process is None:
            return
        try:
            os.killpg(process.pid, number)
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        except ProcessLookupError:
            process.wait()
        self._process = None

    def _log_tail(self, lines: int = 40) -> str:
        text = (self._folder / "console.log").read_text(errors="replace")
        return "\n".join(text.splitlines()[-lines:])


def main(arguments: Sequence[str] | None = None) -> int:
    """Starts a server in the foreground and leaves it running until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers.elasticsearch_server")
    parser.add_argument("--port", type=int, default=9200, help="port on 127.0.0.1 (default 9200)")
    port = parser.parse_args(arguments).port
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print("Starting Elasticsearch (the first time it is downloaded) …", file=sys.stderr)
    try:
        server = open_server(port)
    except HarnessError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    try:
        print(server.url, flush=True)
        print("Running; Ctrl-C ends it and removes its data.", file=sys.stderr)
        while server.running():
            time.sleep(1)
        print("Elasticsearch ended by itself.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        server.close()


if __name__ == "__main__":
    sys.exit(main())
