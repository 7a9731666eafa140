"""Signs beside a name that it is a person's: speech, age, a role before or behind it."""

import re

_SPEECH = (
    "said|says|told|added|wrote|tweeted|argued|explained|noted|warned|insisted|recalled|testified"
)
# What else nobody but a person does.
_ACTS = (
    "died|resigned|retired|tweeted|married|starred|sang|thanked|apologi[sz]ed|pleaded|graduated"
    "|grew up"
    "|was (?:born|elected|re-elected|appointed|arrested|sentenced|convicted|sworn in|charged with)"
)
_ACTS_AFTER = re.compile(rf" (?:has |had |later |also )?(?:{_ACTS})\b")
_COMPETES = re.compile(r" (?:has |had )?(?:won|lost|scored|finished|ran|beat|took|placed|led)\b")
_SPEECH_AFTER = re.compile(rf" (?:has |have |had )?(?:{_SPEECH})\b")
# "The mayor of the town, Orrin Velk, said": the name is an apposition.
_SPEECH_BEHIND_COMMA = re.compile(rf", (?:has |have |had )?(?:{_SPEECH})\b")
# "…," said Barloo; without a comma or a quotation mark, what follows may as well be what is said.
_SPEECH_BEFORE = re.compile(rf"(?P<inverted>[,\"'”?!] )?\b(?P<verb>{_SPEECH}) $")
_CLAUSE_ENDS = re.compile(r"[.;:\"')]|$|\n|, (?:who|whose|aged|an?|the|\d)\b")
_PLURAL = re.compile(
    r" (?!(?:was|is|has|as|this|always|perhaps|sometimes|afterwards|besides)\b)[a-z]+s\b"
)
_AGE = re.compile(r", (?:\d{1,3}[,.;]|who |whose |aged )")
_APPOSITION = re.compile(
    r", (?!(?:where|which|when|while|after|before|but)\b)((?:[\w'’.&-]+ ?){1,7})"
)
_ROLE_BEFORE = re.compile(r"([\w-]+) $")
_WORD_BEFORE = re.compile(r"([\w-]+),? $")


def is_spoken_of_as_person(text: str, start: int, end: int, roles: frozenset[str]) -> bool:
    """Says whether what stands around a name makes it a person's.

    Args:
        text: The text, with plain quotes and spaces.
        start: First code point of the name.
        end: Code point after its last.
        roles: Nouns for what a person is or does, in lower case.
    """
    word = _WORD_BEFORE.search(text, max(0, start - 30), start)
    if word and word.group(1) in roles:
        return True
    if (
        _SPEECH_AFTER.match(text, end)
        or (text.startswith(", ", start - 2) and _SPEECH_BEHIND_COMMA.match(text, end))
        or _AGE.match(text, end)
        or _ACTS_AFTER.match(text, end)
        or _is_subject_of_speech_before(text, start, end)
    ):
        return text[max(0, start - 4) : start].lower() != "the "
    apposition = _APPOSITION.match(text, end)
    if apposition and text[max(0, start - 4) : start].lower() != "the ":
        return any(word in roles for word in apposition.group(1).split())
    return False


def is_called_by_role(text: str, start: int, roles: frozenset[str]) -> bool:
    """Says whether what a person is or does stands right before a name: "the skier Velk"."""
    word = _ROLE_BEFORE.search(text, max(0, start - 30), start)
    return word is not None and word.group(1).lower() in roles


def competes(text: str, end: int) -> bool:
    """Says whether a name is followed by what athletes and candidates do, and teams as well."""
    return _COMPETES.match(text, end) is not None


def _is_subject_of_speech_before(text: str, start: int, end: int) -> bool:
    speech = _SPEECH_BEFORE.search(text, max(0, start - 14), start)
    return speech is not None and ends_speech(
        text, end, speech.group("inverted") is not None or speech.group("verb") == "told"
    )


def ends_speech(text: str, end: int, inverted: bool) -> bool:
    """Says whether a name behind a verb of speech names who speaks, as "said Barloo" does.

    Not in "he said Barloo families fled", where the name begins what is said.

    Args:
        text: What the name stands in.
        end: Where the name ends.
        inverted: Whether a quotation or a comma stands before the verb.
    """
    if inverted:
        return _PLURAL.match(text, end) is None
    return _CLAUSE_ENDS.match(text, end) is not None
