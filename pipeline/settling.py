"""Makes entries safe: each has its outcome, each dead letter is kept, once."""

import logging
import random
from collections import Counter
from collections.abc import Sequence

from pipeline.counted import counted
from pipeline.entry_outcomes import outcomes_of
from pipeline.pauses import pause_after_failures
from pipeline.stopping import StopRequest
from schemas.config import Config
from schemas.errors import TransientError
from schemas.failure import Failure
from schemas.poll import PollEntry
from transforms.storage.feed_store import FeedStore

_LOG = logging.getLogger(__name__)
TRIES = 6
# Where the store goes away midway, at most so many letters are put, and counted, a second time.
_LETTERS_AT_ONCE = 20


class Settling:
    """Brings entries to their outcomes, again those that could not be written.

    Args:
        entries: What is to be written.
        failures: Dead letters that are to be kept.

    Attributes:
        outcomes: What is safe so far: entries by outcome, `created` those with a new document,
            `dead_letter` the letters that are kept.
        kept: These letters.
        reason: Why something is left; empty where nothing is.
    """

    def __init__(self, entries: Sequence[PollEntry], failures: Sequence[Failure]) -> None:
        self.outcomes: Counter[str] = Counter()
        self.kept: list[Failure] = []
        self.reason = ""
        self._entries = list(entries)
        self._letters = list(failures)

    def run(self, config: Config, store: FeedStore, stop: StopRequest) -> None:
        """Tries until nothing is left, `TRIES` times at the most, or until the end is asked for."""
        for number in range(1, TRIES + 1):
            self.reason = ""
            self._write(config)
            self._keep_letters(store)
            if not self.reason or number == TRIES or stop:
                return
            pause = pause_after_failures(number, random.random())
            _LOG.warning("tried again in %.0f s: %s", pause, self.reason)
            stop.wait(pause)

    def _write(self, config: Config) -> None:
        left = []
        for entry, outcome in zip(self._entries, outcomes_of(self._entries, config), strict=True):
            if outcome.kind == "transient":
                left.append(entry)
                reason = outcome.reason
            elif outcome.failure is not None:
                self._letters.append(outcome.failure)
            else:
                self.outcomes[outcome.kind] += 1
                self.outcomes["created"] += outcome.created
        if left:
            self.reason = f"{counted(len(left), 'entry')} could not be written: {reason}"
        self._entries = left

    def _keep_letters(self, store: FeedStore) -> None:
        while self._letters:
            part = self._letters[:_LETTERS_AT_ONCE]
            try:
                store.put_failures(part)
            except TransientError as error:
                self.reason = str(error)
                return
            self.outcomes["dead_letter"] += len(part)
            self.kept += part
            del self._letters[:_LETTERS_AT_ONCE]
