"""The process's tagger: the gazetteer and the models are loaded once for all threads."""

import threading

from schemas.config import TaggerConfig
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
            tagger = Tagger.load(config.data, config.prior, config.backends)
            while len(_loaded) >= _MOST_LOADED:
                del _loaded[next(iter(_loaded))]
            _loaded[key] = tagger
        return _loaded[key]
