"""Decides whether one name is a place, and which of its namesakes."""

import math
import re

from transforms.tagging.containment import Candidate
from transforms.tagging.context_signs import is_called_place, words_before
from transforms.tagging.gazetteer import Entry, Gazetteer
from transforms.tagging.place_evidence import Evidence, division_key
from transforms.tagging.runs import CAPITAL

_PLACE_BEFORE = re.compile(
    r"\b(?:[Ii]n|[Aa]t|to|[Ff]rom|[Nn]ear|of|into|[Aa]cross|[Oo]utside|[Aa]round|through"
    r"|[Tt]hroughout|for|toward|towards"
    r"|via|visit|visited|shelled|bombed|raided|stormed|besieged|captured|entered"
    r"|downtown|central|northern|southern|eastern|western|between|and|leave|left|reach|reached)"
    r" (?:the )?$"
)
_INSIDE = re.compile(r"\b(?:[Ii]n|[Nn]ear|[Oo]utside|[Aa]round|[Aa]cross) $")
_NEXT_NAME = re.compile(rf" ([{''.join(sorted(CAPITAL))}][\w'-]*)")
_LAST_WORD = re.compile(r"(\w[\w'-]*) $")
# "Grovetown police", "a Clinton couple": whom English news names by the place they live in.
_LOCAL_PEOPLE = re.compile(
    r" (?:residents?|police|man|woman|couple|teen(?:ager)?|mayor|firefighters?|voters)\b"
)
_SURE_KINDS = frozenset({"demonym", "group", "metonym", "macro"})
_CHOICES = frozenset({"city", "county", "admin1", "admin1_short", "country", "curated", "pinned"})
_KNOWN_KINDS = frozenset({"admin1_short", "county", "curated", "pinned"})
# A city of fewer inhabitants than this needs a sign in the text that it is meant.
_WELL_KNOWN = 100_000
_SMALL = 15_000
_LARGE = 400_000
# Support of a place whose division and neighbour the text names, or the division many times.
_STRONG = 3.5
_MILLION = 1_000_000
# What a curated place weighs against cities of its name: as much as one of ten million.
_CURATED = 7.0


class PlaceChooser:
    """Chooses what a name means, by what stands around it and by the document's evidence."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        words = gazetteer.words
        self._stop, self._city_stop = words["stop"], words["city_stop"]
        self._prepositions = words["prepositions"]
        self._beside = words["stop"] | words["titles"] | words["prepositions_first"]
        self._beside |= words["openers"]
        self._first, self._family_names = gazetteer.first_names, words["family_names"]

    def choose(self, candidate: Candidate, evidence: Evidence) -> Entry | None:
        """Gives the place that a name means; None where it is none."""
        part, start, word = candidate.part, candidate.start, candidate.word
        entries = candidate.entries
        first = entries[0]
        if first.kind in _SURE_KINDS:
            return first
        text = part.text
        best = self._likeliest(entries, evidence, word)
        if best is None or best.kind in _KNOWN_KINDS:
            return best
        latin = word[0] in CAPITAL
        placed = not latin or self._follows_preposition(text, start)
        crowded = latin and self._crowded(candidate)
        if best.kind != "city":
            if word in self._first and not placed and crowded:
                return None
            if best.kind == "admin1" and best.population < _MILLION and not placed:
                return None if crowded or self._is_family_name(word) else best
            return best
        if crowded or word in self._stop:
            return None
        if _in_shouting_line(candidate) and best.population < _MILLION and not best.capital:
            return None  # "STOCK SPLIT": no capitals tell the Croatian city
        if best.population >= self._least(candidate, best, evidence, placed, latin):
            return best
        # Much speaks for a place that is too small all the same: then a large city is meant.
        large = first.kind == "city" and first.population >= _LARGE
        return (
            first
            if large and first.population >= self._least(candidate, first, evidence, placed, latin)
            else None
        )

    def _least(
        self, candidate: Candidate, best: Entry, evidence: Evidence, placed: bool, latin: bool
    ) -> float:
        """Gives the inhabitants that a city needs for what the text says of it."""
        part, start, end = candidate.part, candidate.start, candidate.end
        word = candidate.word
        if start in part.datelines or evidence.is_publishers(best, word):
            return 1_000
        key = division_key(best)
        local = (
            key in evidence.divisions
            or evidence.votes.get(key, 0.0) >= 1.5
            or evidence.neighbours(best, word) > 0
        )
        if word in self._city_stop:
            if placed and local:
                return _SMALL
            return _WELL_KNOWN if _stands_inside(candidate) else math.inf
        if latin and _LOCAL_PEOPLE.match(part.text, end):
            return 1_000
        if word in self._first or word in self._gazetteer.surnames:
            if not placed:
                return 400_000
            if local:
                return 5_000
            return _WELL_KNOWN if evidence.countries.get(best.country or "") else 200_000
        if best.capital:
            return 0  # however small: Funafuti is as well known as its country
        if not latin:
            return _SMALL
        if is_called_place(words_before(part.text, start), part.text, end):
            return 1_000
        if local:
            return 1_000 if placed or evidence.support(best, word) >= _STRONG else _SMALL
        if len(candidate.entries) == 1 and _stands_inside(candidate):
            return 5_000
        return 30_000 if placed and evidence.countries.get(best.country or "") else _WELL_KNOWN

    def _is_family_name(self, word: str) -> bool:
        return word in self._gazetteer.surnames or word in self._family_names

    def _follows_preposition(self, text: str, start: int) -> bool:
        if text[start - 1 : start] != " ":
            return False
        if _PLACE_BEFORE.search(text, max(0, start - 16), start):
            return True
        before = _LAST_WORD.search(text, max(0, start - 8), start)
        return before is not None and before.group(1).lower() in self._prepositions

    def _likeliest(self, entries: tuple[Entry, ...], evidence: Evidence, word: str) -> Entry | None:
        if len(entries) == 1:
            return entries[0] if entries[0].kind in _CHOICES else None
        key = (word, id(entries))
        if key in evidence.likeliest:
            return evidence.likeliest[key]
        best, best_score = None, -math.inf
        for entry in entries:
            if entry.kind in _CHOICES:
                score = score_of(entry, evidence, word)
                if score > best_score:
                    best, best_score = entry, score
        evidence.likeliest[key] = best
        return best

    def _crowded(self, candidate: Candidate) -> bool:
        """Says whether unknown capitalised words stand directly beside the name."""
        part, start, end = candidate.part, candidate.start, candidate.end
        text = part.text
        after = _NEXT_NAME.match(text, end)
        if after and after.group(1) not in self._beside:
            beside = end + 1
            if part.free(beside, beside + 1) and beside not in part.names:
                return True
        space = text.rfind(" ", 0, start - 1)
        if text[start - 1 : start] != " " or text[space + 1 : start - 1].islower():
            return False  # most words before are in lower case
        before = _LAST_WORD.search(text, max(0, start - 30), start)
        if before and before.group(1)[0] in CAPITAL and before.group(1) not in self._beside:
            beside = start - 2
            if part.free(beside, beside + 1) and not any(
                one.start <= beside < one.end for one in part.matches
            ):
                return True
        return False


def _stands_inside(candidate: Candidate) -> bool:
    start = candidate.start
    return _INSIDE.search(candidate.part.text, max(0, start - 10), start) is not None


def _in_shouting_line(candidate: Candidate) -> bool:
    around = candidate.part.source[max(0, candidate.start - 12) : candidate.end + 12]
    return len(around) > len(candidate.word) and around.isupper()


def score_of(entry: Entry, evidence: Evidence, word: str) -> float:
    """Weighs one meaning of a name; of its namesakes, the heaviest is chosen."""
    if entry.kind == "pinned":
        return math.inf  # a user has said which of the namesakes is meant
    country = min(evidence.weight_of_country(entry, word), 6) * 0.35
    if entry.country == evidence.publisher.country:
        country += 2.0
    if entry.kind == "curated":
        return _CURATED + country
    score = math.log10(max(entry.population, 1_000)) + country
    if entry.kind == "country":
        return score + 1.5
    if entry.kind in ("admin1", "admin1_short"):
        score += 0.6
        if evidence.divisions.get(division_key(entry)):
            return score + 1.5  # Atlanta beside Georgia
        return score + (1.0 if evidence.speaks_of_other_divisions(entry) else 0.0)
    score += evidence.prior_weight(entry)
    if evidence.is_publishers(entry, word):
        score += 4.0
    score += 0.3 if entry.name == word else -0.5
    if entry.capital:
        score += 1.5
    return score + evidence.support(entry, word)
