"""Settles first and family names that stand alone, and whose full name no text has told."""

from collections.abc import Sequence

from transforms.tagging.found import Found, Part
from transforms.tagging.gazetteer import Gazetteer
from transforms.tagging.name_signs import is_amid_sentence
from transforms.tagging.person_signs import is_spoken_of_as_person


class LoneNames:
    """Finds "Amanda" amid a sentence, and "Okafor" where it is spoken of as a person."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        words = gazetteer.words
        no_names = words["stop"].union(words["titles"], words["org_tail"], words["acronyms"])
        self._first = gazetteer.first_names - no_names
        self._names = self._first | (words["family_names"] - no_names)
        self._roles = words["roles"]

    def settle(self, parts: Sequence[Part]) -> None:
        """Settles them in all parts, but in headlines whose every word is capitalised."""
        for part in parts:
            if part.in_headline_case:
                continue
            for run in part.runs:
                start, end, tokens = run.start, run.end, run.tokens
                name = tokens[0].text
                if (
                    len(tokens) == 1
                    and name in self._names
                    and start not in part.names
                    and part.free(start, end)
                    and (
                        (name in self._first and is_amid_sentence(part.text, start))
                        or is_spoken_of_as_person(part.text, start, end, self._roles)
                    )
                ):
                    part.settle(Found(start, end, "PERSON", name, score=0.55))
