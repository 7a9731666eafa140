"""Notices a changed configuration, so that a run takes it up without a restart."""

import logging
from collections.abc import Sequence
from pathlib import Path

from pipeline.configuration import load_config, placed
from schemas.config import Config
from schemas.errors import ConfigError
from transforms.http.client import tls_context
from transforms.tagging.shared import shared_tagger

_LOG = logging.getLogger(__name__)
# What is opened or listened on for as long as the process lasts.
_AT_START_ONLY = ("index", "metrics", "websub")
# When each file was written last, and how long it is.
_Stamps = dict[Path, tuple[int, int]]


class ConfigWatch:
    """Watches a configuration file and the feed lists and gazetteer files that it names.

    Args:
        path: The file.
        overrides: `--set` of the run; they stay in force.
        config: The configuration as the run began with it.
    """

    def __init__(self, path: Path, overrides: Sequence[str], config: Config) -> None:
        self._path = path
        self._overrides = list(overrides)
        self._config = config
        self._files = _files_of(path, config)
        self._stamps = _stamps_of(self._files)

    def changed(self) -> Config | None:
        """Gives the configuration if it has changed since the last call, else None.

        A mistake in it is logged once, with its place, and the run goes on with what it had.
        """
        before, self._stamps = self._stamps, _stamps_of(self._files)
        if self._stamps == before:
            return None
        try:
            config = self._load()
        except ConfigError as error:
            where = placed(error, self._path, self._overrides)
            _LOG.error("the changed configuration is not taken up: %s", where)
            return None
        for part in _AT_START_ONLY:
            if getattr(config, part) != getattr(self._config, part):
                _LOG.warning(
                    "another `%s` is taken up by a restart only; the rest is taken up now", part
                )
                config = config.model_copy(update={part: getattr(self._config, part)})
        if config == self._config:
            return None
        self._config = config
        return config

    def _load(self) -> Config:
        """Loads the configuration as at a start, where the same mistakes end the run."""
        config = load_config(self._path, self._overrides)
        # Those of a configuration with a mistake too, so that a mended one is noticed. What was
        # written since they were looked at before is a change of its own.
        self._files = _files_of(self._path, config)
        newest = _stamps_of(self._files)
        self._stamps = {path: self._stamps.get(path, stamp) for path, stamp in newest.items()}
        # An editor that writes the file anew leaves it empty for a moment.
        if not config.feeds:
            raise ConfigError(f"{self._path}: names no feeds: add `feeds:` or `opml:` to it")
        if config.tagger != self._config.tagger:
            shared_tagger(config.tagger)
        tls_context(config.http.ca_file)
        return config


def _files_of(path: Path, config: Config) -> list[Path]:
    return [path, *config.opml, *config.tagger.files()]


def _stamps_of(files: Sequence[Path]) -> _Stamps:
    stamps = {}
    for path in files:
        try:
            status = path.stat()
        except OSError:
            continue  # an editor replaces the file at this moment, or it is gone: see then
        stamps[path] = (status.st_mtime_ns, status.st_size)
    return stamps
