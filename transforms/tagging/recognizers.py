"""Models that find names, as an option: what they find, and how one is chosen by language.

A model says where a name stands and of what type it is; which person, organisation or place it is
stays with the gazetteer, so that names and ids are the same whoever has found them.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from schemas.errors import ConfigError

RULES = "rules"
_SPACY = "spacy:"
ANY_LANGUAGE = "*"


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


def load_recognizers(backends: Mapping[str, str]) -> dict[str, Recognizer]:
    """Loads the models of `tagger.backends`, each once.

    Args:
        backends: By language (ISO 639-1, or `*` for all others): `rules`, or `spacy:` and the name
            or folder of a pipeline.

    Raises:
        ConfigError: A model cannot be loaded.
    """
    loaded: dict[str, Recognizer] = {}
    chosen = {}
    for language, backend in backends.items():
        if backend == RULES:
            continue
        if not backend.startswith(_SPACY):
            raise ConfigError(
                f"tagger.backends.{language}: {backend!r} is no backend; must be rules, or spacy: "
                "and the name or folder of a pipeline, such as spacy:de_core_news_sm"
            )
        if backend not in loaded:
            from transforms.tagging.spacy_recognizer import SpacyRecognizer

            loaded[backend] = SpacyRecognizer(backend.removeprefix(_SPACY))
        chosen[language] = loaded[backend]
    return chosen


def recognizer_of(
    backends: Mapping[str, str], recognizers: Mapping[str, Recognizer], language: str
) -> Recognizer | None:
    """Gives the model for a text's language (BCP 47); None where the rules are to do it."""
    primary = language.partition("-")[0].lower()
    return recognizers.get(primary if primary in backends else ANY_LANGUAGE)
