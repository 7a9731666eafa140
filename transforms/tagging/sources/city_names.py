"""Which of GeoNames' alternate names of a city are safe to look for.

GeoNames does not say of which language a name is, so the bar is the higher the shorter and the
commoner the letters of a name are. It is low in the script that a country itself writes: news in
Arabic names towns of Syria that no other news names.
"""

from collections.abc import Iterator
from typing import Any

from transforms.tagging.sources.geography import is_latin

# Scripts: first and last letter, and the countries that write them.
_SCRIPTS = {
    "greek": ("\u0370", "\u03ff", "GR CY"),
    "cyrillic": ("\u0400", "\u052f", "RU UA BY BG RS ME BA MK KZ KG TJ UZ MN"),
    "armenian": ("\u0530", "\u058f", "AM"),
    "hebrew": ("\u0590", "\u05ff", "IL PS"),
    "arabic": (
        "\u0600",
        "\u06ff",
        "AE BH DJ DZ EG IQ JO KW LB LY MA MR OM PS QA SA SD SO SY TN YE TD IR AF PK",
    ),
    "devanagari": ("\u0900", "\u097f", "IN NP"),
    "bengali": ("\u0980", "\u09ff", "BD IN"),
    "thai": ("\u0e00", "\u0e7f", "TH"),
    "georgian": ("\u10a0", "\u10ff", "GE"),
    "kana": ("\u3040", "\u30ff", "JP"),
    "han": ("\u3400", "\u9fff", "CN TW HK MO SG JP"),
    "hangul": ("\uac00", "\ud7af", "KR KP"),
}
_WRITERS = {script: frozenset(row[2].split()) for script, row in _SCRIPTS.items()}
# Nouns of a city behind its name, which then is no other word: 松山市, 경주시.
_CITY_NOUNS = {"han": "市", "hangul": "시"}
# Russian family names end so; smaller towns with such a name are mostly not meant: Пушкин.
_FAMILY_ENDINGS = ("ов", "ев", "ёв", "ин", "ын", "ий", "ый", "ой", "ски", "ая")
_LARGE = 200_000


def city_aliases(city: dict[str, Any], capital: bool) -> Iterator[str]:
    """Gives the alternate names of a city that are safe to look for."""
    population = city["population"]
    big = capital or population >= 1_000_000
    for name in city["alternatenames"]:
        if not name or not name[0].isalpha():
            continue
        # Georgian has no capitals in its text; to Unicode its letters are small ones.
        if name[0].islower() and not "\u10d0" <= name[0] <= "\u10ff":
            continue
        if is_latin(name):
            prefix = population >= 200_000 and city["name"].startswith(name + " ")
            long = len(name) >= (4 if prefix else 5)  # "Jeju" of Jeju City
            if (big or prefix) and long and name[1:2].islower() and name.isprintable():
                yield name
        else:
            if _is_safe(name, population, big, capital) or _is_safe_at_home(name, city):
                yield name
            yield from _with_noun(name, city)


def _is_safe(name: str, population: int, big: bool, capital: bool) -> bool:
    """Says whether a name is safe in whatever country its city lies."""
    script = _script(name)
    if script == "cyrillic":
        return len(name) >= 4 and (big or population >= 200_000)
    if script in ("arabic", "hebrew"):
        return len(name) >= (3 if capital else 4) and (big or population >= 300_000)
    if script == "kana":
        return len(name) >= (2 if capital else 4) and (big or population >= 300_000)
    if script in ("han", "hangul"):
        return len(name) >= 2 and (big or (population >= 300_000 and len(name) >= 3))
    return len(name) >= 4 and big


def _is_safe_at_home(name: str, city: dict[str, Any]) -> bool:
    """Says whether a name in its country's own script is safe for a smaller city, too."""
    script, population = _script(name), city["population"]
    if city["countrycode"] not in _WRITERS.get(script, ()):
        return False
    if script in _CITY_NOUNS:
        if len(name) >= 3 and name.endswith(_CITY_NOUNS[script]):
            return True
        return script == "hangul" and population >= _LARGE
    if script in ("arabic", "hebrew"):
        if not all(letter.isalpha() or letter in " -'" for letter in name):
            return False  # with vowel signs
        if " " in name or script == "hebrew":
            return len(name) >= 3
        return population >= (50_000 if len(name) >= 4 else 100_000) and len(name) >= 3
    if script == "cyrillic":
        return len(name) >= 4 and not name.endswith(_FAMILY_ENDINGS) and "ић" not in name
    if script in ("devanagari", "bengali"):
        return len(name) >= 4 and population >= 50_000
    return len(name) >= (5 if script == "thai" else 4) and script != "kana"


def _with_noun(name: str, city: dict[str, Any]) -> Iterator[str]:
    """Gives a name with the noun that tells it from words: 경주 is a race, 경주시 a city."""
    script = _script(name)
    noun = _CITY_NOUNS.get(script)
    if noun is None or city["countrycode"] not in _WRITERS[script]:
        return
    if 2 <= len(name) <= 4 and name[-1] not in "市县縣區区町村省시군구도읍면":
        yield name + noun


def _script(name: str) -> str:
    first = name[0]
    return next((key for key, (low, high, _) in _SCRIPTS.items() if low <= first <= high), "")
