"""Takes files of articles through the same stages as polled feeds, and goes on where it stopped."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.ingest_checkpoint import Checkpoint, FileProgress, load_checkpoint, save_checkpoint
from pipeline.ingest_files import STANDARD_INPUT, SourceFile
from pipeline.ingest_report import Part, placed, seconds_left
from pipeline.settling import Settling
from pipeline.stopping import StopRequest
from schemas.config import Config
from schemas.errors import TerminalError, TransientError
from schemas.failure import Failure
from transforms.storage.feed_store import FeedStore
from transforms.storage.open import open_index, open_store
from transforms.stories.sweep import sweep

_LOG = logging.getLogger(__name__)
ENTRIES_AT_ONCE = 2_000
DEAD_LETTERS_TOLD = 10


@dataclass(slots=True)
class Ingested:
    """What has been ingested, and how far it is.

    Attributes:
        outcomes: Entries by outcome; `created` are those with a new document.
        records: Records that are safe, with all that they hold.
        skipped: Records that are no article.
        passed_over: Records that an earlier call has made safe.
        failed_files: Files that could not be read, with the reason.
        unavailable: Why the index did not take the rest; empty where it took all.
        share: Of the files' bytes, those that are done; None where nobody can know.
        seconds_left: An estimate by the bytes so far; None before there is one.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    records: int = 0
    skipped: int = 0
    passed_over: int = 0
    failed_files: list[str] = field(default_factory=list)
    unavailable: str = ""
    share: float | None = None
    seconds_left: float | None = None


class Ingestion:
    """One call of `dateline ingest`.

    Args:
        config: Where to, and the limits.
        files: In the order they are taken.
        checkpoint: Where the progress is kept; None keeps none.
        stop: Asks for the end, after what is under way.
        report: Is called whenever a part is safe.
    """

    def __init__(
        self,
        config: Config,
        files: Sequence[SourceFile],
        *,
        checkpoint: Path | None,
        stop: StopRequest,
        report: Callable[[Ingested], None] = lambda _: None,
    ) -> None:
        self._config = config
        self._files = files
        self._path = checkpoint
        self._known = load_checkpoint(checkpoint) if checkpoint is not None else Checkpoint()
        self._stop = stop
        self._report = report
        self._done = Ingested()
        self._waiting: list[Part] = []
        self._entries = 0
        self._bytes_before = 0
        self._bytes_skipped = 0
        self._measured_from: tuple[float, int] | None = None

    def run(self) -> Ingested:
        """Ingests all files.

        Raises:
            TransientError: The index cannot be used at all.
        """
        index, store = open_index(self._config), open_store(self._config)
        try:
            for change in (*index.setup(), *store.setup()):
                _LOG.info("%s", change)
            for file in self._files:
                if self._stop or self._done.unavailable:
                    break
                self._take(file, store)
                self._bytes_before += file.size or 0
            if not self._done.unavailable:
                self._settle(store)
            index.refresh()
            if self._done.outcomes["written"]:
                sweep(index, self._config.stories)
        finally:
            store.close()
            index.close()
        return self._done

    def _take(self, file: SourceFile, store: FeedStore) -> None:
        progress = self._progress(file)
        if progress is not None and progress.done:
            self._done.passed_over += progress.records
            self._bytes_skipped += file.size or 0
            return
        before = progress.records if progress is not None else 0
        self._done.passed_over += before
        part = self._part(file, progress)
        try:
            for record in file.records(skip=before):
                part.records.append(record)
                self._entries += len(record.entries) or 1
                if self._entries >= ENTRIES_AT_ONCE:
                    self._settle(store, file.bytes_read())
                    if self._done.unavailable or self._stop:
                        return
                    part = self._part(file, progress)
        except TerminalError as error:
            self._done.failed_files.append(str(error))
            _LOG.error("%s", error)
        else:
            part.ends_file = True

    def _part(self, file: SourceFile, progress: FileProgress | None) -> Part:
        self._waiting.append(Part(file, progress))
        return self._waiting[-1]

    def _progress(self, file: SourceFile) -> FileProgress | None:
        if self._path is None or file.name == STANDARD_INPUT:
            return None
        try:
            return self._known.progress_of(Path(file.name))
        except OSError:
            return None  # reading it says what is wrong

    def _settle(self, store: FeedStore, bytes_read: int = 0) -> None:
        """Makes safe what waits, of one file or many, unless the index does not take it.

        Args:
            store: Keeps the dead letters.
            bytes_read: Of the file that is being read.
        """
        parts, self._waiting, self._entries = self._waiting, [], 0
        records = [record for part in parts for record in part.records]
        settling = Settling(
            [entry for record in records for entry in record.entries],
            [failure for record in records for failure in record.failures],
        )
        settling.run(self._config, store, self._stop)
        self._tell_of(settling.kept, parts)
        self._done.outcomes.update(settling.outcomes)
        if settling.reason:
            self._done.unavailable = settling.reason
            return
        self._done.records += len(records)
        self._done.skipped += sum(record.skipped for record in records)
        for part in parts:
            if part.progress is not None and part.records:
                part.progress.records = part.records[-1].number
            if part.progress is not None and part.ends_file:
                part.progress.done = True
        self._save()
        self._estimate(self._bytes_before + bytes_read)
        self._report(self._done)

    def _save(self) -> None:
        if self._path is None:
            return
        try:
            save_checkpoint(self._path, self._known)
        except TransientError as error:
            _LOG.warning("%s: a later call will read these files from their beginning", error)
            self._path = None

    def _estimate(self, read: int) -> None:
        sizes = [one.size for one in self._files]
        if any(size is None for size in sizes):
            return
        total = sum(size or 0 for size in sizes)
        self._done.share = read / total if total else 1.0
        now, done = time.monotonic(), read - self._bytes_skipped
        if self._measured_from is None:  # the first part had the tagger loaded
            self._measured_from = now, done
        since, before = self._measured_from
        self._done.seconds_left = seconds_left(now - since, done - before, total - read)

    def _tell_of(self, letters: Sequence[Failure], parts: Sequence[Part]) -> None:
        """Says of the first dead letters where each stands and what is wrong with it."""
        told = self._done.outcomes["dead_letter"]
        for letter in letters[: max(DEAD_LETTERS_TOLD - told, 0)]:
            _LOG.warning("a dead letter: %.1000s", placed(letter, parts))
        if told <= DEAD_LETTERS_TOLD < told + len(letters):
            _LOG.warning("more dead letters are not named here: see `dateline replay --list`")
