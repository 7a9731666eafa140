"""The collector's settings, in a process of their own: they are for the whole of one."""

import subprocess
import sys

SCRIPT = """
import gc
from transforms.garbage_collection import THRESHOLDS, collect_rarely

collect_rarely()
frozen = gc.get_freeze_count()
made_later = [[] for _ in range(1000)]
collect_rarely()
assert gc.get_threshold() == THRESHOLDS
assert gc.get_freeze_count() == frozen > 0
"""


def test_it_is_set_once_and_spares_what_was_loaded_before() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
