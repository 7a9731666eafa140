"""The process's tagger: the gazetteer and the models are loaded once for all threads."""

import threading

from schemas.config import TaggerConfig
from transforms.tagging.tagger import Tagger

_LOADING = threading.Lock()
_loaded: dict[str, Tagger] = {}


def shared_tagger(config: TaggerConfig) -> Tagger:
    """Gives the process's tagger for a configuration.

    Raises:
        ConfigError: A curated file, or the prior's, is wrong; a model cannot be loaded.
    """
    key = config.model_dump_json()
    with _LOADING:
        if key not in _loaded:
            _loaded[key] = Tagger.load(config.data, config.prior, config.backends)
        return _loaded[key]
