"""Puts what is wrong with a configuration into words: where, what, and what would be right."""

import difflib
import re
from collections.abc import Mapping
from typing import Any, Literal, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipeline.yaml_source import KeyPath, YamlSource
from schemas.config import Config

# A password in an address must not come back in an error message.
_USER_INFO = re.compile(r"//[^/@]*@")


def describe(
    error: ValidationError, source: YamlSource, from_command_line: Mapping[KeyPath, str]
) -> str:
    """Says of each mistake in a configuration where it is, what is wrong and what would be right.

    Args:
        error: What the model has against it.
        source: The file.
        from_command_line: What `--set` gave, by its key.
    """
    lines = []
    for detail in error.errors(include_url=False, include_context=True):
        path = cast(KeyPath, tuple(detail["loc"]))
        dotted = ".".join(str(part) for part in path)
        lines.append(f"{place(path, source, from_command_line)}: {dotted}: {_reason(detail, path)}")
    return "\n".join(lines)


def place(path: KeyPath, source: YamlSource, from_command_line: Mapping[KeyPath, str]) -> str:
    """Names where a key stands: file and line, or the `--set` that gave it."""
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
