"""Settles first and family names that stand alone, and whose full name no text has told."""

import re
from collections.abc import Sequence

from transforms.tagging.found import Found, Part
from transforms.tagging.gazetteer import Gazetteer
from transforms.tagging.name_signs import is_amid_sentence
from transforms.tagging.person_signs import is_spoken_of_as_person

# Before whom a letter speaks to.
_GREETINGS = frozenset({"Hi", "Hello", "Hey", "Dear", "Thanks"})
# A line that holds no more than a name, as a letter's last does.
_LINE_BEGINS, _LINE_ENDS = re.compile(r"(?:^|\n)[-~ ]*$"), re.compile(r"[ ,.!:-]*(?:\n|$)")
_SENTENCE_BEGINS = re.compile(r"(?:^|\n\s*|[.!?:][\"')]* |[\"'(])$")
_SAINT = re.compile(r"\bSte\. $")
_GOES_ON = re.compile(r"(?:'s)? [a-z]|, [a-zA-Z]")


class LoneNames:
    """Finds "Amanda" amid a sentence, at its beginning or on a line of its own.

    And "Okafor" where it is spoken of as a person.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        words = gazetteer.words
        no_names = words["stop"].union(words["titles"], words["org_tail"], words["acronyms"])
        self._first = gazetteer.first_names - no_names
        self._names = self._first | (words["family_names"] - no_names)
        self._roles = words["roles"]
        # What begins a sentence has a capital in any case.
        self._words = words["word_first_names"].union(words["first_places"], words["family_first"])

    def settle(self, parts: Sequence[Part]) -> None:
        """Settles them in all parts, but in headlines whose every word is capitalised."""
        for part in parts:
            if part.in_headline_case:
                continue
            for run in part.runs:
                last = run.tokens[-1]
                name = last.text
                if name not in self._names:  # most are not: it costs least to ask first
                    continue
                start, end = last.start, last.end
                addressed = len(run.tokens) == 2 and run.tokens[0].text in _GREETINGS
                if (
                    (addressed or len(run.tokens) == 1)
                    and start not in part.names
                    and part.free(start, end)
                    and (
                        (
                            name in self._first
                            and (
                                addressed
                                or is_amid_sentence(part.text, start)
                                or _stands_apart(part.text, start, end)
                                or self._opens_sentence(part, name, start, end)
                            )
                        )
                        or is_spoken_of_as_person(part.text, start, end, self._roles)
                    )
                ):
                    part.settle(Found(start, end, "PERSON", name, score=0.55))

    def _opens_sentence(self, part: Part, name: str, start: int, end: int) -> bool:
        """Says whether a name that is no ordinary word begins an English sentence."""
        text = part.text
        return (
            part.is_english
            and name not in self._words
            and _GOES_ON.match(text, end) is not None
            and _SENTENCE_BEGINS.search(text, max(0, start - 6), start) is not None
            and _SAINT.search(text, max(0, start - 6), start) is None
        )


def _stands_apart(text: str, start: int, end: int) -> bool:
    """Says whether a name is all that its line holds."""
    return (
        _LINE_ENDS.match(text, end) is not None
        and _LINE_BEGINS.search(text, max(0, start - 4), start) is not None
    )
