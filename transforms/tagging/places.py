"""Decides which places a document's names mean, all of them together."""

import math
import re
from collections import Counter
from collections.abc import Sequence

from transforms.tagging.found import Part
from transforms.tagging.gazetteer import Entry, Gazetteer
from transforms.tagging.names import settled
from transforms.tagging.runs import CAPITAL

_PLACE_BEFORE = re.compile(
    r"\b(?:in|at|to|from|near|of|into|across|outside|around|throughout|for|toward|towards|via|visit|visited"
    r"|downtown|central|northern|southern|eastern|western|between|and|leave|left|reach|reached)"
    r" (?:the )?$"
)
_NEXT_WORD = re.compile(r" (\w[\w'-]*)")
_LAST_WORD = re.compile(r"(\w[\w'-]*) $")
_COUNTRY_KINDS = frozenset({"country", "demonym", "metonym"})
_PLACE_KINDS = frozenset({"city", "admin1", "country"})
# A city of fewer inhabitants than this needs a sign in the text that it is meant.
_WELL_KNOWN = 100_000
_SMALL = 15_000
Candidate = tuple[Part, int, int, list[Entry]]


class PlaceRules:
    """Finds and resolves places, demonyms and groups."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        words = gazetteer.words
        self._stop, self._city_stop = words["stop"], words["city_stop"]
        self._titles, self._tails = words["titles"], words["org_tail"] | words["facility_tail"]
        self._first = gazetteer.first_names

    def settle(self, parts: Sequence[Part], domain: str) -> None:
        """Settles every place of the document's parts."""
        candidates = [candidate for part in parts for candidate in self._candidates(part)]
        countries: Counter[str] = Counter()
        divisions: Counter[str] = Counter()
        for part in parts:
            for found in part.found:
                if found.country and found.type in ("GPE", "LOC", "FAC"):
                    countries[found.country] += 2
        home = domain.rpartition(".")[2].upper()
        home = {"UK": "GB"}.get(home, home)
        if home in self._gazetteer.countries:
            countries[home] += 1
        contained: dict[int, Entry] = {}
        for number, (part, _, end, entries) in enumerate(candidates):
            for entry in entries:
                if (
                    entry.kind in _COUNTRY_KINDS
                    and len({e.country for e in entries}) == 1
                    and entry.country
                ):
                    countries[entry.country] += 2
                    break
                if entry.kind == "city":
                    if _dominates(entry, entries):
                        countries[entry.country or ""] += 1
                        divisions[f"{entry.country}.{entry.admin1}"] += 1
                    break
                if entry.kind == "admin1" and len(entries) == 1:
                    countries[entry.country or ""] += 2
                    divisions[f"{entry.country}.{entry.admin1}"] += 2
            following = candidates[number + 1] if number + 1 < len(candidates) else None
            if following is not None and following[0] is part:
                inner = self._container(part, end, entries, following)
                if inner is not None:
                    contained[number] = inner
                    countries[inner.country or ""] += 2
                    divisions[f"{inner.country}.{inner.admin1}"] += 2
        senses: dict[str, Entry] = {}
        for number, inner in contained.items():
            part, start, end, _ = candidates[number]
            senses.setdefault(part.text[start:end], inner)
        for number, (part, start, end, entries) in enumerate(candidates):
            word = part.text[start:end]
            chosen = senses.get(word)
            if chosen is None:
                chosen = self._best(part, start, end, entries, countries, divisions)
                if chosen is not None and chosen.kind == "city":
                    senses[word] = chosen
            if chosen is None or not part.free(start, end):
                continue
            if (
                chosen.kind == "admin1_short"
                and number
                and not self._follows_place(part, start, candidates[number - 1])
            ):
                continue
            firm = (
                chosen.kind in _COUNTRY_KINDS
                or number in contained
                or chosen.population > 1_000_000
            )
            counts = chosen.country is not None
            if part.text.startswith("the ", start):
                start += 4
            part.settle(settled(start, end, chosen, 0.9 if firm else 0.7, counts))

    def _candidates(self, part: Part) -> list[Candidate]:
        candidates: list[Candidate] = []
        gazetteer = self._gazetteer
        for start, end, pattern in part.matches:
            if not part.free(start, end) or part.text.startswith("$", end):  # US$
                continue
            entries = [gazetteer.entry(i) for i in gazetteer.patterns[pattern]]
            candidates.append((part, start, end, entries))
        return candidates

    def _container(
        self, part: Part, end: int, entries: list[Entry], following: Candidate
    ) -> Entry | None:
        """Gives the place that "X, Y" means when Y is a country or division that holds an X."""
        gap = part.text[end : following[1]]
        if gap not in (", ", " (", ", in ") and not (
            gap == " " and following[3][0].kind == "admin1_short"
        ):
            return None
        for outer in following[3]:
            if outer.kind not in ("country", "admin1", "admin1_short"):
                continue
            for entry in entries:
                if entry.kind != "city" or entry.country != outer.country:
                    continue
                if outer.kind == "country" or entry.admin1 == outer.admin1:
                    return entry
        return None

    def _follows_place(self, part: Part, start: int, previous: Candidate) -> bool:
        return previous[0] is part and part.text[previous[2] : start] in (", ", " (")

    def _best(
        self, part: Part, start: int, end: int, entries: list[Entry],
        countries: Counter[str], divisions: Counter[str],
    ) -> Entry | None:  # fmt: skip
        first = entries[0]
        if first.kind in ("demonym", "group", "metonym", "macro"):
            return first
        text, word = part.text, part.text[start:end]
        after = _NEXT_WORD.match(text, end)
        next_word = after.group(1) if after else ""
        before = _LAST_WORD.search(text, max(0, start - 30), start)
        last_word = before.group(1) if before else ""
        latin = word[0] in CAPITAL
        crowded = latin and self._crowded(part, start, end, last_word, next_word)
        placed = not latin or bool(_PLACE_BEFORE.search(text, max(0, start - 16), start))
        best, best_score = None, -math.inf
        for entry in entries:
            if entry.kind not in ("city", "admin1", "admin1_short", "country"):
                continue
            score = self._score(entry, countries, divisions, word)
            if score > best_score:
                best, best_score = entry, score
        if best is None:
            return None
        if best.kind in ("country", "admin1"):
            if crowded and word in self._first and not placed:
                return None
            return best
        if best.kind == "admin1_short":
            return best
        if crowded:
            return None
        known = countries.get(best.country or "", 0) > 0
        local = divisions.get(f"{best.country}.{best.admin1}", 0) > 0
        need = _WELL_KNOWN
        if word in self._city_stop or word in self._stop:
            return None
        if word in self._first or word in self._gazetteer.surnames:
            need = 400_000 if not placed else 200_000
        elif placed and local:
            need = 1_000
        elif local:
            need = _SMALL
        elif placed and known:
            need = 30_000
        if not latin:
            need = _SMALL
        return best if best.population >= need else None

    def _crowded(self, part: Part, start: int, end: int, last_word: str, next_word: str) -> bool:
        """Says whether unknown capitalised words stand directly beside the name."""
        if (
            next_word
            and next_word[0] in CAPITAL
            and next_word not in self._stop
            and next_word not in self._titles
        ):
            beside = end + 1
            if part.free(beside, beside + 1) and not any(m[0] == beside for m in part.matches):
                return True
        if (
            last_word
            and last_word[0] in CAPITAL
            and last_word not in self._stop
            and last_word not in self._titles
        ):
            beside = start - 2
            if part.free(beside, beside + 1) and not any(
                m[0] <= beside < m[1] for m in part.matches
            ):
                return True
        return False

    def _score(
        self, entry: Entry, countries: Counter[str], divisions: Counter[str], word: str
    ) -> float:
        score = math.log10(max(entry.population, 1_000))
        if entry.kind == "country":
            score += 1.5
        elif entry.kind == "admin1":
            score += 0.6
        elif entry.name == word:
            score += 0.3
        if entry.kind == "city" and entry.name != word:
            score -= 0.5
        if entry.kind == "admin1" and divisions.get(f"{entry.country}.{entry.admin1}"):
            score += 1.5  # Atlanta beside Georgia
        if entry.capital:
            score += 1.5
        score += min(countries.get(entry.country or "", 0), 6) * 0.35
        if entry.admin1 and entry.kind == "city":
            score += min(divisions.get(f"{entry.country}.{entry.admin1}", 0), 4) * 0.4
        return score


def _dominates(entry: Entry, entries: list[Entry]) -> bool:
    """Says whether a city is so much larger than its namesakes that it tells the country."""
    others = [other.population for other in entries if other is not entry]
    return entry.population >= 200_000 and entry.population >= 5 * max(others, default=0)


def country_weights(parts: Sequence[Part], dateline_end: int) -> Counter[str]:
    """Adds up how much each country is spoken of; the first of two parts is the title.

    A demonym weighs less than the country's name, a city less again when it stands alone; names in
    the title weigh three times; a dateline's city nothing.
    """
    weights: Counter[str] = Counter()
    for number, part in enumerate(parts):
        for found in part.found:
            if found.counts and found.country:
                dateline = number == 1 and found.start < dateline_end and found.kind != "country"
                weights[found.country] += 0 if dateline else 6 if number == 0 else 2
    return weights


_DATELINE = re.compile(
    r"\s*[A-Z][^\n—–]{2,60}?(\([A-Za-z/ ]{2,20}\))?\s*(?:—|–|(?<=\s)--?(?=\s))", re.DOTALL
)
_DATE = re.compile(r"\b[A-Z][a-z]{2,8}\.? \d{1,2}\b|\b\d{1,2} [A-Z][a-z]{2,8}\b")


def dateline_end(text: str) -> int:
    """Gives where the line that opens a report with its place and time ends; 0 without one.

    "PARIS, Oct 3 (Reuters) -" and "Paris (AP) —" are such lines: a dash ends them, and capitals,
    a date or an agency tell them from a sentence.
    """
    match = _DATELINE.match(text, 0, 120)
    if match is None:
        return 0
    opening = match.group()
    first = opening.split(",")[0].split("(")[0].strip(" -–—")
    told = first.isupper() or match.group(1) or _DATE.search(opening)
    return match.end() if told else 0
