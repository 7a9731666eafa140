"""Reads a YAML file into plain values and remembers the line of each, for error messages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from schemas.errors import ConfigError

KeyPath = tuple[str | int, ...]

_VARIABLE = re.compile(r"\$(?:(\$)|\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\})")


@dataclass(frozen=True, slots=True)
class YamlSource:
    """A YAML document: its values, and the line (from 1) where each key or item stands."""

    name: str
    value: Any
    lines: dict[KeyPath, int] = field(default_factory=dict)

    def where(self, path: KeyPath) -> str:
        """Names the file and line of a key; of the nearest key around it where it is missing."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return f"{self.name}:{self.lines[path[:length]]}"
        return self.name


def read_yaml(path: Path, environ: Mapping[str, str]) -> YamlSource:
    """Reads a file, `${NAME}` and `${NAME:-default}` taken from the environment.

    Args:
        path: The file, UTF-8.
        environ: Where variables are looked up; `$$` stands for a dollar sign.

    Raises:
        ConfigError: The file cannot be read, is no YAML, or names an unset variable.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: must be UTF-8: {error}") from error
    source = YamlSource(str(path), None)
    try:
        node = _compose(text, source.name)
        value = None if node is None else _construct(node, (), source, environ)
    except RecursionError:
        raise ConfigError(f"{path}: is nested too deep, or holds itself by an alias") from None
    return YamlSource(source.name, value, source.lines)


def with_top_key(text: str, key: str, value: str, name: str) -> str:
    """Gives a YAML document in which a key at its top has another value.

    Args:
        text: The document: keys and their values, or nothing.
        key: The key; it is added at the end where it is not there.
        value: Its value as YAML in one line. All else, comments too, is left as it is written.
        name: What the document is called in an error.

    Raises:
        ConfigError: It is no YAML document with keys at its top.
    """
    node = _compose(text, name)
    if node is None:
        return f"{text.rstrip()}\n{key}: {value}\n".lstrip()
    if not isinstance(node, yaml.MappingNode):
        raise ConfigError(f"{name}: must hold keys at its top")
    for key_node, value_node in node.value:
        if key_node.value == key:
            start, end = value_node.start_mark.index, value_node.end_mark.index
            tail = text[start:end]
            end -= len(tail) - len(tail.rstrip())
            gap = "" if text[:start].endswith((" ", "\n")) else " "
            return f"{text[:start]}{gap}{value}{text[end:]}"
    if node.flow_style:
        start = node.start_mark.index + 1
        return f"{text[:start]}{key}: {value}, {text[start:]}"
    before, after = text[: node.end_mark.index], text[node.end_mark.index :]
    return f"{before.rstrip()}\n{' ' * node.start_mark.column}{key}: {value}\n{after}"


def _compose(text: str, name: str) -> yaml.Node | None:
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark is not None else ""
        raise ConfigError(f"{name}{line}: is not valid YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{name}: is not valid YAML: {error}") from error
    return node


def _construct(
    node: yaml.Node, path: KeyPath, source: YamlSource, environ: Mapping[str, str]
) -> Any:
    line = node.start_mark.line + 1
    source.lines.setdefault(path, line)
    if isinstance(node, yaml.MappingNode):
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(getattr(key_node, "value", ""))
            key_line = key_node.start_mark.line + 1
            if key in values:
                raise ConfigError(f"{source.name}:{key_line}: {key!r} stands here a second time")
            source.lines[(*path, key)] = key_line
            values[key] = _construct(value_node, (*path, key), source, environ)
        return values
    if isinstance(node, yaml.SequenceNode):
        return [
            _construct(item, (*path, position), source, environ)
            for position, item in enumerate(node.value)
        ]
    if isinstance(node, yaml.ScalarNode) and "$" in node.value:
        return _expand(node.value, f"{source.name}:{line}", environ)
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError) as error:
        raise ConfigError(f"{source.name}:{line}: cannot be read: {error}") from error


def _expand(text: str, where: str, environ: Mapping[str, str]) -> str:
    def value_of(match: re.Match[str]) -> str:
        if match[1]:
            return "$"
        value = environ.get(match[2], match[3])
        if value is None:
            raise ConfigError(
                f"{where}: the environment variable {match[2]} is not set: set it, or write "
                f"${{{match[2]}:-default}}"
            )
        return value

    return _VARIABLE.sub(value_of, text)
