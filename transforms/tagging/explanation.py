"""What `--explain` tells of one name, and the note of which rule settled it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from transforms.tagging.found import Found, Part


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a name can mean; `score` is its weight against its namesakes."""

    name: str
    kind: str
    type: str
    id: str
    country: str | None
    admin1: str
    population: int
    score: float | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """One name of a document, tagged or passed over.

    Attributes:
        part: title or text; offsets are code points of it.
        rule: What settled it: curated, model, organization, person, acronym or place; "" where
            nothing did.
        why: What decided, in words.
        meanings: What the gazetteer knows of the name, the heaviest first.
    """

    part: str
    start: int
    end: int
    text: str
    rule: str
    type: str
    name: str
    why: str
    meanings: list[Meaning] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Gives it as plain values."""
        return {
            **{name: getattr(self, name) for name in self.__slots__ if name != "meanings"},
            "meanings": [
                {name: getattr(one, name) for name in one.__slots__} for one in self.meanings
            ],
        }


class Trace:
    """Notes which rule settled what: told after each rule has run."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self._rules: dict[int, str] = {}

    def rule_has_run(self, rule: str) -> None:
        """Puts what is new down to a rule."""
        for part in self.parts:
            for found in part.found:
                self._rules.setdefault(id(found), rule)

    def rule_of(self, found: Found) -> str:
        """Gives the rule that settled a name."""
        return self._rules.get(id(found), "")
