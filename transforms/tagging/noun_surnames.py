"""People whose family name is a noun of waters, facilities or bodies: "Kari Lake"."""

from collections.abc import Sequence

from transforms.tagging.found import Part
from transforms.tagging.gazetteer import Gazetteer
from transforms.tagging.known_people import KnownPeople
from transforms.tagging.name_signs import ACRONYM, is_after_place_word
from transforms.tagging.person_signs import is_called_by_role, is_spoken_of_as_person
from transforms.tagging.runs import Run, Token


class NounSurnames:
    """Tells a person from a lake or a park, before the rules that go by the noun.

    A title right before the noun is enough. A first name needs a title, a role or speech beside
    it, or the noun alone elsewhere, spoken of as a person: there is a Grant Park, too.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        words = gazetteer.words
        self._known = KnownPeople(gazetteer)
        self._nouns, self._first = words["noun_surnames"], gazetteer.first_names
        self._titles, self._sure_titles = words["titles"], words["mrs"]
        self._stop, self._roles = words["stop"], words["roles"]
        self._tail = words["org_tail"] | words["facility_tail"] | words["water_tail"]

    def settle(self, parts: Sequence[Part], part: Part, run: Run, index: int) -> bool:
        """Settles such a person; says whether the noun is a family name.

        A family name behind a title is left to the rules for people.

        Args:
            parts: All of the document.
            part: Where the noun stands.
            run: The capitalised words about it.
            index: Which of them it is.
        """
        tokens = run.tokens
        noun = tokens[index]
        if noun.text not in self._nouns or not index:
            return False
        before = tokens[index - 1]
        if part.text[before.end : noun.start] != " " or _is_known(part, before.start, noun.end):
            return False
        if before.text in self._titles:
            return before.text in self._sure_titles or is_spoken_of_as_person(
                part.text, noun.start, noun.end, self._roles
            )
        if index + 1 < len(tokens) or not part.free(before.start, noun.end):
            return False
        titled = index > 1 and tokens[index - 2].text in self._titles
        if not self._is_full_name(parts, part, tokens, index, titled):
            return False
        self._known.settle(part, (before, noun), titled, [])
        return True

    def _is_full_name(
        self, parts: Sequence[Part], part: Part, tokens: tuple[Token, ...], index: int, titled: bool
    ) -> bool:
        first, noun = tokens[index - 1], tokens[index]
        if (
            any(one.text == "The" or not self._leads_up(one.text) for one in tokens[: index - 1])
            or part.text[max(0, first.start - 4) : first.start].lower() == "the "
            or is_after_place_word(part.text, first.start)
            or ACRONYM.fullmatch(first.text)
            or first.text in self._stop
        ):
            return False
        if titled or (index > 1 and tokens[index - 2].text.lower() in self._roles):
            return True
        if first.text not in self._first:
            return first.start not in part.names and is_called_by_role(
                part.text, first.start, self._roles
            )
        return is_spoken_of_as_person(
            part.text, first.start, noun.end, self._roles
        ) or self._is_spoken_of_alone(parts, noun.text)

    def _leads_up(self, word: str) -> bool:
        """Says whether a capitalised word may stand before a person's name and not belong to it."""
        return word in self._titles or word in self._stop or word.lower() in self._roles

    def _is_spoken_of_alone(self, parts: Sequence[Part], noun: str) -> bool:
        return any(
            len(run.tokens) == 1
            and run.tokens[0].text == noun
            and is_spoken_of_as_person(part.text, run.start, run.end, self._roles)
            for part in parts
            for run in part.runs
        )


def _is_known(part: Part, start: int, end: int) -> bool:
    """Says whether the gazetteer has a place of this name: Virginia Beach."""
    return any(match.start == start and match.end >= end for match in part.matches)
