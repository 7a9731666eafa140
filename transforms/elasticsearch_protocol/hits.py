"""What comes out of the source."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was read.

    Attributes:
        index: The concrete index.
        id: The document's id.
        source: Its source, or the part that was asked for.
        version: Its version.
        seq_no: For a compare-and-set.
        primary_term: For a compare-and-set.
        routing: Its routing value, None for the id's own.
    """

    index: str
    id: str
    source: Mapping[str, Any]
    version: int
    seq_no: int
    primary_term: int
    routing: str | None = None


class ReadError(Exception):
    """The index could not be read, to the last try."""
