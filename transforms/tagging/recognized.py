"""Settles what a model has found, in place of the rules for organisations and people."""

import re
from collections.abc import Sequence

from transforms.tagging.found import Found, Part
from transforms.tagging.recognizer import Recognizer

KIND = "model"
_PLACES = frozenset({"GPE", "LOC", "NORP"})
_POSSESSIVE = re.compile(r"['’]s?\Z")
_SCORE = 0.75


def settle_recognized(parts: Sequence[Part], recognizer: Recognizer) -> None:
    """Settles a model's names where no curated one stands.

    A place that the gazetteer knows is left to the rules for places, which tell namesakes apart. A
    family name alone is the person who had it before.
    """
    full_names: dict[str, str] = {}
    for part in parts:
        known = {(match.start, match.end) for match in part.matches}
        for start, end, type_ in recognizer.find(part.source):
            text = part.text[start:end]
            end -= len(text) - len(_POSSESSIVE.sub("", text).rstrip())
            start += len(text) - len(text.lstrip())
            if end <= start or not part.free(start, end):
                continue
            if type_ in _PLACES and (start, end) in known:
                continue
            name = part.text[start:end]
            if type_ == "PERSON":
                if " " in name:
                    full_names.setdefault(name.rpartition(" ")[2], name)
                name = full_names.get(name, name)
            part.settle(Found(start, end, type_, name, score=_SCORE, kind=KIND))
