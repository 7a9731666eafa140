"""The process's tagger: the gazetteer and the models are loaded once for all threads."""

import threading

from schemas.config import TaggerConfig
from schemas.errors import ConfigError
from transforms.tagging.tagger import Tagger

_LOADING = threading.Lock()
_loaded: dict[tuple[str, str], Tagger] = {}
# That of a changed configuration, and the one that what is under way still has.
_MOST_LOADED = 2


def shared_tagger(config: TaggerConfig) -> Tagger:
    """Gives the process's tagger for a configuration.

    Raises:
        ConfigError: A curated file, or the prior's, is wrong; a model cannot be loaded.
    """
    key = (config.model_dump_json(), config.content)
    with _LOADING:
        if key not in _loaded:
            try:
                tagger = Tagger.load(config.data, config.prior, config.backends)
            except ConfigError as error:
                raise _with_key(error, config) from error
            while len(_loaded) >= _MOST_LOADED:
                del _loaded[next(iter(_loaded))]
            _loaded[key] = tagger
        return _loaded[key]


def _with_key(error: ConfigError, config: TaggerConfig) -> ConfigError:
    """Gives an error with the key that named what it is about; its text begins with that."""
    text = str(error)
    if config.prior is not None and text.startswith(f"{config.prior}:"):
        return ConfigError(text, ("tagger", "prior"))
    for position, path in enumerate(config.data):
        if text.startswith(f"{path}:"):
            return ConfigError(text, ("tagger", "data", position))
    about, _, reason = text.partition(": ")
    if not about.startswith("tagger.backends"):
        return error
    name = about.removeprefix("tagger.backends").removeprefix(".")
    for language, backend in config.backends.items():
        if language == name or backend.removeprefix("spacy:") in reason:
            return ConfigError(reason, ("tagger", "backends", language))
    return ConfigError(reason, ("tagger", "backends"))
