"""A real Flink cluster of processes that can be killed one by one, with Beam's job server."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.servers.cached_parts import HarnessError
from tests.servers.flink_jars import flink_jars, flink_java_home

START_SECONDS = 90
STOP_SECONDS = 20
OPENED = (
    "java.base/java.lang",
    "java.base/java.lang.invoke",
    "java.base/java.math",
    "java.base/java.net",
    "java.base/java.io",
    "java.base/java.nio",
    "java.base/java.text",
    "java.base/java.time",
    "java.base/java.util",
    "java.base/java.util.concurrent",
    "java.base/java.util.concurrent.atomic",
    "java.base/java.util.concurrent.locks",
    "java.base/sun.net.util",
    "java.base/sun.nio.ch",
)
EXPORTED = (
    "java.base/sun.net.util",
    "java.rmi/sun.rmi.registry",
    "java.security.jgss/sun.security.krb5",
)
_JOB_MANAGER = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"
_TASK_MANAGER = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"
_JOB_SERVER = "org.apache.beam.runners.flink.FlinkJobServerDriver"


class Process:
    """A process of the cluster, its log in a file of its own."""

    def __init__(self, name: str, command: Sequence[str], folder: Path, **environ: str) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        with open(self.log, "ab") as log:
            # A session of its own: a person's Ctrl-C reaches it only through us.
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, **environ},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.pid = self._process.pid

    def running(self) -> bool:
        """Says whether it lives."""
        return self._process.poll() is None

    def kill(self) -> None:
        """Sends SIGKILL and waits until it is gone."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Ends it, gently first."""
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def children(self) -> list[int]:
        """Gives the ids of the living processes that it has started."""
        found = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                state, parent, *_ = status.read_text().rpartition(")")[2].split()
                if int(parent) == self.pid and state not in "ZX":
                    found.append(int(status.parent.name))
        return sorted(found)


class FlinkCluster:
    """A JobManager, TaskManagers of one slot each, Beam's job server, a pool of Python workers.

    Args:
        task_managers: How many.

    Attributes:
        rest: The JobManager's REST address.
        job_endpoint: The job server's.
        pool: Starts a Python worker for each TaskManager.
    """

    def __init__(self, task_managers: int = 2) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dateline-flink-"))
        self._java = flink_java_home() / "bin" / "java"
        self._jars = flink_jars()
        rpc, rest, self._pool_port = _free_ports(3)
        self.rest = f"http://127.0.0.1:{rest}"
        self.job_endpoint = ""
        self._processes: list[Process] = []
        (self.folder / "flink-conf.yaml").write_text(_configuration(self.folder, rpc, rest))
        try:
            self._java_process("job-manager", 320, _JOB_MANAGER, "--configDir", str(self.folder))
            self.pool = self._start_pool()
            self.task_managers = [self.start_task_manager() for _ in range(task_managers)]
            self.job_server = self.start_job_server()
            self._wait(lambda: self.get("/overview")["slots-total"] == task_managers, "slots")
        except BaseException:
            self.close()
            raise

    def start_task_manager(self) -> Process:
        """Starts another TaskManager."""
        name = f"task-manager-{len(self._processes)}"
        return self._java_process(name, 400, _TASK_MANAGER, "--configDir", str(self.folder))

    def start_job_server(self) -> Process:
        """Starts a job server at a new address; one that has run several jobs can stall."""
        job, artifacts, expansion = _free_ports(3)
        process = self._java_process(
            f"job-server-{len(self._processes)}",
            320,
            _JOB_SERVER,
            f"--flink-master={self.rest.removeprefix('http://')}",
            "--job-host=127.0.0.1",
            f"--job-port={job}",
            f"--artifact-port={artifacts}",
            f"--expansion-port={expansion}",
            f"--artifacts-dir={self.folder / 'artifacts'}",
        )
        self._wait(lambda: _listens(job), "the job server")
        self.job_endpoint = f"127.0.0.1:{job}"
        return process

    def options(self, *more: str) -> tuple[str, ...]:
        """Gives the options of a run on this cluster."""
        return (
            "--runner=PortableRunner",
            f"--job_endpoint={self.job_endpoint}",
            f"--flink_master={self.rest.removeprefix('http://')}",
            "--environment_type=EXTERNAL",
            f"--environment_config=127.0.0.1:{self._pool_port}",
            f"--parallelism={len(self.task_managers)}",
            "--checkpointing_interval=2000",
            "--max_bundle_time_mills=100",
            *more,
        )

    def get(self, path: str) -> Any:
        """Asks the JobManager."""
        with urllib.request.urlopen(self.rest + path, timeout=20) as answer:
            return json.load(answer)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Tells the JobManager something."""
        request = urllib.request.Request(
            self.rest + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def running_jobs(self) -> list[str]:
        """Gives the ids of the jobs whose every task runs."""
        jobs = self.get("/jobs")["jobs"]
        found = []
        for job in jobs:
            if job["status"] == "RUNNING":
                tasks = self.get(f"/jobs/{job['id']}")["vertices"]
                if all(task["status"] == "RUNNING" for task in tasks):
                    found.append(str(job["id"]))
        return found

    def checkpoints(self, job: str) -> dict[str, Any]:
        """Gives what Flink tells of a job's checkpoints."""
        return dict(self.get(f"/jobs/{job}/checkpoints"))

    def state_sizes(self, job: str) -> dict[str, int]:
        """Gives the bytes of state in a job's newest checkpoint, by the tasks' names."""
        newest = self.checkpoints(job)["latest"]["completed"]
        details = self.get(f"/jobs/{job}/checkpoints/details/{newest['id']}")["tasks"]
        tasks = self.get(f"/jobs/{job}")["vertices"]
        return {task["name"]: details[task["id"]]["state_size"] for task in tasks}

    def stop_with_savepoint(self, job: str) -> str:
        """Cancels a job with a savepoint; gives the savepoint's path."""
        target = {"target-directory": str(self.folder / "savepoints"), "cancel-job": True}
        trigger = self.post(f"/jobs/{job}/savepoints", target)["request-id"]
        answer: dict[str, Any] = {}

        def ended() -> bool:
            answer.update(self.get(f"/jobs/{job}/savepoints/{trigger}"))
            return bool(answer["status"]["id"] == "COMPLETED")

        self._wait(ended, "the savepoint")
        if "location" not in answer["operation"]:
            raise HarnessError(f"no savepoint: {str(answer['operation'])[:3000]}")
        return str(answer["operation"]["location"])

    def tails(self, lines: int = 25) -> str:
        """Gives the ends of all logs."""
        return "\n".join(
            f"--- {process.name}\n"
            + "\n".join(process.log.read_text(errors="replace").splitlines()[-lines:])
            for process in self._processes
        )

    def close(self) -> None:
        """Ends all processes and removes what they have written."""
        for process in reversed(self._processes):
            children = process.children()
            process.close()
            for child in children:
                with suppress(ProcessLookupError):
                    os.kill(child, 9)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start_pool(self) -> Process:
        # The pool starts plain `python`, which must be this one.
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        command = [sys.executable, "-m", "apache_beam.runners.worker.worker_pool_main"]
        process = Process(
            "worker-pool",
            [*command, f"--service_port={self._pool_port}"],
            self.folder,
            PATH=path,
            PYTHONPATH=str(Path(__file__).parents[2]),
        )
        self._processes.append(process)
        self._wait(lambda: _listens(self._pool_port), "the pool of workers")
        return process

    def _java_process(self, name: str, heap_mb: int, main: str, *arguments: str) -> Process:
        command = [
            str(self._java),
            f"-Xmx{heap_mb}m",
            "-XX:MaxMetaspaceSize=256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            f"-Djava.io.tmpdir={self.folder}",
            *(f"--add-opens={package}=ALL-UNNAMED" for package in OPENED),
            *(f"--add-exports={package}=ALL-UNNAMED" for package in EXPORTED),
            "-cp",
            f"{self._jars}/*",
            main,
            *arguments,
        ]
        environ = {"FLINK_CONF_DIR": str(self.folder), "JAVA_HOME": str(self._java.parents[1])}
        process = Process(name, command, self.folder, **environ)
        self._processes.append(process)
        return process

    def _wait(self, condition: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            with suppress(urllib.error.URLError, OSError):
                if condition():
                    return
            time.sleep(0.2)
        raise HarnessError(f"not there within {START_SECONDS} s: {what}\n{self.tails()}")


def connected_ports(pid: int) -> set[int]:
    """Gives the ports of other ends that a process has TCP connections with at this moment."""
    inodes, ports = set(), set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            inodes.add(os.readlink(descriptor).removeprefix("socket:[").removesuffix("]"))
    for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[9] in inodes:
            ports.add(int(fields[2].rpartition(":")[2], 16))
    return ports


def _configuration(folder: Path, rpc: int, rest: int) -> str:
    # Flink's own scripts, which are not on Maven Central, would work the memory out.
    values = {
        "jobmanager.rpc.address": "127.0.0.1",
        "jobmanager.rpc.port": rpc,
        "jobmanager.bind-host": "127.0.0.1",
        "jobmanager.memory.heap.size": "320m",
        "jobmanager.memory.jvm-metaspace.size": "256m",
        "rest.address": "127.0.0.1",
        "rest.bind-address": "127.0.0.1",
        "rest.port": rest,
        "taskmanager.host": "127.0.0.1",
        "taskmanager.bind-host": "127.0.0.1",
        "taskmanager.numberOfTaskSlots": 1,
        "taskmanager.cpu.cores": 1.0,
        "taskmanager.memory.framework.heap.size": "128m",
        "taskmanager.memory.framework.off-heap.size": "64m",
        "taskmanager.memory.task.heap.size": "256m",
        "taskmanager.memory.task.off-heap.size": "16m",
        "taskmanager.memory.managed.size": "64m",
        "taskmanager.memory.network.min": "32m",
        "taskmanager.memory.network.max": "32m",
        "taskmanager.memory.jvm-metaspace.size": "256m",
        "taskmanager.memory.jvm-overhead.min": "64m",
        "taskmanager.memory.jvm-overhead.max": "64m",
        "classloader.resolve-order": "parent-first",
        "restart-strategy.type": "fixed-delay",
        "restart-strategy.fixed-delay.attempts": 1000,
        "restart-strategy.fixed-delay.delay": "1 s",
        # A dead TaskManager is to be noticed in seconds.
        "heartbeat.interval": 1000,
        "heartbeat.timeout": 8000,
        "state.checkpoints.dir": f"file://{folder / 'checkpoints'}",
        "state.savepoints.dir": f"file://{folder / 'savepoints'}",
        "io.tmp.dirs": folder,
        "blob.server.port": 0,
    }
    return "".join(f"{name}: {value}\n" for name, value in values.items())


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _free_ports(count: int) -> list[int]:
    """Gives ports that are free at this moment, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()
