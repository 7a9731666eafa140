"""What a model that finds names must do, and what it finds.

A model says where a name stands and of what type it is; which person, organisation or place it is
stays with the gazetteer, so that names and ids are the same whoever has found them.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Span(NamedTuple):
    """A name that a model has found: code point offsets, and its OntoNotes type."""

    start: int
    end: int
    type: str


class Recognizer(Protocol):
    """Finds names. Thread-safe, and gives the same answer for the same text."""

    @property
    def version(self) -> str:
        """Names the model and its version."""

    def find(self, text: str) -> Sequence[Span]:
        """Gives the names of a text, in order, none over another."""
