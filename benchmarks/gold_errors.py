"""What kind of error each difference between a tagger's answer and a gold set is.

Each gold name ends in one kind, and each of the tagger's names that no gold name took does too, so
that the kinds add up to the misses and the false alarms.
"""

import math
from collections.abc import Mapping, Sequence, Set
from typing import Any

from benchmarks.gold_pairs import Name
from transforms.tagging.gazetteer import Gazetteer
from transforms.tagging.matcher import find_names
from transforms.tagging.name_forms import normalized

RIGHT = "right"
FAR_KM = 161  # a hundred miles, as in the literature on finding places
_CALLED = {
    "PERSON": "a person",
    "ORG": "an organisation",
    "GPE": "a place",
    "LOC": "a place",
    "FAC": "a facility",
    "NORP": "a group",
    "EVENT": "an event",
    "PRODUCT": "a product",
}


class Kinds:
    """Tells the kinds of errors apart, by the words and names that the tagger itself knows."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        words = gazetteer.words
        self._told = {
            "ORG": words["org_tail"] | words["org_head"],
            "FAC": words["facility_tail"],
        }

    def of_gold(
        self,
        text: str,
        gold: Name,
        found: Name | None,
        right: Set[str],
        in_full: Set[str] = frozenset(),
    ) -> str:
        """Gives the kind of one gold name: `RIGHT`, or what went wrong.

        Args:
            text: In which it stands.
            gold: The name.
            found: What the tagger has for it.
            right: The tagger's types that are right.
            in_full: Words of the full names of people that the gold set has in this text.
        """
        if found is None:
            return f"missed: {self._missed(text, gold, in_full)}"
        if found.type not in right:
            other = _CALLED[found.type]
            if (found.start, found.end) == (gold.start, gold.end):
                return f"type: taken for {other}"
            if found.start <= gold.start and gold.end <= found.end:
                return f"type: taken into the name of {other}"
            return f"type: a part of it taken for {other}"
        if (found.start, found.end) == (gold.start, gold.end):
            return RIGHT
        if found.start <= gold.start and gold.end <= found.end:
            return "span: too long"
        if gold.start <= found.start and found.end <= gold.end:
            return "span: too short"
        return "span: shifted"

    def of_false_alarm(self, found: Name, gold: Sequence[Name], scored: Set[str]) -> str:
        """Gives the kind of one of the tagger's names that stands for no gold name."""
        for one in gold:
            if one.start < found.end and found.start < one.end:
                if one.type in scored:
                    return "a second piece of a name, or one within it"
                return f"a name that the set counts as {one.type}"
        return f"no name in the set, by the rule {found.rule!r}"

    def _missed(self, text: str, gold: Name, in_full: Set[str]) -> str:
        name = text[gold.start : gold.end]
        if name == name.lower() and name != name.upper():
            return "in lower case"
        if gold.type == "PER":
            return self._missed_person(text, gold, name.split(), in_full)
        if self._is_listed(name):
            return "in the gazetteer, yet passed over"
        if gold.type == "ORG" and name.isupper() and " " not in name:
            return "letters, in no list and not introduced"
        if not self._told.get(gold.type, frozenset()).isdisjoint(name.split()):
            return "told by its own words, yet passed over"
        if gold.type in self._told:
            return "in no list, and not told by its words"
        return "in no list"

    def _missed_person(self, text: str, gold: Name, words: Sequence[str], in_full: Set[str]) -> str:
        before = text[max(0, gold.start - 40) : gold.start].split()
        if before and before[-1] in self._gazetteer.words["titles"]:
            return "behind a title, yet passed over"
        if len(words) == 1:
            if words[0] in in_full:
                return "one word, though the text has the full name"
            return "one word, with neither full name nor title"
        if words[0] in self._gazetteer.first_names:
            return "first name known, yet passed over"
        return "neither title nor known first name"

    def _is_listed(self, name: str) -> bool:
        # Names in capitals are looked up as the tagger does: NAIROBI is Nairobi.
        spellings = {normalized(name)}
        if name.isupper() and len(name) > 4:
            spellings.add(normalized(name).title())
        return any(
            (match.start, match.end) == (0, len(name))
            for spelling in spellings
            for match in find_names(spelling, self._gazetteer)
        )


def words_in_full(text: str, gold: Sequence[Name]) -> frozenset[str]:
    """Gives the words of those gold names of people that have more than one."""
    names = (text[one.start : one.end].split() for one in gold if one.type == "PER")
    return frozenset(word for words in names if len(words) > 1 for word in words)


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Gives the distance of two points of latitude and longitude in degrees."""
    latitudes = math.radians(one[0]), math.radians(other[0])
    turn = math.radians(other[1] - one[1])
    half = (
        math.sin((latitudes[1] - latitudes[0]) / 2) ** 2
        + math.cos(latitudes[0]) * math.cos(latitudes[1]) * math.sin(turn / 2) ** 2
    )
    return 12_742 * math.asin(math.sqrt(min(1.0, half)))


def of_sense(gold: Mapping[str, Any], country: str | None, kilometres: float | None) -> str | None:
    """Gives what is wrong with the place that was chosen for a name: `RIGHT`, or the kind.

    Args:
        gold: The gold mention; None is answered where it has no coordinates.
        country: Of the place that the tagger chose.
        kilometres: From the gold place to that one; None where it has no coordinates.
    """
    if gold.get("lat") is None:
        return None
    if kilometres is None:
        return "no place chosen for the name"
    if kilometres <= FAR_KM:
        return RIGHT
    if gold.get("country") and country and gold["country"] != country:
        return "a namesake in another country"
    return "elsewhere, in no other country"


def of_countries(
    gold: Set[str], focus: Set[str], listed: Set[str], named: Set[str]
) -> tuple[list[str], list[str]]:
    """Gives the kinds of a document's countries: of each gold one, and of each false alarm.

    Args:
        gold: ISO codes the document is about.
        focus: Those the tagger puts in focus.
        listed: All it lists.
        named: Those that some mention stands for, also where it does not count for the document.
    """
    kinds = []
    for code in sorted(gold):
        if code in focus:
            kinds.append(RIGHT)
        elif code in listed:
            kinds.append("missed: listed, not in focus")
        elif code in named:
            kinds.append("missed: only in names that do not count")
        else:
            kinds.append("missed: no name of it found")
    alarms = ["in focus, not in the set" for _ in focus - gold]
    return kinds, alarms
