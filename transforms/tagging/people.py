"""Settles the people of a document."""

from collections.abc import Sequence
from dataclasses import replace

from transforms.tagging.found import Found, Part
from transforms.tagging.gazetteer import Gazetteer
from transforms.tagging.known_people import KnownPeople
from transforms.tagging.names import ACRONYM, is_headline_case
from transforms.tagging.person_names import PersonNames
from transforms.tagging.surnames import SurnameRules


class PersonRules:
    """Finds the people of one document."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._known = KnownPeople(gazetteer)
        self._names = PersonNames(gazetteer)
        self._surnames = SurnameRules(gazetteer)
        words = gazetteer.words
        self._titles, self._stop = words["titles"], words["stop"]
        self._no_person = words["org_tail"] | words["division_tail"] | words["facility_tail"]

    def people(self, parts: Sequence[Part]) -> None:
        """Settles people by title, role, first name and speech; then their family names alone."""
        titled: list[tuple[Part, Found]] = []
        for part in parts:
            if is_headline_case(part):
                continue
            for run in part.runs:
                if len(run.tokens) > 1:
                    self._names.settle(part, run, titled)
        self._people_shortened_later(parts)
        self._repeat_full_names(parts)
        self._surnames.settle(parts)
        for part, found in titled:
            if part.free(found.start, found.end):
                part.settle(found)

    def _people_shortened_later(self, parts: Sequence[Part]) -> None:
        """Settles unknown names of two or three words whose last word stands alone elsewhere.

        News shortens people so ("Busi Mkhwebane … Mkhwebane said"), hardly anything else.
        """
        alone = {
            run.tokens[0].text
            for part in parts
            for run in part.runs
            if len(run.tokens) == 1 and part.free(run.start, run.end) and not is_headline_case(part)
        }
        for part in parts:
            if is_headline_case(part):
                continue
            names = part.names
            for run in part.runs:
                if len(run.tokens) < 2 or run.tokens[-1].text not in alone:
                    continue
                tokens = list(run.tokens)
                while tokens and (tokens[0].text in self._titles or tokens[0].text in self._stop):
                    tokens = tokens[1:]
                if not 2 <= len(tokens) <= 3:
                    continue
                if not part.free(tokens[0].start, tokens[-1].end) or any(
                    token.start in names
                    or token.text in self._stop
                    or token.text in self._no_person
                    or ACRONYM.fullmatch(token.text)
                    for token in tokens
                ):
                    continue
                if part.text[max(0, tokens[0].start - 4) : tokens[0].start].lower() != "the ":
                    self._known.settle(part, tuple(tokens), False, [])

    def _repeat_full_names(self, parts: Sequence[Part]) -> None:
        """Settles full names of the text in a headline whose every word is capitalised."""
        headline, people = parts[0], {f.name: f for f in parts[-1].found if f.type == "PERSON"}
        if not is_headline_case(headline):
            return
        for name, person in people.items():
            start = headline.text.find(name) if " " in name else -1
            if start >= 0 and headline.free(start, start + len(name)):
                headline.settle(replace(person, start=start, end=start + len(name)))
