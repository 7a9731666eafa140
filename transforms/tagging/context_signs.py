"""What English says beside a name that tells whether it is a place, an organisation or a person."""

import re

# Capitalised words with small letters in them, and particles between: no acronyms, no figures.
_WORD = r"[^\W\d_][^\W\dA-Z_]+(?:['-][^\W\da-z_][^\W\dA-Z_]+)*"
_NAME = re.compile(rf"(?=.{{4}}){_WORD}(?: (?:(?:de|del|da|do|dos|du|la|el|al) )*{_WORD})*")
# How words for no place or person end: Diplomacy, Presidential, Indigenous, Accounting.
_ABSTRACT = re.compile(
    r"(?:tions?|ments?|ness|ity|ing|ism|ics|ship|[ae]nce|logy|phy|acy|ous|ive|[ict]al|ers|ware|ly)$"
)
_NOUNS = (
    "district|province|region|village|town|city|island|county|valley|municipality|prefecture"
    "|commune|township|suburb|governorate|neighbou?rhood|parish|settlement|peninsula"
)
_PLACE_AFTER = re.compile(
    rf" (?:{_NOUNS}|river|lake|forest|area|state|sub-county|constituency|upazila|tehsil|highway)"
    r"s?\b"
)
_PLACE_BEFORE = re.compile(
    rf"\b(?:(?:{_NOUNS}|capital|port|hamlet|community|state)s? of"
    r"|(?:(?:north|south)-?)?(?:eastern|western)|northern|southern|central|downtown|rural|nearby) $"
)
_IN = re.compile(r"\b(?:in|near|around|outside|across|through|throughout) $")
# What is said of organisations alone: "the band X", "X shares".
_ORGANIZATION_BEFORE = re.compile(
    r"\b(?:band|newspaper|company|firm|platform|organi[sz]ation|start-?up|website|magazine|airline"
    r"|manufacturer|retailer|broadcaster|publisher|label|agency|charity|NGO|party|studio|developer"
    r"|maker|operator|bank|insurer|consultancy|daily|weekly|tabloid|portal|outlet|network|quartet|trio"
    r"|duo|orchestra|think-tank|brewery|chain|conglomerate|militia) $"
)
_ORGANIZATION_AFTER = re.compile(
    r"(?:'s)? (?:spokes(?:man|woman|person)|shares|shareholders|CEO|chief executive|employees"
    r"|executives|fans|players|customers|subsidiary)\b"
    # "Viacom said it expects"; "said it is" may be of the weather.
    r"|,? (?:also )?sa(?:id|ys) (?:its|it (?:has|will|plans|expects|intends|agreed|acquired|bought"
    r"|sold|received|completed|filed|signed|began|declined))\b"
)
_SPEAKS = re.compile(r",? (?:said|says|told|added|explained|noted|argued|replied|recalled|who)\b")
_SPOKE = re.compile(r"(?:[\"',] |\b)(?:said|says|added|explained|noted|recalled) $")


def is_called_place(text: str, start: int, end: int) -> bool:
    """Says whether a noun for a place stands beside a name: "the village of X", "X district"."""
    return (
        _PLACE_AFTER.match(text, end) is not None
        or _PLACE_BEFORE.search(text, max(0, start - 24), start) is not None
    )


def is_plain(name: str) -> bool:
    """Says whether a name is spelt as those of places and people are."""
    return _NAME.fullmatch(name) is not None and not _ABSTRACT.search(name)


def is_called_organization(text: str, start: int, end: int) -> bool:
    """Says whether what is said of organisations alone stands beside a name: "X shares"."""
    return (
        _ORGANIZATION_BEFORE.search(text, max(0, start - 16), start) is not None
        or _ORGANIZATION_AFTER.match(text, end) is not None
    )


def speaks(text: str, start: int, end: int) -> bool:
    """Says whether a name is said to say something: "said X", "X, who"."""
    return not text.startswith("the ", max(0, start - 4)) and (
        _SPEAKS.match(text, end) is not None
        or _SPOKE.search(text, max(0, start - 12), start) is not None
    )


def follows_in(text: str, start: int) -> bool:
    """Says whether "in", or what is like it, stands before a name."""
    return _IN.search(text, max(0, start - 12), start) is not None


def is_english(text: str) -> bool:
    """Says whether "the" is as frequent as in English: one word of forty at least."""
    return text.count(" the ") * 40 >= text.count(" ")
