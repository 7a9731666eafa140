"""The collector's settings, in a process of their own: they are for the whole of one."""

import subprocess
import sys

SCRIPT = """
import gc
import weakref
from transforms.garbage_collection import (
    ROUNDS_BEFORE_ALL, THRESHOLDS, collect_between_rounds, collect_rarely
)

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
collect_between_rounds(ROUNDS_BEFORE_ALL - 1)
assert left() is not None
collect_between_rounds(ROUNDS_BEFORE_ALL)
assert left() is None
"""


def test_it_is_set_once_spares_what_was_loaded_and_frees_cycles_between_rounds() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
