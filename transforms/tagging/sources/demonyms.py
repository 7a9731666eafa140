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
# Where no such word begins with a capital but at the beginning of a sentence.
_IN_SMALL_LETTERS = frozenset({"ru", "uk", "ro"})


def demonyms_by_language() -> Iterator[tuple[str, str]]:
    """Gives words for a country's people in other languages than English, each with its code."""
    for language, countries in read_yaml(DATA / "demonyms_by_language.yaml").items():
        for code, forms in countries.items():
            for form in forms:
                for name in _with_endings(form, language):
                    yield code, name
                    if language in _IN_SMALL_LETTERS:
                        yield code, name.capitalize()


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
