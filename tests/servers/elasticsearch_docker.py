"""Elasticsearch in a container, where there is a Docker engine but no JDK."""

import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

from tests.servers.cached_parts import HarnessError
from tests.servers.elasticsearch_download import VERSION

IMAGE = f"docker.elastic.co/elasticsearch/elasticsearch:{VERSION}"
START_SECONDS = 120


def docker_answers() -> bool:
    """Says whether a Docker engine can be reached (the `docker` command alone is not one)."""
    if shutil.which("docker") is None:
        return False
    try:
        asked = subprocess.run(["docker", "info"], capture_output=True, timeout=20, check=False)
    except subprocess.TimeoutExpired:
        return False
    return asked.returncode == 0


class DockerElasticsearch:
    """A container of our own; see `elasticsearch_server.Server`."""

    def __init__(self, port: int, settings: dict[str, str]) -> None:
        self._port = port or _free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._settings = settings
        self._container = ""

    def start(self) -> None:
        """Creates or restarts the container and polls until it answers."""
        if self._container:
            _docker("start", self._container)
        else:
            settings = {
                "discovery.type": "single-node",
                "xpack.security.enabled": "false",
                "cluster.routing.allocation.disk.threshold_enabled": "false",
                "ES_JAVA_OPTS": "-Xms512m -Xmx512m",
                **self._settings,
            }
            environment = [part for item in settings.items() for part in ("-e", "=".join(item))]
            address = f"127.0.0.1:{self._port}:9200"
            self._container = _docker("run", "-d", "-p", address, *environment, IMAGE)
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up:
            if not self.running():
                break
            try:
                address = f"{self.url}/_cluster/health?wait_for_status=yellow&timeout=1s"
                with urllib.request.urlopen(address, timeout=10):
                    return
            except (OSError, urllib.error.URLError):
                time.sleep(0.1)
        logs = _docker("logs", "--tail", "40", self._container)
        raise HarnessError(f"the container of {IMAGE} did not answer:\n{logs}")

    def running(self) -> bool:
        """Says whether the container runs."""
        state = "{{.State.Running}}"
        return bool(self._container) and (
            _docker("inspect", "-f", state, self._container) == "true"
        )

    def kill(self) -> None:
        """Ends the container with SIGKILL; its data stay."""
        if self.running():
            _docker("kill", self._container)

    def close(self) -> None:
        """Removes the container and its data."""
        if self._container:
            _docker("rm", "-f", "-v", self._container)
            self._container = ""


def _docker(*arguments: str) -> str:
    done = subprocess.run(
        ["docker", *arguments], capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode != 0:
        raise HarnessError(f"`docker {' '.join(arguments)}` failed: {done.stderr.strip()}")
    return done.stdout.strip()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
