"""Memory of a process through which documents pass: when it is looked through and given back."""

import ctypes
import gc
from collections.abc import Callable
from functools import cache

# New containers before a collection, and younger collections before an older one. Python's own,
# 700, 10 and 10, suit a process that holds little at a time: a round holds thousands of entries,
# which the collector looked through again and again while none of them was garbage.
THRESHOLDS = (20_000, 10, 10)
# The C library's own default, in bytes. Blocks of this size have pages of their own, which go back
# to the system when they are freed.
LARGE_BLOCK = 128 * 1024
_M_MMAP_THRESHOLD = -3  # of mallopt(3)
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


@cache
def keep_large_blocks_apart() -> None:
    """Keeps the C library from putting large blocks among the small ones; once for a process.

    It raises the size of what it calls large with each one that is freed, up to 32 MB. What feeds'
    documents and the search index's merges leave then is full of holes that never go back.
    """
    set_option = _of_c_library("mallopt")
    if set_option is not None:
        set_option(_M_MMAP_THRESHOLD, LARGE_BLOCK)


def free_between_rounds(rounds: int) -> None:
    """Frees everything now and then between two rounds, when little is held.

    The search index's merges and large answers leave the C library with pages that it keeps for
    the next ones, more of them with each larger merge; they go back to the system.

    Args:
        rounds: How many there have been.
    """
    if rounds % ROUNDS_BEFORE_ALL == 0:
        gc.collect()
        trim = _of_c_library("malloc_trim")
        if trim is not None:
            trim(0)


@cache
def _of_c_library(name: str) -> Callable[..., int] | None:
    """Gives a function that glibc has; None elsewhere."""
    try:
        function: Callable[..., int] = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return None
    return function
