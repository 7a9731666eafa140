"""The process's pools of fetches, which outlive bundles and rounds."""

import os
import threading
import time
from functools import partial

from schemas.config import Config
from schemas.poll import Poll
from transforms.http.pool import FetchPool
from transforms.storage.open import open_store, place_of

_pools: dict[tuple[str, str, str], FetchPool] = {}
_pools_lock = threading.Lock()


def _forget_after_fork() -> None:
    # Threads do not survive a fork: a child starts pools of its own.
    global _pools_lock
    _pools_lock = threading.Lock()
    _pools.clear()


def shared_pool(config: Config) -> FetchPool:
    """Gives the process's pool for a configuration, started when first asked for.

    It outlives bundles and rounds; `close_all` ends it.
    """
    http, polling = config.http, config.polling
    key = (http.model_dump_json(), polling.model_dump_json(), place_of(config))
    with _pools_lock:
        pool = _pools.get(key)
        if pool is None or pool.closed:
            pool = _pools[key] = FetchPool(http, polling, open_store=partial(open_store, config))
        return pool


def close_all(timeout: float = 10.0) -> list[Poll]:
    """Ends all pools of the process within about `timeout` seconds in total.

    Returns:
        The polls that were not answered, to be released.
    """
    with _pools_lock:
        pools = list(_pools.values())
        _pools.clear()
    end = time.monotonic() + timeout
    return [poll for pool in pools for poll in pool.close(max(end - time.monotonic(), 0.0))]


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)
