"""Memory of a process through which documents pass: when it is looked through and given back."""

import ctypes
import gc
from collections.abc import Callable
from functools import cache

# New containers before a collection, and younger collections before an older one. Python's own,
# 700, 10 and 10, suit a process that holds little at a time: a round holds thousands of entries,
# which the collector looked through again and again while none of them was garbage.
THRESHOLDS = (20_000, 10, 10)
# Left to the thresholds alone, cycles that outlived a round would wait for millions of containers.
ROUNDS_BEFORE_ALL = 60


@cache
def collect_rarely() -> None:
    """Makes collections rare, and spares them what is loaded by now; once for a process.

    Nearly everything is freed when its last reference goes; the collector is for cycles only.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


def free_between_rounds(rounds: int) -> None:
    """Frees everything now and then between two rounds, when little is held.

    The search index's merges and large answers leave the C library with pages that it keeps for
    the next ones, more of them with each larger merge; they go back to the system.

    Args:
        rounds: How many there have been.
    """
    if rounds % ROUNDS_BEFORE_ALL == 0:
        gc.collect()
        trim = _malloc_trim()
        if trim is not None:
            trim(0)


@cache
def _malloc_trim() -> Callable[[int], int] | None:
    """Gives what makes the C library give memory back: glibc has it, others keep less."""
    try:
        trim: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
    return trim
