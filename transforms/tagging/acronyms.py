"""Rules that find organisations by their acronyms."""

import re
from collections.abc import Sequence

from transforms.tagging.found import Found, Part
from transforms.tagging.gazetteer import LOCAL_KINDS, Gazetteer
from transforms.tagging.name_signs import ACRONYM, is_nation

_DEFINED = re.compile(r" \((?:the )?([A-Z][A-Za-z&-]{1,8})\)")
_BRACKETED = re.compile(r"\((?<=[a-z] \()([A-Z][A-Za-z&-]{1,8})\)")


class AcronymRules:
    """Finds acronyms that a text defines, the names it defines them by, and bare ones."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        words = gazetteer.words
        self._titles, self._stop = words["titles"], words["stop"]
        self._ordinary, self._shouted = words["acronyms"], words["shouted"]

    def _named_with_acronym(self, part: Part) -> None:
        """Settles "Zemblan Coffee Roasters (ZECORO)": nothing else in capitals is shortened so."""
        for run in part.runs:
            match = _DEFINED.match(part.text, run.end)
            if match is None or len(run.tokens) < 2:
                continue
            tokens = run.tokens
            while tokens and (tokens[0].text in self._stop or tokens[0].text in self._titles):
                tokens = tokens[1:]
            acronym = match.group(1)
            if (
                len(tokens) >= 2
                and acronym.isupper()
                and len(acronym) >= 3
                and tokens[0].text[0] == acronym[0]
                and acronym not in self._ordinary
                and part.free(tokens[0].start, run.end)
                and not _is_place(part, tokens[0].start, run.end)
            ):
                name = part.text[tokens[0].start : run.end]
                part.settle(Found(tokens[0].start, run.end, "ORG", name, score=0.65))

    def settle(self, parts: Sequence[Part]) -> None:
        """Settles acronyms that the text defines itself, and bare ones in capitals."""
        defined: dict[str, Found] = {}
        for part in parts:
            self._named_with_acronym(part)
            for found in list(part.found):
                match = _DEFINED.match(part.text, found.end) if found.type == "ORG" else None
                if match:
                    defined.setdefault(match.group(1), found)
        # "(STI)" after words that are no organisation's name stands for something else.
        other = {
            match.group(1)
            for part in parts
            for match in _BRACKETED.finditer(part.text)
            if match.group(1) not in defined
        }
        for part in parts:
            if part.text.isupper():
                continue
            for run in part.runs:
                for token in run.tokens:
                    # An expression asks longer than the quick look that spares it most words.
                    if not token.text.isupper() or not ACRONYM.fullmatch(token.text):
                        continue
                    if not part.free(token.start, token.end):
                        continue
                    if (
                        token.text in self._ordinary
                        or (token.text in other and token.text not in defined)
                        or is_nation(part, token)
                    ):
                        continue
                    whole = defined.get(token.text)
                    if whole is None and (
                        token.text in self._shouted or token.text.capitalize() in self._stop
                    ):
                        continue  # "NOT": an ordinary word in capitals
                    if whole:
                        part.settle(
                            Found(
                                token.start,
                                token.end,
                                "ORG",
                                whole.name,
                                whole.ids,
                                whole.country,
                                score=0.85,
                            )
                        )
                    elif (
                        len(token.text) >= 3
                        and len(run.tokens) == 1
                        and token.start not in part.names
                    ):
                        part.settle(Found(token.start, token.end, "ORG", token.text, score=0.5))


def _is_place(part: Part, start: int, end: int) -> bool:
    """Says whether a name is a known place's: "Los Angeles (LAX)" names its airport's code."""
    match = part.names.get(start)
    return match is not None and match.end == end and match.meanings[0].kind in LOCAL_KINDS
