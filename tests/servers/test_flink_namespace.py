import subprocess
import sys

import pytest

from tests.servers.flink_namespace import command_in_namespace


def test_a_command_sees_nothing_but_loopback() -> None:
    names = [sys.executable, "-c", "import socket; print(*(n for _, n in socket.if_nameindex()))"]
    command = command_in_namespace(names)
    if command is None:
        pytest.skip("no network namespace can be made here")
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["lo"]


def test_without_unshare_there_is_no_namespace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert command_in_namespace(["true"]) is None
