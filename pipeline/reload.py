"""Notices a changed configuration, so that a run takes it up without a restart."""

import logging
from collections.abc import Sequence
from pathlib import Path

from pipeline.configuration import load_config
from schemas.config import Config
from schemas.errors import ConfigError

_LOG = logging.getLogger(__name__)
# What is opened or listened on for as long as the process lasts.
_AT_START_ONLY = ("index", "metrics", "websub")
_Stamp = tuple[tuple[str, int, int], ...]


class ConfigWatch:
    """Watches a configuration file and the feed lists that it names.

    Args:
        path: The file.
        overrides: `--set` of the run; they stay in force.
        config: The configuration as the run began with it.
    """

    def __init__(self, path: Path, overrides: Sequence[str], config: Config) -> None:
        self._path = path
        self._overrides = list(overrides)
        self._config = config
        self._stamp = self._stamp_of(config)

    def changed(self) -> Config | None:
        """Gives the configuration if it has changed since the last call, else None.

        A mistake in it is logged once, with its place, and the run goes on with what it had.
        """
        stamp = self._stamp_of(self._config)
        if stamp == self._stamp:
            return None
        self._stamp = stamp
        try:
            config = load_config(self._path, self._overrides)
        except ConfigError as error:
            _LOG.error("the changed configuration is not taken up: %s", error)
            return None
        for part in _AT_START_ONLY:
            if getattr(config, part) != getattr(self._config, part):
                _LOG.warning(
                    "another `%s` is taken up by a restart only; the rest is taken up now", part
                )
                config = config.model_copy(update={part: getattr(self._config, part)})
        self._stamp = self._stamp_of(config)
        if config == self._config:
            return None
        self._config = config
        return config

    def _stamp_of(self, config: Config) -> _Stamp:
        stamps = []
        for path in (self._path, *config.opml, *config.tagger.data):
            try:
                status = path.stat()
            except OSError:
                continue  # an editor replaces the file at this moment, or it is gone: see then
            stamps.append((str(path), status.st_mtime_ns, status.st_size))
        return tuple(stamps)
