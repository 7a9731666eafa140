"""Settles the people of a document."""

from collections.abc import Sequence

from transforms.tagging.found import Found, Part
from transforms.tagging.gazetteer import LOCAL_KINDS, Gazetteer
from transforms.tagging.known_people import KnownPeople
from transforms.tagging.lone_names import LoneNames
from transforms.tagging.matcher import Match
from transforms.tagging.name_signs import ACRONYM, is_compound
from transforms.tagging.person_names import PersonNames
from transforms.tagging.person_signs import is_spoken_of_as_person
from transforms.tagging.runs import Run, Token
from transforms.tagging.surnames import SurnameRules


class PersonRules:
    """Finds the people of one document."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._known = KnownPeople(gazetteer)
        self._names = PersonNames(gazetteer)
        self._surnames = SurnameRules(gazetteer)
        self._lone_names = LoneNames(gazetteer)
        words = gazetteer.words
        self._titles, self._stop, self._roles = words["titles"], words["stop"], words["roles"]
        self._no_person = words["org_tail"] | words["division_tail"] | words["facility_tail"]

    def settle(self, parts: Sequence[Part]) -> None:
        """Settles people by title, role, first name and speech; then their family names alone."""
        titled: list[tuple[Part, Found]] = []
        for part in parts:
            if part.in_headline_case:
                continue
            for run in part.runs:
                if len(run.tokens) > 1:
                    self._names.settle(part, run, titled)
        self._people_shortened_later(parts)
        self._repeat_full_names(parts)
        self._surnames.settle(parts)
        self._lone_names.settle(parts)
        for part, found in titled:
            if part.free(found.start, found.end):
                part.settle(found)

    def _people_shortened_later(self, parts: Sequence[Part]) -> None:
        """Settles unknown names of two or three words whose last word stands alone elsewhere.

        News shortens people so ("Busi Mkhwebane … Mkhwebane said"), hardly anything else.
        """
        names = [
            (part, tokens)
            for part in parts
            if not part.in_headline_case
            for run in part.runs
            if len(run.tokens) > 1
            and 2 <= len(tokens := self._without_titles(run)) <= 3
            and part.free(tokens[0].start, tokens[-1].end)
        ]
        if not names:
            return
        alone = self._alone(parts, {tokens[-1].text for _, tokens in names})
        for part, tokens in names:
            shortened = alone.get(tokens[-1].text)
            if (
                shortened is not None
                and part.text[max(0, tokens[0].start - 4) : tokens[0].start].lower() != "the "
                and all(
                    not self._is_no_name(part, token) or self._may_be_name(part, token, shortened)
                    for token in tokens
                )
            ):
                self._known.settle(part, tokens, False, [])

    def _alone(self, parts: Sequence[Part], wanted: set[str]) -> dict[str, list[tuple[Part, Run]]]:
        """Gives those of some words that stand alone and unsettled, or behind titles, and where."""
        alone: dict[str, list[tuple[Part, Run]]] = {}
        for part in parts:
            if part.in_headline_case:
                continue
            for run in part.runs:
                last = run.tokens[-1]
                if (
                    last.text in wanted
                    and (len(run.tokens) == 1 or len(self._without_titles(run)) == 1)
                    and part.free(last.start, last.end)
                ):
                    alone.setdefault(last.text, []).append((part, run))
        return alone

    def _without_titles(self, run: Run) -> tuple[Token, ...]:
        tokens = run.tokens
        while tokens and (tokens[0].text in self._titles or tokens[0].text in self._stop):
            tokens = tokens[1:]
        return tokens

    def _is_no_name(self, part: Part, token: Token) -> bool:
        return (
            token.start in part.names
            or token.text in self._stop
            or token.text in self._no_person
            or ACRONYM.fullmatch(token.text) is not None
            or is_compound(token.text)
        )

    def _may_be_name(self, part: Part, token: Token, alone: Sequence[tuple[Part, Run]]) -> bool:
        """Says whether a town's name, or initials, may be a person's: "Jackson Yee", "XN Iraki".

        Only where the last name, alone, is spoken of as a person's.
        """
        if token.text in self._stop or token.text in self._no_person or len(token.text) < 2:
            return False
        match = part.names.get(token.start)
        if match is None:
            if len(token.text) > 2:
                return False
        elif match.end != token.end or not self._is_town(match):
            return False
        return any(
            len(run.tokens) > 1
            or is_spoken_of_as_person(where.text, run.start, run.end, self._roles)
            for where, run in alone
        )

    def _is_town(self, match: Match) -> bool:
        return {entry.kind for entry in match.meanings} <= LOCAL_KINDS

    def _repeat_full_names(self, parts: Sequence[Part]) -> None:
        """Settles full names of the text in a headline whose every word is capitalised."""
        headline, people = parts[0], {f.name: f for f in parts[-1].found if f.type == "PERSON"}
        if not headline.in_headline_case:
            return
        for name, person in people.items():
            start = headline.text.find(name) if " " in name else -1
            if start >= 0 and headline.free(start, start + len(name)):
                headline.settle(person.at(start, start + len(name)))
