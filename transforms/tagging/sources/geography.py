"""Countries, macro-regions, divisions and cities: our own data joined with CLDR and GeoNames."""

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from transforms.tagging import name_forms

DATA = Path(__file__).parent.parent / "data"
SMALL_CITY = 15_000  # inhabitants; smaller ones count only where the text says where they lie
_PLAIN_LETTERS = str.maketrans("łŁøØđĐı", "lLoOdDi")
# Languages whose names of countries are read from the CLDR.
_LATIN = ("de", "fr", "es", "it", "pt", "nl", "pl", "tr", "id", "vi", "sv", "cs", "ro", "hu", "fi",
          "da", "nb", "ms", "sw", "hr", "ca")  # fmt: skip
_OTHER = ("ar", "fa", "ur", "he", "ru", "uk", "bg", "sr", "el", "zh", "zh_Hant", "ja", "ko", "hi",
          "bn", "ta", "te", "mr", "th", "ka", "hy", "am", "my", "km", "lo", "kk")  # fmt: skip
# UN M49's codes, and CLDR's for the two organisations, with our names.
_REGION_CODES = {
    "002": "Africa", "005": "South America", "009": "Oceania", "011": "Western Africa",
    "013": "Central America", "014": "Eastern Africa", "015": "Northern Africa",
    "017": "Middle Africa", "018": "Southern Africa", "019": "Americas",
    "029": "Caribbean", "030": "Eastern Asia", "034": "Southern Asia", "035": "South-eastern Asia",
    "039": "Southern Europe", "054": "Melanesia", "061": "Polynesia", "142": "Asia",
    "143": "Central Asia", "145": "Western Asia", "150": "Europe", "151": "Eastern Europe",
    "154": "Northern Europe", "155": "Western Europe", "202": "Sub-Saharan Africa",
    "419": "Latin America", "EU": "European Union", "UN": "United Nations",
}  # fmt: skip
# Names of one language that in others mean another place.
_MISLEADING = frozenset({"Columbia", "Samoa Americana", "Polonia"})


def read_yaml(path: Path) -> Any:
    """Reads one of the package's own data files."""
    return yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def script_flag(name: str) -> int:
    """Says how a name's ends may be glued to other letters, by the script of its last letter."""
    letter = next((character for character in reversed(name) if character.isalpha()), "a")
    code = ord(letter)
    if 0x0590 <= code <= 0x06FF:
        return name_forms.PREFIXED
    if 0xAC00 <= code <= 0xD7AF or 0x0980 <= code <= 0x09FF:
        return name_forms.PARTICLE
    if 0x0400 <= code <= 0x04FF and len(name) >= 4:
        return name_forms.INFLECTED
    if 0x0E00 <= code <= 0x0EFF or 0x1000 <= code <= 0x109F or 0x1780 <= code <= 0x17FF:
        return name_forms.SUBSTRING
    if 0x3040 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF:
        return name_forms.SUBSTRING
    return name_forms.WORD


def stem(name: str) -> str | None:
    """Gives the stem of a Cyrillic name that ends in a vowel or a sign; None for others."""
    last = name[-1]
    if 0x0400 <= ord(last) <= 0x04FF and last in "аяьйоеиыії" and len(name) >= 5:
        return name[:-1]
    return None


def is_latin(name: str) -> bool:
    """Says whether a name is written in Latin letters."""
    return all(ord(character) < 0x250 or 0x1E00 <= ord(character) < 0x1F00 for character in name)


def without_marks(name: str) -> str:
    """Gives a Latin name without accents, cedillas and strokes."""
    if not is_latin(name):
        return name
    parts = unicodedata.normalize("NFD", name.translate(_PLAIN_LETTERS))
    return "".join(part for part in parts if not unicodedata.combining(part))


def country_names() -> Iterator[tuple[str, str]]:
    """Gives (code, name) of all countries in many languages, English first."""
    from babel import Locale

    for language in ("en", *_LATIN, *_OTHER):
        territories = Locale.parse(language).territories
        for code, name in territories.items():
            if len(code) != 2 or code in {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}:
                continue
            for form in {name, name.split(" (")[0]}:
                if form in _MISLEADING:
                    continue
                if len(form) >= (4 if is_latin(form) else 2) or language == "en":
                    yield code, form


@cache
def region_names() -> dict[str, list[str]]:
    """Gives the names of UN M49's regions, the EU and the UN in many languages, by ours."""
    from babel import Locale

    names: dict[str, list[str]] = {}
    for language in (*_LATIN, *_OTHER):
        territories = Locale.parse(language).territories
        for code, ours in _REGION_CODES.items():
            name = territories.get(code, "").split(" (")[0]
            if len(name) >= (5 if is_latin(name) else 2):
                names.setdefault(ours, []).append(name)
    return names


def language_names() -> list[str]:
    """Gives the English names of languages that are one word: "in Amharic" is no place."""
    from babel import Locale

    return sorted({name for name in Locale.parse("en").languages.values() if name.isalpha()})


def english_speaking_countries() -> list[str]:
    """Gives the codes of the countries whose official languages English is one of."""
    from babel import Locale
    from babel.languages import get_official_languages

    codes = [code for code in map(str, Locale.parse("en").territories) if len(code) == 2]
    return sorted(code for code in codes if "en" in get_official_languages(code, de_facto=True))
