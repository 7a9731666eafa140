"""Loads the configuration: one YAML file, its feed lists, and `--set` for one run.

A mistake is named with file, line and key, and with what would be right.
"""

import difflib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal, cast, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipeline.opml import read_opml
from pipeline.yaml_source import KeyPath, YamlSource, read_yaml
from schemas.config import Config
from schemas.errors import ConfigError
from schemas.feed import Feed

DEFAULT_FILE = "dateline.yaml"
FILE_VARIABLE = "DATELINE_CONFIG"
# A password in an address must not come back in an error message.
_USER_INFO = re.compile(r"//[^/@]*@")


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
        raise ConfigError(_describe(error, source, from_command_line)) from None
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
    return f"{_where(error.key, source, from_command_line)}: {error}"


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


def _describe(
    error: ValidationError, source: YamlSource, from_command_line: Mapping[KeyPath, str]
) -> str:
    lines = []
    for detail in error.errors(include_url=False, include_context=True):
        path = cast(KeyPath, tuple(detail["loc"]))
        dotted = ".".join(str(part) for part in path)
        lines.append(
            f"{_where(path, source, from_command_line)}: {dotted}: {_reason(detail, path)}"
        )
    return "\n".join(lines)


def _where(path: KeyPath, source: YamlSource, from_command_line: Mapping[KeyPath, str]) -> str:
    given = next((t for p, t in from_command_line.items() if path[: len(p)] == p), None)
    return f"--set {given}" if given is not None else source.where(path)


def _reason(detail: ErrorDetails, path: KeyPath) -> str:
    if detail["type"] == "extra_forbidden":
        keys = sorted(_keys_at(path[:-1]))
        near = difflib.get_close_matches(str(path[-1]), keys, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        return f"is no known key; {hint}Known keys here: {', '.join(keys)}"
    message = detail["msg"].removeprefix("Value error, ")
    shown = detail["input"]
    if detail["type"] in ("model_type", "model_attributes_type", "dict_type"):
        if isinstance(shown, str) and len(path) == 2 and path[0] == "feeds":
            return f"a feed is written with its key: `- url: {_USER_INFO.sub('//…@', shown[:80])}`"
        return f"must hold keys, {', '.join(sorted(_keys_at(path))) or 'each with its value'}"
    if detail["type"] == "list_type":
        return "must be a list, such as `- …` a line"
    if detail["type"] == "string_type" and isinstance(shown, bool):
        words = 'yes, on or true as True: write it in quotes, such as "on"'
        if not shown:
            words = 'NO, no, off or false as False: write it in quotes, such as "NO"'
        return f"must be a text; YAML reads an unquoted {words}"
    if detail["type"] == "string_type" and isinstance(shown, int | float):
        return f'must be a text: write it in quotes, "{shown}"'
    if isinstance(shown, str | int | float | bool) and repr(shown) not in message:
        return f"{message}, not {_USER_INFO.sub('//…@', str(shown)[:80])!r}"
    return message


def _keys_at(path: KeyPath) -> list[str]:
    """Gives the known keys below a path of the configuration."""
    model: type[BaseModel] = Config
    for part in path:
        if isinstance(part, int) or part not in model.model_fields:
            continue
        inner = model_in(model.model_fields[part].annotation)
        if inner is None:
            return []
        model = inner
    return [name for name, info in model.model_fields.items() if not info.exclude]


def model_in(annotation: Any) -> type[BaseModel] | None:
    """Gives the model that a field's annotation holds, itself or inside a list or union."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) is Literal:
        return None
    return next((m for a in get_args(annotation) if (m := model_in(a)) is not None), None)


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
