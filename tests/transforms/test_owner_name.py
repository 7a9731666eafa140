import os
import subprocess
import sys

from transforms.owner_name import has_died, owner_name


def test_a_living_process_has_not_died() -> None:
    assert not has_died(owner_name())


def test_a_killed_process_has_died_even_before_it_is_reaped() -> None:
    program = "import sys; from transforms.owner_name import owner_name; "
    program += "print(owner_name(), flush=True); sys.stdin.read()"
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    owner = process.stdout.readline().strip()
    assert not has_died(owner)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert has_died(owner)
    process.communicate()
    assert has_died(owner)


def test_a_process_of_another_machine_is_left_alone() -> None:
    assert not has_died("elsewhere/1/abc-1")
    assert not has_died("")


def test_a_process_id_used_again_is_another_process() -> None:
    host, pid, _ = owner_name().split("/")
    assert has_died(f"{host}/{pid}/00000000-1")
