"""Words within a name that tell what bears it: "River", "Committee", "Gulf of", "Festival"."""

from transforms.tagging.found import Part
from transforms.tagging.gazetteer import Gazetteer
from transforms.tagging.runs import Token

# "Ikeja Local Government Area", "Lima Metropolitan Area": what is a division, or as good as one.
_AREAS = frozenset({"Council", "Government", "Metropolitan"})


class TellingWords:
    """Finds the word of a name that tells its type.

    Attributes:
        all: Every such word, wherever it may stand.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._words = words = gazetteer.words
        self._tail, self._head = words["org_tail"], words["org_head"]
        self._division, self._protected = words["division_tail"], words["protected_tail"]
        # Behind other words of a name, in the order in which they are asked.
        self._tails = (
            ("EVENT", words["event_tail"]),
            ("FAC", words["facility_tail"]),
            ("LOC", words["water_tail"]),
        )
        # Before "of".
        self._heads = {
            **dict.fromkeys(words["water_head"], "LOC"),
            **dict.fromkeys(words["event_head"], "EVENT"),
            **dict.fromkeys(words["facility_head"], "FAC"),
        }
        self.all = frozenset(self._heads).union(
            ("Area",),
            self._tail, self._head, self._division, self._protected,
            *(tails for _, tails in self._tails),
        )  # fmt: skip

    def last(self, part: Part, tokens: tuple[Token, ...]) -> tuple[int, str] | None:
        """Gives the last telling word among the words of a run, and the type it tells."""
        for index in range(len(tokens) - 1, -1, -1):
            token = tokens[index]
            if token.text not in self.all or not part.free(token.start, token.end):
                continue
            if token.text in self._tail or (
                token.text in self._head and part.text.startswith((" of ", " for "), token.end)
            ):
                return index, "ORG"
            if token.text == "Area" and index > 1 and tokens[index - 1].text in _AREAS:
                return index, "GPE"
            if token.text in self._protected and self._is_protected(tokens, index):
                return index, "LOC"
            if index:
                for type_, tails in self._tails:
                    if token.text in tails:
                        return index, type_
            if self.opens(part, token):
                return index, self._heads[token.text]
            if index and token.text in self._division:
                if tokens[index - 1].text in self._words["district_purposes"]:
                    return index, "ORG"
                if index + 1 == len(tokens) and _ends_known(part, tokens[index - 1].end):
                    return None  # "Hunan Province": the place rules know where it lies
                return index, "GPE"
        return None

    def opens(self, part: Part, token: Token) -> bool:
        """Says whether a name's telling word comes first: "Gulf of Nicoya", "Battle of Puebla"."""
        return token.text in self._heads and part.text.startswith(" of ", token.end)

    def _is_protected(self, tokens: tuple[Token, ...], index: int) -> bool:
        """Says whether it is a stretch of land that is named: Virunga National Park."""
        return index > 1 and tokens[index - 1].text in self._words["protected_kind"]


def _ends_known(part: Part, end: int) -> bool:
    return any(match.end == end for match in part.matches)
