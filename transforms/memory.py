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
# Threads come and go by the thousand; with heaps of their own, each would leave holes in one.
_HEAPS = 1
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8  # of mallopt(3)


@cache
def collect_rarely() -> None:
    """Makes collections rare, and spares them what is loaded by now; once for a process.

    Nearly everything is freed when its last reference goes; the collector is for cycles only.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


@cache
def tune_allocator() -> None:
    """Keeps the C library from keeping much that is free; once for a process, before its threads.

    By itself it raises the size of what it calls large with each large block that is freed, up to
    32 MB, and gives a heap to each of many threads. What feeds' documents and the search index's
    merges leave then is full of holes that never go back.
    """
    set_option = _of_c_library("mallopt")
    if set_option is not None:
        set_option(_M_MMAP_THRESHOLD, LARGE_BLOCK)
        set_option(_M_ARENA_MAX, _HEAPS)


def free_between_rounds() -> None:
    """Frees what a round has left, when little is held.

    Cycles first: the thresholds alone would let them wait for millions of containers, and a small
    one left over keeps a whole megabyte of Python's memory from going back. What is loaded is
    spared, so that some thousand objects are looked through. Then the C library's free pages go
    back to the system as well.
    """
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
