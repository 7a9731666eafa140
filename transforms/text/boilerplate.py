"""Takes out lines that belong to the page, not to the report; the rules are data with examples."""

from functools import cache
from importlib.resources import files
from typing import Any

import regex
import yaml

# No rule is about long lines; a report's paragraph is not even looked at.
_MAX_LINE_CHARS = 700
_MATCH_SECONDS = 1.0


def without_boilerplate(text: str) -> str:
    r"""Gives a clean text (`clean_text`) without its boilerplate lines.

    A line goes only where one rule of `data/boilerplate.yaml` matches all of it. Paragraphs stay
    separated by `\n\n`.
    """
    pattern = _pattern()
    paragraphs: list[str] = []
    for paragraph in text.split("\n\n"):
        kept = [line for line in paragraph.split("\n") if not _is_boilerplate(line, pattern)]
        if kept:
            paragraphs.append("\n".join(kept))
    return "\n\n".join(paragraphs)


def _is_boilerplate(line: str, pattern: "regex.Pattern[str]") -> bool:
    if len(line) > _MAX_LINE_CHARS:
        return False
    try:
        return pattern.fullmatch(line.strip(), timeout=_MATCH_SECONDS) is not None
    except TimeoutError:
        return False


@cache
def rules() -> list[dict[str, Any]]:
    """Gives the rules as the data file has them."""
    text = files("transforms.text").joinpath("data", "boilerplate.yaml").read_text("utf-8")
    loaded: list[dict[str, Any]] = yaml.safe_load(text)
    return loaded


@cache
def _pattern() -> "regex.Pattern[str]":
    alternatives = "|".join(f"(?:{rule['pattern']})" for rule in rules())
    return regex.compile(alternatives, regex.IGNORECASE)
