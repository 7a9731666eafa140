"""Organisations, places and storms told by the form of their names, not by a word at their end."""

from collections.abc import Sequence

from transforms.tagging.found import Found, Part
from transforms.tagging.gazetteer import Gazetteer
from transforms.tagging.matcher import Match
from transforms.tagging.name_signs import is_amid_sentence
from transforms.tagging.runs import Run, Token
from transforms.tagging.settling import settle_repeats

_OF_PEOPLES = frozenset({"demonym", "group", "macro"})


class OrganizationForms:
    """Finds names whose telling word comes first, and branches in a country.

    Attributes:
        first_words: Words that such names begin with, to their OntoNotes type.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        words = self._words = gazetteer.words
        self.first_words = {
            word: type_
            for name, type_ in (
                ("org", "ORG"),
                ("facility", "FAC"),
                ("nature", "LOC"),
                ("event", "EVENT"),
            )
            for word in words[f"{name}_first"]
        }
        self._topics, self._stop = words["topics"], words["stop"]
        self._no_storm = words["stop"] | words["org_tail"] | words["facility_tail"]
        self._english_nature = words["water_head"] | words["water_tail"]
        self._no_nature = words["org_tail"].union(
            words["facility_tail"], words["division_tail"], words["org_head"], words["event_tail"]
        )
        self._no_own_name = words["titles"].union(
            words["stop"], words["country_qualifiers"], words["water_head"]
        )

    def settle_by_first_word(self, part: Part, tokens: tuple[Token, ...]) -> bool:
        """Settles "Universidad Espíritu Santo", of languages where the telling word comes first.

        Says whether that is the whole run.
        """
        for index, token in enumerate(tokens[:-1]):
            type_ = self.first_words.get(token.text)
            if type_ is None or (type_ == "EVENT" and not self._names_storm(tokens[index + 1 :])):
                continue
            if type_ == "LOC" and self._is_of_something_else(tokens, index):
                continue
            start, end = token.start, tokens[-1].end
            match = part.names.get(start)
            if (match is not None and match.end >= end) or not part.free(start, end):
                return False
            part.settle(Found(start, end, type_, part.text[start:end].rstrip("."), score=0.7))
            return index == 0
        return False

    def _is_of_something_else(self, tokens: tuple[Token, ...], index: int) -> bool:
        """Says whether a word of nature makes no name here: "Mount Sinai Hospital"."""
        if index and tokens[index].text in self._english_nature:
            return True
        return any(token.text in self._no_nature for token in tokens[index + 1 :])

    def _names_storm(self, words: tuple[Token, ...]) -> bool:
        """Says whether the words behind "Hurricane" name one: Rita, not Center or Relief Fund."""
        return len(words) == 1 and words[0].text not in self._no_storm

    def repeat_storms(self, parts: Sequence[Part]) -> None:
        """Settles the later mentions of "Hurricane Rita", which are Rita alone."""
        storms = {
            found.name.rpartition(" ")[2]: found
            for part in parts
            for found in part.found
            if found.type == "EVENT" and found.name.partition(" ")[0] in self._words["event_first"]
        }
        settle_repeats(parts, storms)

    def start_of_first_topic(self, part: Part, before: Run, start: int) -> int:
        """Gives where "Truth and Reconciliation Commission" begins, whose second half is known.

        So it does for "Argyll and Bute Council", and for "Latin American and Caribbean Institute".

        Args:
            part: Where it stands.
            before: The capitalised words before it.
            start: Where the second half begins.
        """
        *others, last = before.tokens
        if part.text[last.end : start] not in (" and ", " & "):
            return start
        for token in before.tokens:
            match = part.names.get(token.start)
            if match is not None and (
                match.end > start or (match.end == last.end and _are_of_peoples(part, match, start))
            ):
                return token.start if part.free(token.start, last.end) else start
        if last.text not in self._topics:
            return start
        first = next(
            (one for one in others if one.text not in self._stop or one.text in self._topics), last
        )
        return first.start if part.free(first.start, last.end) else start

    def settle_national(self, part: Part, run: Run) -> None:
        """Settles "Gallup Korea": unknown names before a country are what is there of something."""
        *names, last = run.tokens
        country = part.names[last.start]
        if (
            country.end == last.end
            and country.meanings[0].kind == "country"
            and is_amid_sentence(part.text, run.start)
            and part.free(run.start, run.end)
            and not any(token.start in part.names for token in names)
            and all(self._is_own_name(token.text) for token in names)
        ):
            part.settle(
                Found(
                    run.start, run.end, "ORG", part.text[run.start : run.end],
                    country=country.meanings[0].country, score=0.6,
                )
            )  # fmt: skip

    def _is_own_name(self, word: str) -> bool:
        """Says whether a word is neither one that tells of a country nor of a person's."""
        return (
            len(word) > 2
            and "-" not in word
            and "." not in word
            and word not in self._no_own_name
            and word not in self._gazetteer.first_names
        ) or word in self._words["particles"]


def _are_of_peoples(part: Part, first: Match, second: int) -> bool:
    """Says whether a name, and the one that begins behind "and", are peoples' or regions'."""
    match = part.names.get(second)
    return match is not None and (
        first.meanings[0].kind in _OF_PEOPLES and match.meanings[0].kind in _OF_PEOPLES
    )
