"""What an ingestion tells a person: how long it will take, and where a dead letter stands."""

from collections.abc import Mapping

from pipeline.ingest_files import SourceFile
from schemas.failure import Failure

# A rate over less than this says little.
SECONDS_MEASURED = 5.0


def placed(letter: Failure, file: SourceFile, numbers: Mapping[str, int]) -> str:
    """Gives a dead letter's reason with where its entry stands: the file's line or page, or entry.

    Args:
        letter: Made of one of the file's entries, or of what could not be read as one.
        file: A feed's entries have no lines of their own, and are named by their keys.
        numbers: Of the file's lines or pages, by their entries' keys.
    """
    if letter.error.startswith(f"{file.name}:"):
        return letter.error
    if file.format == "feed" or letter.entry_key not in numbers:
        return f"{file.name}: {letter.entry_key}: {letter.error}"
    return f"{file.name}:{numbers[letter.entry_key]}: {letter.error}"


def seconds_left(passed: float, done: int, left: int) -> float | None:
    """Estimates the time left, at the rate so far; None before there is a rate.

    Args:
        passed: Seconds that the rate is measured over.
        done: Bytes that were taken in them.
        left: Bytes that are still to come.
    """
    return passed * left / done if done > 0 and passed >= SECONDS_MEASURED else None
