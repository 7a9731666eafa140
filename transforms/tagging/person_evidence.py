"""Says whether capitalised words are a person's name: by title, known names, form, and speech."""

import re
from collections.abc import Sequence

from transforms.tagging.east_asian_names import is_hyphenated_given_name
from transforms.tagging.found import Part
from transforms.tagging.gazetteer import LOCAL_KINDS, Gazetteer
from transforms.tagging.matcher import Match
from transforms.tagging.name_signs import ACRONYM, is_after_place_word
from transforms.tagging.person_signs import competes, is_spoken_of_as_person
from transforms.tagging.runs import Run, Token

_DIGIT = re.compile(r"\d")
_INITIALS = re.compile(r"(?:[A-Z]\.){1,2}")


class PersonEvidence:
    """Weighs the words of a name and what stands around it, from the surest sign to the least."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        words = gazetteer.words
        self._first = gazetteer.first_names
        self._family_first, self._family_names = words["family_first"], words["family_names"]
        self._known_family_names = gazetteer.surnames
        self._sure_titles = words["mrs"]
        self._roles, self._particles = words["roles"], words["particles"]
        self._first_places, self._tail = words["first_places"], words["org_tail"]
        self._no_person = self._tail | words["facility_tail"] | words["water_tail"]

    def is_person(self, part: Part, run: Run, i: int, j: int, titled: bool) -> bool:
        """Says whether the words from i to j of a run are a person's name.

        Args:
            part: Where they stand.
            run: All capitalised words in a row.
            i: The first word of the name.
            j: The word after its last.
            titled: A title stands before them.
        """
        tokens = run.tokens[i:j]
        if _DIGIT.search(part.text, tokens[0].start, tokens[-1].end):
            return False
        words = [token for token in tokens if token.text not in self._particles]
        if not words:
            return False
        match = part.names.get(tokens[0].start)
        covers = match is not None and match.end >= tokens[-1].end
        if titled:
            is_acronym = len(words) == 1 and ACRONYM.fullmatch(words[0].text) is not None
            return not is_acronym and (
                len(words) > 1 or not covers or self._is_town_behind_mr(run, i, match)
            )
        if len(words) < 2:
            return False
        by_form = self._by_family_name_first(part, words, match, covers)
        if by_form is None:
            by_form = self._by_first_name(part, tokens, words, match, covers)
        if by_form is not None:
            return by_form
        if match is not None and match.end == tokens[0].end and len(words) == 2:
            return self._by_place_as_first_name(part, words)
        if i > 0 and run.tokens[i - 1].text == "The":
            return False
        return match is None and self._by_what_is_around(part, tokens, words)

    def _is_town_behind_mr(self, run: Run, i: int, match: Match | None) -> bool:
        """Says whether a town's name bears "Mr." or the like: nobody calls a town so."""
        return (
            match is not None
            and i > 0
            and run.tokens[i - 1].text in self._sure_titles
            and {entry.kind for entry in match.meanings} <= LOCAL_KINDS
        )

    def _by_family_name_first(
        self, part: Part, words: Sequence[Token], match: Match | None, covers: bool
    ) -> bool | None:
        """Answers for "Nam Joo-hyuk" and "Sun Ruiwen"; None for names of another form."""
        first, second = words[0].text, words[1]
        is_known = first in self._family_first
        if (
            len(words) == 2
            and (match is None or (is_known and not covers))
            and is_hyphenated_given_name(second.text)
        ):
            return second.start not in part.names  # not "Far China-run"
        if is_known and match is None:
            names = (token.start in part.names or token.text in self._tail for token in words[1:])
            return True if not any(names) else None
        return None

    def _by_first_name(
        self,
        part: Part,
        tokens: Sequence[Token],
        words: Sequence[Token],
        match: Match | None,
        covers: bool,
    ) -> bool | None:
        """Answers where the first or the second word is a known first name; else None."""
        first, second = words[0].text, words[1]
        if (
            len(words) >= 3
            and second.text in self._first
            and match is None
            and first not in self._tail
            and not ACRONYM.fullmatch(first)
            and second.start not in part.names
        ):
            return True  # "Harish Chandra Sharma"
        if first not in self._first or covers or ACRONYM.fullmatch(words[-1].text):
            return None
        if match is None:
            return True
        if match.end > tokens[0].end:
            return False
        return not (first in self._first_places and is_after_place_word(part.text, tokens[0].start))

    def _by_place_as_first_name(self, part: Part, words: Sequence[Token]) -> bool:
        """Answers for "Savannah Brooks", two names in a row of which the first is a town's, too."""
        first, last = words
        return (
            first.text in self._first_places
            and last.text not in self._no_person
            and not ACRONYM.fullmatch(last.text)
            and not is_after_place_word(part.text, first.start)
            and (
                (last.text in self._family_names and last.start not in part.names)
                or is_spoken_of_as_person(part.text, first.start, last.end, self._roles)
                or competes(part.text, last.end)
            )
        )

    def _by_what_is_around(
        self, part: Part, tokens: Sequence[Token], words: Sequence[Token]
    ) -> bool:
        """Answers for two or three unknown words: initials, a family name, speech or a role."""
        if (
            len(words) > 3
            or any(ACRONYM.fullmatch(token.text) for token in words)
            or any(token.text in self._no_person for token in words)
            or any(token.start in part.names for token in words[:-1])
        ):
            return False
        last = words[-1].text
        if _INITIALS.fullmatch(words[0].text) and "." not in last:
            return True
        return (
            last in self._family_names
            or last in self._known_family_names
            or is_spoken_of_as_person(part.text, tokens[0].start, tokens[-1].end, self._roles)
        )
