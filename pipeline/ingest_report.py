"""What an ingestion tells a person: how long it will take, and where a dead letter stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.ingest_checkpoint import FileProgress
from pipeline.ingest_files import Record, SourceFile
from schemas.failure import Failure

# A rate over less than this says little.
SECONDS_MEASURED = 5.0


@dataclass(slots=True)
class Part:
    """Records of one file that are made safe with those of others.

    Attributes:
        file: Where they stand.
        progress: What is kept of the file; None keeps nothing.
        ends_file: Whether the file has been read to its end with them.
    """

    file: SourceFile
    progress: FileProgress | None
    records: list[Record] = field(default_factory=list)
    ends_file: bool = False


def placed(letter: Failure, parts: Sequence[Part]) -> str:
    """Gives a dead letter's reason with where its entry stands: the file's line or page, or entry.

    Args:
        letter: Made of an entry, or of what could not be read as one. A feed's entries have no
            lines of their own, and are named by their keys.
        parts: Where it came from; the first that has it counts.
    """
    for part in parts:
        name = part.file.name
        for record in part.records:
            entries = [(one.feed.url, one.key) for one in record.entries]
            letters = [(one.feed_url, one.entry_key) for one in record.failures]
            if (letter.feed_url, letter.entry_key) not in (*entries, *letters):
                continue
            if letter.error.startswith(f"{name}:"):
                return letter.error
            if part.file.format == "feed":
                return f"{name}: {letter.entry_key}: {letter.error}"
            return f"{name}:{record.number}: {letter.error}"
    return letter.error


def seconds_left(passed: float, done: int, left: int) -> float | None:
    """Estimates the time left, at the rate so far; None before there is a rate.

    Args:
        passed: Seconds that the rate is measured over.
        done: Bytes that were taken in them.
        left: Bytes that are still to come.
    """
    return passed * left / done if done > 0 and passed >= SECONDS_MEASURED else None
