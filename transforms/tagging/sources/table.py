"""The names and their meanings while the gazetteer is compiled."""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from typing import Any

from transforms.tagging import name_forms
from transforms.tagging.sources.geography import script_flag, stem

_NUKTA = "\u093c"


class NameTable:
    """Collects names and entries; the first claim of a name comes first.

    Attributes:
        entries: What names mean, as tuples in `gazetteer.Entry`'s order.
        names: Name to the indices of its entries.
        flags: Name to how its ends may be glued to other letters (see `name_forms`).
        taken: Names that no city may have: those of countries and their peoples.
        countries: Those of them that a city may have all the same: Peru in Indiana.
    """

    def __init__(self) -> None:
        self.entries: list[tuple[Any, ...]] = []
        self.names: dict[str, list[int]] = {}
        self.flags: dict[str, int] = {}
        self.taken: set[str] = set()
        self.countries: set[str] = set()

    def entry(self, *fields: Any) -> int:
        """Adds a meaning, its fields in `gazetteer.Entry`'s order, and gives its index."""
        kind, type_, name, ids, country, lat, lon, *others = fields
        point = (lat, lon) if lat is None or lon is None else (float(lat), float(lon))
        self.entries.append((kind, type_, name, ids, country, *point, *others))
        return len(self.entries) - 1

    def name(self, name: str, entry: int, flag: int | None = None) -> None:
        """Adds a name, and the stem of a language with cases, of a meaning."""
        # As texts are: some letters of India have two spellings in Unicode.
        name = name_forms.normalized(unicodedata.normalize("NFC", name)).strip()
        self.names.setdefault(name, []).append(entry)
        self.flags.setdefault(name, script_flag(name) if flag is None else flag)
        if _NUKTA in name:  # Hindi leaves the dot out: अफ्रीका
            self.names.setdefault(name.replace(_NUKTA, ""), []).append(entry)
            self.flags.setdefault(name.replace(_NUKTA, ""), self.flags[name])
        root = stem(name) if flag is None and " " not in name else None
        if root is not None:
            self.names.setdefault(root, []).append(entry)
            self.flags.setdefault(root, name_forms.STEM)

    def complete_articles(self) -> None:
        """Gives an article to the longer names that one with an article would else hide.

        The leftmost match counts: without "the Gulf of Aden" that would be "the Gulf". The article
        is no part of these names, and of none that has it in small letters.
        """
        names = sorted(self.names)
        for short in [name for name in names if name.startswith(name_forms.ARTICLES)]:
            article, bare = short[:4], short[4:]
            if article.islower():
                self.flags[short] = name_forms.ARTICLE
            for longer in names[bisect_right(names, f"{bare} ") :]:
                if not longer.startswith(f"{bare} "):
                    break
                name = article + longer
                if name not in self.names and self.flags[longer] == name_forms.WORD:
                    self.names[name] = self.names[longer]
                    self.flags[name] = name_forms.ARTICLE


def middle(points: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Gives the middle of the area that some points (latitude, longitude) lie in."""
    latitudes, longitudes = zip(*points, strict=True)
    return (
        round((min(latitudes) + max(latitudes)) / 2, 4),
        round((min(longitudes) + max(longitudes)) / 2, 4),
    )
