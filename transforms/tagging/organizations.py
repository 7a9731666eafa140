"""Rules that find organisations, events, facilities and waters that no list holds."""

import re
from collections.abc import Sequence

from transforms.tagging.found import Found, Part
from transforms.tagging.gazetteer import Gazetteer
from transforms.tagging.matcher import Match
from transforms.tagging.name_signs import POSSESSIVES, is_compound, is_nation
from transforms.tagging.noun_surnames import NounSurnames
from transforms.tagging.numbered_roads import NUMBERED_WORDS, may_be_lettered, settle_road
from transforms.tagging.organization_forms import OrganizationForms
from transforms.tagging.runs import OF_NAME, OF_PLACE, ON_NAME, Run
from transforms.tagging.telling_words import TellingWords

# "The 82nd Airborne Division", "the 7th Fleet".
_ORDINAL = re.compile(r"(?<![\w-])\d{1,3}(?:st|nd|rd|th) $")
_OF_LAND = frozenset({"FAC", "GPE", "LOC"})
_LEGAL_FORMS = frozenset({"Inc", "LLC", "Ltd", "LLP", "PLC", "Corp", "Incorporated"})
_AT = re.compile(r"\b(?:at|in|to|from|inside|outside|near|into) (?:the )?$")
_CAPITALISED = re.compile(r"[A-Z]\w*")


class OrganizationRules:
    """Finds organisations, events, facilities and waters by their own words."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._words = words = gazetteer.words
        self._forms = OrganizationForms(gazetteer)
        self._noun_surnames = NounSurnames(gazetteer)
        self._titles, self._stop = words["titles"], words["stop"]
        self._sides = words["country_qualifiers"]
        self._head = words["org_head"]
        self._possessors = words["possessors"]
        # "Prime Minister's Office": titles elsewhere, here part of the name.
        self._offices = self._possessors | words["before_possessors"]
        self._telling = TellingWords(gazetteer)
        self._told_by = self._telling.all.union(self._forms.first_words)

    def settle(self, parts: Sequence[Part]) -> None:
        """Settles organisations, events, facilities and waters that their own words give away."""
        for part in parts:
            if part.in_headline_case:
                continue
            telling, names = self._told_by, part.names
            before: Run | None = None
            for run in part.runs:
                joined = self._joined(part, before, run) if before is not None else None
                run = joined or run
                tokens = run.tokens
                last = tokens[-1]
                if last.text in NUMBERED_WORDS or (len(tokens) == 1 and may_be_lettered(last.text)):
                    settle_road(part, tokens)
                for token in tokens:
                    if token.text in telling:  # hardly any: it costs least to ask first
                        self._organization(parts, part, run, before, joined is not None)
                        break
                if len(tokens) > 1 and last.start in names:
                    self._forms.settle_national(part, run)
                before = run
        self._forms.repeat_storms(parts)

    def _joined(self, part: Part, before: Run, run: Run) -> Run | None:
        """Joins two runs that are one name: "People's Party", "Brackwell Tools, Inc"."""
        between = part.text[before.end : run.start]
        if (between in POSSESSIVES and before.tokens[-1].text in self._possessors) or (
            between == ", " and run.tokens[-1].text in _LEGAL_FORMS and len(run.tokens) == 1
        ):
            return Run(before.start, run.end, (*before.tokens, *run.tokens))
        return None

    def _organization(
        self, parts: Sequence[Part], part: Part, run: Run, before: Run | None, possessed: bool
    ) -> None:
        tokens = run.tokens
        if self._forms.settle_by_first_word(part, tokens):
            return
        last = self._telling.last(part, tokens)
        if last is None:
            return
        index, type_ = last
        if self._noun_surnames.settle(parts, part, run, index):
            return
        # "Hong Kong-listed Brackwell Bank": the bank's name begins behind the hyphen.
        first = 0
        if "-" in part.text[run.start : tokens[index].start]:
            first = next((one + 1 for one in range(index) if is_compound(tokens[one].text)), 0)
        while first < index and (
            not part.free(tokens[first].start, tokens[first].end)
            or (
                self._is_before_name(tokens[first].text, type_)
                and not (possessed and tokens[first].text in self._offices)
            )
        ):
            first += 1
        end = tokens[index].end
        if type_ != "ORG" and self._telling.opens(part, tokens[index]):
            of = OF_PLACE.match(part.text, end)
            end = of.end() if of is not None else end
        elif tokens[index].text in self._head and type_ == "ORG":
            of = OF_NAME.match(part.text, end)
            if of is None and tokens[index].text in self._words["org_on"]:
                of = ON_NAME.match(part.text, end)
            if of and index == len(tokens) - 1:
                end = self._end_of_name(part, end, of.end())
        start = tokens[first].start
        if tokens[index].text in self._words["numbered_bodies"]:
            ordinal = _ORDINAL.search(part.text, max(0, start - 6), start)
            start = ordinal.start() if ordinal is not None else start
        if (
            first == index
            and end == tokens[index].end
            and start == tokens[first].start
            and tokens[index].text not in self._words["bare_organs"]
        ):
            return
        if type_ == "ORG" and start == run.start and before is not None:
            start = self._forms.start_of_first_topic(part, before, start)
        match = part.names.get(start)
        if match and match.end == end and (type_ != "ORG" or self._is_known_place(match)):
            return  # "New York City", "Soviet Union": the gazetteer knows more of it
        if match and match.end > end and match.meanings[0].kind == "group":
            return  # "Torres Strait Islanders" are people
        if tokens[index].text == "Channel" and part.text.endswith("The ", 0, start):
            type_, start = "ORG", start - len("The ")  # no water, but "The Weather Channel"
        if part.free(start, end):
            if tokens[index].text in self._words["housed"] and _AT.search(
                part.text, max(0, start - 12), start
            ):
                type_ = "FAC"
            found = Found(start, end, type_, part.text[start:end].rstrip("."), score=0.7)
            if tokens[index].text in self._words["organs"] and is_nation(part, tokens[first]):
                # "Israeli Army", "Kenya Navy": a state's organ speaks for its country.
                found.country = part.names[tokens[first].start].meanings[0].country
                found.counts = True
            part.settle(found)

    def _is_before_name(self, word: str, type_: str) -> bool:
        """Says whether a capitalised word is no part of a name that follows: "Lima-based"."""
        if word in self._words["in_names"] or (type_ in _OF_LAND and word in self._sides):
            return False
        return (
            word in self._stop
            or (type_ not in _OF_LAND and word in self._titles)
            or is_compound(word)
        )

    def _is_known_place(self, match: Match) -> bool:
        return any(
            entry.kind == "country" or (entry.kind == "curated" and entry.type in ("GPE", "LOC"))
            for entry in match.meanings
        )

    def _end_of_name(self, part: Part, end: int, furthest: int) -> int:
        """Gives the end of "… of X and Y": before days, months, people and settled names."""
        for word in _CAPITALISED.finditer(part.text, end, furthest):
            if word.group() in self._words["days"] or (
                word.group() in self._titles and word.group() in self._words["titles_after"]
            ):
                furthest = word.start()
                break
        while furthest > end and not part.free(end, furthest):
            furthest -= 1
        return end + len(
            re.sub(r"(?:,| |\b(?:of|for|the|and|on|against|&))+$", "", part.text[end:furthest])
        )
