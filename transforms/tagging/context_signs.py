"""What English says beside a name that tells whether it is a place, an organisation or a person."""

import re

from transforms.tagging.person_signs import ends_speech


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Capitalised words with small letters in them, and particles between: no acronyms, no figures.
_WORD = r"[^\W\d_][^\W\dA-Z_]+(?:['-][^\W\da-z_][^\W\dA-Z_]+)*"
_NAME = re.compile(rf"(?=.{{4}}){_WORD}(?: (?:(?:de|del|da|do|dos|du|la|el|al) )*{_WORD})*")
# How words for no place or person end: Diplomacy, Presidential, Indigenous, Accounting.
_ABSTRACT = re.compile(
    r"(?:tions?|ments?|ness|ity|ing|ism|ics|ship|[ae]nce|logy|phy|acy|ous|ive|[ict]al|ers|ware|ly)$"
)
_PLACES = _words(
    "district province region village town city island county valley municipality prefecture "
    "commune township suburb governorate neighbourhood neighborhood parish settlement "
    "peninsula state"
)
_BEHIND_PLACES = _PLACES | _words(
    "river lake forest area sub-county constituency upazila tehsil highway"
)
_OF_PLACES = _PLACES | {"capital", "port", "hamlet", "community"}
_SIDES = _words(
    "northern southern eastern western central downtown rural nearby "
    "north-eastern north-western south-eastern south-western "
    "northeastern northwestern southeastern southwestern"
)
_IN = _words("in near around outside across through throughout")
# What is said of organisations alone: "the band X", "X shares".
_ORGANIZATIONS = _words(
    "band newspaper company firm platform organisation organization startup start-up website "
    "magazine airline manufacturer retailer broadcaster publisher label agency charity NGO "
    "party studio developer maker operator bank insurer consultancy daily weekly tabloid "
    "portal outlet network quartet trio duo orchestra think-tank brewery chain conglomerate "
    "militia"
)
_ORGANIZATION_AFTER = re.compile(
    r"(?:'s)? (?:spokes(?:man|woman|person)|shares|shareholders|CEO|chief executive|employees"
    r"|executives|fans|players|customers|subsidiary)\b"
    # "Viacom said it expects"; "said it is" may be of the weather.
    r"|,? (?:also )?sa(?:id|ys) (?:its|it (?:has|will|plans|expects|intends|agreed|acquired|bought"
    r"|sold|received|completed|filed|signed|began|declined))\b"
)
_SPEAKS = re.compile(r",? (?:said|says|told|added|explained|noted|argued|replied|recalled|who)\b")
_SPOKE = _words("said says added explained noted recalled")
_NEXT = re.compile(r" ([a-z][a-z-]+)")
# As far as two words before a name can reach.
_REACH = 32


def words_before(text: str, start: int) -> list[str]:
    """Gives the words before a name, the nearest last; "" where none stands directly before it."""
    if text[start - 1 : start] != " ":
        return [""]
    return text[max(0, start - _REACH) : start].split() or [""]


def is_called_place(before: list[str], text: str, end: int) -> bool:
    """Says whether a noun for a place stands beside a name: "the village of X", "X district".

    Args:
        before: The words before the name (`words_before`).
        text: What the name stands in.
        end: Where the name ends.
    """
    following = _NEXT.match(text, end)
    if following is not None:
        word = following.group(1)
        if word in _BEHIND_PLACES or word.removesuffix("s") in _BEHIND_PLACES:
            return True
    *others, last = before
    return last in _SIDES or (
        last == "of" and bool(others) and others[-1].removesuffix("s") in _OF_PLACES
    )


def is_plain(name: str) -> bool:
    """Says whether a name is spelt as those of places and people are."""
    return _NAME.fullmatch(name) is not None and not _ABSTRACT.search(name)


def is_called_organization(before: list[str], text: str, end: int) -> bool:
    """Says whether what is said of organisations alone stands beside a name: "X shares"."""
    return before[-1] in _ORGANIZATIONS or _ORGANIZATION_AFTER.match(text, end) is not None


def speaks(before: list[str], text: str, end: int) -> bool:
    """Says whether a name is said to say something: "said X", "X, who"."""
    if before[-1] in _SPOKE:
        return ends_speech(text, end, len(before) > 1 and before[-2].endswith((",", '"', "'")))
    return before[-1] != "the" and _SPEAKS.match(text, end) is not None


def follows_in(before: list[str]) -> bool:
    """Says whether "in", or what is like it, stands before a name."""
    return before[-1] in _IN


def is_english(text: str) -> bool:
    """Says whether "the" is as frequent as in English: one word of forty at least."""
    articles = text.count(" the ")
    return articles > 0 and articles * 40 >= text.count(" ")
