"""Words for a country's people in other languages than English, with their endings."""

from collections.abc import Iterator

from transforms.tagging.sources.geography import DATA, read_yaml

# What "~" stands for: the endings of an adjective, by language.
_CYRILLIC = [
    "ий",
    "ая",
    "ое",
    "ие",
    "ого",
    "ому",
    "им",
    "их",
    "ими",
    "ой",
    "ую",
    "ом",
    "а",
    "е",
    "і",
    "ої",
    "ій",
    "у",
    "ою",
]
_ADJECTIVES = {
    "de": ["", "e", "er", "en", "es", "em"],
    "ru": _CYRILLIC,
    "uk": _CYRILLIC,
    "pl": ["i", "a", "ie", "iego", "iemu", "im", "iej", "ą", "ich", "imi"],
    "cs": ["ý", "á", "é", "ého", "ému", "ém", "ou", "ým", "ých", "ými"],
    "sv": ["", "a", "t"],
    "ar": ["", "ة", "ا", "ين", "ون", "ات"],
}
# What such a word ends with where no family name does: "Mexicanos", but not "Cubano".
_NO_NAMES: dict[str, tuple[str, ...]] = {
    "ru": ("",),
    "uk": ("",),
    "ro": ("",),
    "es": ("s",),
    "pt": ("s",),
    "de": ("e", "er", "en", "es"),
}


def demonyms_by_language() -> Iterator[tuple[str, str]]:
    """Gives words for a country's people in other languages than English, each with its code."""
    for language, countries in read_yaml(DATA / "demonyms_by_language.yaml").items():
        for code, forms in countries.items():
            for form in forms:
                for name in _with_endings(form, language):
                    yield code, name
                    if _may_begin_a_sentence(name, language):
                        yield code, name[0].upper() + name[1:]
                    elif language == "ar":  # else العراق, the country, would begin before it
                        yield code, "ال" + name


def _may_begin_a_sentence(name: str, language: str) -> bool:
    """Says whether a word that is written in small letters is no name with a capital."""
    ending = _NO_NAMES.get(language)
    return ending is not None and name[0].islower() and len(name) > 5 and name.endswith(ending)


def _with_endings(form: str, language: str) -> Iterator[str]:
    """Gives "mexicano", "mexicana" … of "mexicano/a/os/as", and the adjectives of "deutsch~"."""
    if form.endswith("~"):
        yield from (form[:-1] + ending for ending in _ADJECTIVES[language])
        return
    word, *endings = form.split("/")
    yield word
    if word.endswith(("ец", "ець", "єць")):  # украинец, украинцы; українець, українці
        stem = word.rstrip("ь")[:-2]
        yield stem + ("й" if stem[-1] in "аеиоуієї" else "") + "ц"
    for ending in endings:
        replaces = word[-1] in "oae" and ending[0] in "aeio"
        yield (word[:-1] if replaces else word) + ending
