"""Settles the places of a document, all of them together."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from schemas.prior import PublisherPrior
from transforms.tagging.abbreviated_divisions import follows_place, stands_for_itself
from transforms.tagging.containment import Candidate
from transforms.tagging.found import Part
from transforms.tagging.gazetteer import Entry, Gazetteer
from transforms.tagging.geographic_names import (
    GeographicNames,
    divisions_first,
    settled_division,
    settled_longer,
    start_of_name,
)
from transforms.tagging.joined_peoples import join_peoples
from transforms.tagging.matcher import find_names
from transforms.tagging.place_choice import PlaceChooser
from transforms.tagging.place_evidence import COUNTRY_KINDS, Evidence
from transforms.tagging.public_bodies import PublicBodies
from transforms.tagging.publisher import Publisher
from transforms.tagging.settling import settled
from transforms.tagging.unlisted_places import settle_towns

_MILLION = 1_000_000
# Places with whose names those of others begin: "San Juan de la Vega", "Harrow East".
_GOES_ON = frozenset({"city", "admin1"})
# An ordinary noun, and none for a stretch of land: not "Western parts".
_NOUN = re.compile(
    r" (?!(?:and|areas?|bank|borders?|coasts?|districts?|edges?|ends?|flanks?|half|in|is|of|parts?"
    r"|provinces?|regions?|shores?|sides?|slopes?|suburbs?|was)\b)[a-z]"
)
_COUNTY = re.compile(r"[A-Z][\w'.]+(?: [A-Z][\w']+)?")
_COUNTIES = re.compile(
    rf"((?:{_COUNTY.pattern}, )*{_COUNTY.pattern},? and {_COUNTY.pattern}) [Cc]ounties\b"
)


class Resolution(NamedTuple):
    """How the places of one document were told apart: candidates, and what was chosen for each."""

    candidates: list[Candidate]
    evidence: Evidence
    chosen: list[Entry | None]


class PlaceRules:
    """Finds and resolves places, demonyms and groups."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._chooser = PlaceChooser(gazetteer)
        self._geographic = GeographicNames(gazetteer)
        self._bodies = PublicBodies(gazetteer)
        words = gazetteer.words
        self._adjectives = words["group_adjectives"]
        self._followers = words["followers"]
        self._ordinary = words["stop"] | words["city_stop"] | gazetteer.first_names

    def settle(
        self, parts: Sequence[Part], publisher: Publisher, prior: PublisherPrior | None = None
    ) -> Resolution:
        """Settles every place of the document's parts; gives what it went by."""
        settle_towns(parts, self._gazetteer)
        candidates, inside = self._candidates(parts)
        evidence = Evidence(parts, candidates, inside, publisher, self._ordinary, prior)
        chosen = self._choices(candidates, evidence)
        self._settle_chosen(candidates, chosen, evidence)
        for candidate in self._bodies.places(parts, inside):
            entry = self._chooser.choose(candidate, evidence)
            candidates.append(candidate)
            chosen.append(entry)
            if entry is not None:
                candidate.part.found.append(
                    settled(candidate.start, candidate.end, entry, 0.6, entry.country is not None)
                )
        return Resolution(candidates, evidence, chosen)

    def _candidates(self, parts: Sequence[Part]) -> tuple[list[Candidate], list[Candidate]]:
        """Gives the names that may be places, and those within names that are settled."""
        candidates: list[Candidate] = []
        inside: list[Candidate] = []
        for part in parts:
            first = len(candidates)
            people = bytearray(len(part.text))
            for found in part.found:
                if found.type == "PERSON":
                    people[found.start : found.end] = b"\x01" * (found.end - found.start)
            counties, text, taken = _listed_counties(part, self._gazetteer), part.text, part.taken
            for match in part.matches:
                start, end, meanings = match.start, match.end, match.meanings
                if (
                    people[start]
                    or start in counties
                    or text.startswith(("$", " dollar"), end)  # US$
                    or self._geographic.is_style(text, start, end)
                ):
                    continue
                word = text[start:end]
                if (
                    word in self._adjectives
                    and meanings[0].kind == "group"
                    and _NOUN.match(text, end) is None
                ):
                    continue
                if self._geographic.end_of_division(text, end):
                    meanings = divisions_first(meanings)
                kept = candidates if taken.find(1, start, end) < 0 else inside
                kept.append(Candidate(part, start, end, meanings, word))
            if counties:
                listed = [*candidates[first:], *counties.values()]
                candidates[first:] = sorted(listed, key=lambda candidate: candidate.start)
        return candidates, inside

    def _settle_chosen(
        self,
        candidates: Sequence[Candidate],
        chosen: Sequence[Entry | None],
        evidence: Evidence,
    ) -> None:
        """Settles each name as what was chosen for it, with what belongs to it on either side."""
        for number, (candidate, entry) in enumerate(zip(candidates, chosen, strict=True)):
            part, start, end = candidate.part, candidate.start, candidate.end
            if not part.free(start, end):
                continue
            whole = self._geographic.end_of_division(part.text, end)
            if whole and part.free(start, whole) and not _is_of_people(candidate):
                part.settle(settled_division(part, start, whole, entry, candidate.entries))
                continue
            if entry is None:
                continue
            longer = settled_longer(part, start, end, entry) if entry.kind in _GOES_ON else None
            if longer is not None:
                part.settle(longer)
                continue
            if entry.kind == "admin1_short" and not (
                number in evidence.containing
                or follows_place(candidates, chosen, number)
                or stands_for_itself(candidate, entry, evidence)
            ):
                continue
            firm = (
                entry.kind in COUNTRY_KINDS
                or number in evidence.contained
                or entry.population > _MILLION
            )
            start = start_of_name(part, start, entry)
            found = settled(start, end, entry, 0.9 if firm else 0.7, entry.country is not None)
            if entry.type == "NORP":
                join_peoples(found, candidates, chosen, number, self._followers)
            part.settle(found)

    def _choices(self, candidates: Sequence[Candidate], evidence: Evidence) -> list[Entry | None]:
        """Chooses for each name; a city told once in a document is told for all its mentions."""
        senses: dict[str, Entry] = {}
        for number, inner in evidence.contained.items():
            senses.setdefault(candidates[number].word, inner)
        chosen: list[Entry | None] = []
        for number, candidate in enumerate(candidates):
            entry = evidence.containing.get(number) or senses.get(candidate.word)
            if entry is None:
                entry = self._chooser.choose(candidate, evidence)
                if entry is not None and entry.kind == "city":
                    senses[candidate.word] = entry
            chosen.append(entry)
        return [
            senses.get(candidate.word) if entry is None else entry
            for candidate, entry in zip(candidates, chosen, strict=True)
        ]


def _is_of_people(candidate: Candidate) -> bool:
    """Says whether it is a country's people that a word for a division follows: "Indian State"."""
    return candidate.entries[0].kind == "demonym"


def _listed_counties(part: Part, gazetteer: Gazetteer) -> dict[int, Candidate]:
    """Gives the counties of "Clarke and Oconee counties", by where their names begin."""
    counties: dict[int, Candidate] = {}
    if "ounties" not in part.text:  # hardly any text has them
        return counties
    for listed in _COUNTIES.finditer(part.text):
        for name in _COUNTY.finditer(part.text, listed.start(), listed.end(1)):
            word = f"{name.group()} County"
            for match in find_names(word, gazetteer):
                if (match.start, match.end) == (0, len(word)) and part.free(*name.span()):
                    counties[name.start()] = Candidate(part, *name.span(), match.meanings, word)
    return counties
