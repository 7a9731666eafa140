"""The settings of memory, in processes of their own: they are for the whole of one."""

import platform
import subprocess
import sys

import pytest

SCRIPT = """
import gc
import weakref
from transforms.memory import THRESHOLDS, collect_rarely, free_between_rounds

collect_rarely()
frozen = gc.get_freeze_count()
made_later = [[] for _ in range(1000)]
collect_rarely()
assert gc.get_threshold() == THRESHOLDS
assert gc.get_freeze_count() == frozen > 0

class Cycle:
    pass

cycle = Cycle()
cycle.itself = cycle
left = weakref.ref(cycle)
gc.collect()
del cycle
assert left() is not None
free_between_rounds()
assert left() is None
"""


def test_it_is_set_once_spares_what_was_loaded_and_frees_cycles_between_rounds() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


OWN_MEMORY = """
from pathlib import Path

def own_memory() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0])
"""

LEFT_OVER = """
from transforms.memory import free_between_rounds

pieces = [bytes(10_000) for _ in range(10_000)]
last = bytes(10_000)
del pieces
before = own_memory()
free_between_rounds()
assert own_memory() < before - 50_000, (before, own_memory())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be asked")
def test_what_the_c_library_keeps_goes_back_between_rounds() -> None:
    script = OWN_MEMORY + LEFT_OVER
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


SOME_LARGE = """
from transforms.memory import LARGE_BLOCK, tune_allocator

tune_allocator()
first = bytearray(b"x") * (8 * LARGE_BLOCK)
del first  # without the setting, blocks up to this size would now be small ones
blocks, between = [], []
for _ in range(100):
    blocks.append(bytearray(b"x") * (4 * LARGE_BLOCK))
    between.append(bytes(1_000))  # keeps a block of the heap from being the last one in it
before = own_memory()
blocks.clear()
assert own_memory() < before - 45_000, (before, own_memory())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told")
def test_a_large_block_goes_back_when_it_is_freed() -> None:
    script = OWN_MEMORY + SOME_LARGE
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
