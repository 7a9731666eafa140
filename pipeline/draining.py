"""Lets a stream whose workers are threads of this process end what is under way before it stops.

The graph asks wherever it runs. The flags are only ever set in the driver's process; in any other
the answer is always yes.
"""

import threading

_no_claims = threading.Event()
_no_ticks = threading.Event()


def claims_go_on(_tick: float) -> bool:
    """Says whether hosts are to be claimed."""
    return not _no_claims.is_set()


def ticks_go_on(_tick: float) -> bool:
    """Says whether there are to be ticks at all, so that answers which are there are taken on."""
    return not _no_ticks.is_set()


def start() -> None:
    """Lets everything go on."""
    _no_claims.clear()
    _no_ticks.clear()


def stop_claims() -> None:
    """Lets nothing new begin."""
    _no_claims.set()


def stop_ticks() -> None:
    """Lets nothing happen any more."""
    _no_ticks.set()
