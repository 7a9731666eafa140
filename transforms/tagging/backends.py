"""Models that find names, as an option: which there are, and which one a language has."""

from collections.abc import Mapping

from schemas.errors import ConfigError
from transforms.tagging.recognizer import Recognizer
from transforms.tagging.spacy_recognizer import SpacyRecognizer

RULES = "rules"
_SPACY = "spacy:"
ANY_LANGUAGE = "*"


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
            loaded[backend] = SpacyRecognizer(backend.removeprefix(_SPACY))
        chosen[language] = loaded[backend]
    return chosen


def recognizer_of(
    backends: Mapping[str, str], recognizers: Mapping[str, Recognizer], language: str
) -> Recognizer | None:
    """Gives the model for a text's language (BCP 47); None where the rules are to do it."""
    primary = language.partition("-")[0].lower()
    return recognizers.get(primary if primary in backends else ANY_LANGUAGE)
