"""Loads the configuration: one YAML file, its feed lists, and `--set` for one run.

A mistake is named with file, line and key, and with what would be right.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from pipeline.configuration_errors import describe, place
from pipeline.opml import read_opml
from pipeline.yaml_source import KeyPath, YamlSource, read_yaml
from schemas.config import Config
from schemas.errors import ConfigError
from schemas.feed import Feed

DEFAULT_FILE = "dateline.yaml"
FILE_VARIABLE = "DATELINE_CONFIG"


def find_config_file(given: str | None, environ: Mapping[str, str] = os.environ) -> Path | None:
    """Gives the configuration file: the one given, DATELINE_CONFIG's, else ./dateline.yaml."""
    name = given or environ.get(FILE_VARIABLE)
    if name:
        return Path(name)
    default = Path(DEFAULT_FILE)
    return default if default.is_file() else None


def load_config(
    path: Path | None,
    overrides: Sequence[str] = (),
    environ: Mapping[str, str] = os.environ,
) -> Config:
    """Loads and checks the configuration.

    Args:
        path: The file; None takes the defaults.
        overrides: `key.subkey=value` of this run, values read as YAML.
        environ: For `${NAME}` in the file.

    Returns:
        The configuration, paths made relative to the file, OPML feeds in `feeds`.

    Raises:
        ConfigError: Something in it is not what it must be.
    """
    source = read_yaml(path, environ) if path is not None else YamlSource("defaults", {})
    value = source.value if source.value is not None else {}
    if not isinstance(value, dict):
        raise ConfigError(f"{source.name}: must hold keys such as `index:` and `feeds:` at its top")
    from_command_line = {_override(value, text): text for text in overrides}
    try:
        config = Config.model_validate(value)
    except ValidationError as error:
        raise ConfigError(describe(error, source, from_command_line)) from None
    folder = path.parent if path is not None else Path()
    config = _with_opml(_relative_to(config, folder), source)
    config.tagger.note_content(_digest_of(config.tagger.files()))
    return config


def placed(error: ConfigError, path: Path | None, overrides: Sequence[str] = ()) -> str:
    """Gives an error's text with file and line of the key at fault, where it names one.

    Args:
        error: What a file, or another thing that a key names, is wrong with when it is used.
        path: The configuration file; None takes the defaults.
        overrides: `key.subkey=value` of the run.
    """
    if not error.key:
        return str(error)
    from_command_line = {_override({}, text): text for text in overrides}
    try:
        source = read_yaml(path, os.environ) if path is not None else YamlSource("defaults", {})
    except ConfigError:  # it is being written anew
        source = YamlSource(str(path), {})
    return f"{place(error.key, source, from_command_line)}: {error}"


def _digest_of(files: Iterable[Path]) -> str:
    """Gives a hash of what files hold; one that cannot be read is told of where it is needed."""
    digest = blake2b(digest_size=16)
    for path in files:
        with suppress(OSError):
            digest.update(blake2b(path.read_bytes()).digest())
    return digest.hexdigest()


def _override(value: dict[str, Any], text: str) -> KeyPath:
    key, separator, given = text.partition("=")
    path = tuple(key.strip().split("."))
    if not separator or not all(path):
        raise ConfigError(f"--set {text}: must be key=value, such as polling.round=2s")
    try:
        parsed = yaml.safe_load(given)
    except yaml.YAMLError as error:
        raise ConfigError(f"--set {text}: the value is not valid YAML: {error}") from error
    part = value
    for name in path[:-1]:
        inner = part.setdefault(name, {})
        if not isinstance(inner, dict):
            raise ConfigError(f"--set {text}: {name!r} has no keys below it")
        part = inner
    part[path[-1]] = parsed
    return path


def _relative_to(config: Config, folder: Path) -> Config:
    url = config.index.url
    if url.startswith("embedded:"):
        url = f"embedded:{folder / Path(url.removeprefix('embedded:')).expanduser()}"
    index = config.index.model_copy(
        update={"url": url, "ca_file": _beside(config.index.ca_file, folder)}
    )
    http = config.http.model_copy(update={"ca_file": _beside(config.http.ca_file, folder)})
    tagger = config.tagger.model_copy(
        update={
            "data": [folder / path.expanduser() for path in config.tagger.data],
            "prior": _beside(config.tagger.prior, folder),
        }
    )
    opml = [folder / path.expanduser() for path in config.opml]
    return config.model_copy(update={"index": index, "http": http, "tagger": tagger, "opml": opml})


def _beside(path: Path | None, folder: Path) -> Path | None:
    return None if path is None else folder / path.expanduser()


def _with_opml(config: Config, source: YamlSource) -> Config:
    """Adds the feeds of the lists; a feed named in the file itself goes before one of a list."""
    feeds: dict[str, Feed] = {}
    for position, feed in enumerate(config.feeds):
        if feed.url in feeds:
            raise ConfigError(
                f"{source.where(('feeds', position))}: feeds.{position}.url: {feed.url} stands "
                "in the file a second time: keep one"
            )
        feeds[feed.url] = feed
    for position, path in enumerate(config.opml):
        try:
            listed = read_opml(path)
        except ConfigError as error:
            where = source.where(("opml", position))
            raise ConfigError(f"{where}: opml.{position}: {error}") from None
        for feed in listed:
            feeds.setdefault(feed.url, feed.model_copy(update={"hold": config.polling.hold}))
    return config.model_copy(update={"feeds": _with_one_lease_a_domain(list(feeds.values()))})


def _with_one_lease_a_domain(feeds: list[Feed]) -> list[Feed]:
    """Puts all feeds of a domain under one lease where one of them needs it to be the domain's.

    That is a feed held back by domain, or one with full text, whose pages are on other hosts of the
    domain than its own: two leases there would be two requests at a time.
    """
    from transforms.lease_unit import lease_unit

    domains = {
        lease_unit(one.url, "domain")
        for one in feeds
        if one.hold == "domain" or (one.full_text and one.hold != "feed")
    }
    return [
        one.model_copy(update={"hold": "domain"})
        if one.hold == "host" and lease_unit(one.url, "domain") in domains
        else one
        for one in feeds
    ]
