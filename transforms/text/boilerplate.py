"""Takes out lines that belong to the page, not to the report; the rules are data with examples."""

from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import regex
import yaml

# No rule is about long lines; a report's paragraph is not even looked at.
_MAX_LINE_CHARS = 400
# Most lines begin as no rule's do; whether they may is remembered by the first few characters. Of
# the shorter beginnings there are few, of the longer ones those that a rule may begin with.
_FIRST_CHARS = 3
_FIRST_CHARS_OF_FEW = 6
_WordRule = tuple[list[str], "regex.Pattern[str]"]


def without_boilerplate(text: str) -> str:
    r"""Gives a clean text (`clean_text`) without its boilerplate lines.

    A line goes only where one rule of `data/boilerplate.yaml` matches all of it. Paragraphs stay
    separated by `\n\n`.
    """
    general, by_word = _patterns()
    lines = {line for line in text.split("\n") if len(line) <= _MAX_LINE_CHARS}
    gone = {
        line
        for line in lines
        if _may_begin(line[:_FIRST_CHARS])
        and _may_begin(line[:_FIRST_CHARS_OF_FEW])
        and general.fullmatch(line) is not None
    }
    lower = "\n".join(lines).lower()
    rules_here = [rule for rule in by_word if any(word in lower for word in rule[0])]
    if rules_here:
        gone.update(line for line in lines if _is_of_rule(line, rules_here))
    if not gone.difference(("",)):
        return text
    paragraphs: list[str] = []
    for paragraph in text.split("\n\n"):
        kept = [line for line in paragraph.split("\n") if line not in gone]
        if kept:
            paragraphs.append("\n".join(kept))
    return "\n\n".join(paragraphs)


@lru_cache(maxsize=1_000)
def _may_begin(beginning: str) -> bool:
    """Says whether a line with this beginning can be one of the rules without `words`."""
    return _patterns()[0].fullmatch(beginning, partial=True) is not None


def _is_of_rule(line: str, by_word: "list[_WordRule]") -> bool:
    lower = line.lower()
    return any(
        any(word in lower for word in words) and pattern.fullmatch(line) is not None
        for words, pattern in by_word
    )


@cache
def rules() -> list[dict[str, Any]]:
    """Gives the rules as the data file has them."""
    text = files("transforms.text").joinpath("data", "boilerplate.yaml").read_text("utf-8")
    loaded: list[dict[str, Any]] = yaml.safe_load(text)
    return loaded


@cache
def _patterns() -> tuple["regex.Pattern[str]", "list[_WordRule]"]:
    """Gives one pattern of all rules without `words`, and each of the others with its words."""
    general = "|".join(f"(?:{rule['pattern']})" for rule in rules() if "words" not in rule)
    return regex.compile(general, regex.IGNORECASE), [
        (rule["words"], regex.compile(rule["pattern"], regex.IGNORECASE))
        for rule in rules()
        if "words" in rule
    ]
