"""Names found by any installed spaCy pipeline (https://spacy.io), the extra `dateline[spacy]`."""

import importlib
import threading
from typing import Any

from schemas.errors import ConfigError
from transforms.tagging.recognizer import Span

# OntoNotes' names of types, which spaCy's English and Chinese pipelines use, and those of its other
# pipelines (WikiNER and the like). Dates, numbers and other things that are no names are left out.
_TYPES = {
    "PERSON": "PERSON", "PER": "PERSON", "persName": "PERSON", "PRS": "PERSON",
    "ORG": "ORG", "ORGANIZATION": "ORG", "orgName": "ORG", "OG": "ORG",
    "GPE": "GPE", "GPE_LOC": "GPE", "GPE_ORG": "GPE", "placeName": "GPE", "LC": "GPE",
    "LOC": "LOC", "geogName": "LOC", "FAC": "FAC", "FACILITY": "FAC",
    "NORP": "NORP", "EVENT": "EVENT", "EVT": "EVENT", "PRODUCT": "PRODUCT", "PROD": "PRODUCT",
}  # fmt: skip


class SpacyRecognizer:
    """A spaCy pipeline with a component that sets `doc.ents`.

    Args:
        name: An installed package (`de_core_news_sm`), or a folder that `nlp.to_disk` has written.

    Raises:
        ConfigError: spaCy or the pipeline is not installed, or it finds no names.
    """

    def __init__(self, name: str) -> None:
        try:
            spacy: Any = importlib.import_module("spacy")
        except ImportError:
            raise ConfigError(
                f"tagger.backends: spacy:{name} needs spaCy: pip install 'dateline[spacy]'"
            ) from None
        try:
            self._pipeline: Any = spacy.load(name)
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"tagger.backends: spaCy has no pipeline {name!r} ({str(error)[:200]}); install it "
                f"(python -m spacy download {name}), or give the folder of one"
            ) from None
        components = set(self._pipeline.pipe_names)
        if not components & {"ner", "entity_ruler", "span_ruler", "beam_ner"}:
            raise ConfigError(
                f"tagger.backends: the pipeline {name!r} finds no names, it has only "
                f"{', '.join(sorted(components)) or 'no components'}; one with `ner` is wanted"
            )
        meta = self._pipeline.meta
        self._version = f"spacy:{meta['lang']}_{meta['name']}-{meta['version']}"
        self._lock = threading.Lock()

    @property
    def version(self) -> str:
        """The pipeline's language, name and version."""
        return self._version

    def find(self, text: str) -> list[Span]:
        """Gives the names of a text; a text over spaCy's limit is read up to it."""
        # A pipeline's vocabulary grows while it works, which two threads must not do at once.
        with self._lock:
            document = self._pipeline(text[: self._pipeline.max_length])
        return [
            Span(name.start_char, name.end_char, _TYPES[name.label_])
            for name in document.ents
            if name.label_ in _TYPES
        ]
