"""SIGINT and SIGTERM: the first one asks for a clean end, the second ends at once."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType


class StopRequest:
    """Whether somebody has asked for the end, and by which signal."""

    def __init__(self) -> None:
        self._woken = threading.Event()
        self._signal: int | None = None

    def __bool__(self) -> bool:
        return self._signal is not None

    def ask(self, signal_number: int) -> None:
        """Asks for the end; the second time, ends the process where it stands."""
        if self:
            # Nothing is lost: what is not committed is polled again, its lease freed or expired.
            os._exit(128 + signal_number)
        self._signal = signal_number
        self._woken.set()

    def wake(self) -> None:
        """Ends the wait that is under way, or else the next one, at once."""
        self._woken.set()

    def wait(self, seconds: float) -> bool:
        """Waits until the end is asked for, or `wake`, at most so long; says whether it was."""
        if not self:
            self._woken.wait(max(seconds, 0.0))
            self._woken.clear()
        return bool(self)

    @property
    def exit_status(self) -> int:
        """130 after SIGINT, 143 after SIGTERM, 0 where nobody asked."""
        return 0 if self._signal is None else 128 + self._signal


@contextmanager
def stop_on_signals(ending: str = "finishing what is under way") -> Iterator[StopRequest]:
    """Turns SIGINT and SIGTERM into a request for as long as the block runs.

    Args:
        ending: What is done after the first, which a person is told at once.
    """
    stop = StopRequest()

    def ask(signal_number: int, _frame: FrameType | None) -> None:
        stop.ask(signal_number)
        again = "press Ctrl-C again" if signal_number == signal.SIGINT else "send another signal"
        _say_at_once(f"stopping: {ending}; {again} to exit now")

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say_at_once(text: str) -> None:
    try:
        print(text, file=sys.stderr, flush=True)
    except (RuntimeError, OSError):
        # The signal came in the middle of another line, or nobody reads any more.
        with suppress(OSError):
            os.write(2, f"\n{text}\n".encode())
