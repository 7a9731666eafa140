"""What a publisher's domain tells of the places that it writes of."""

from collections.abc import Sequence
from typing import NamedTuple

from transforms.tagging.gazetteer import Entry, Gazetteer

# Shorter words are parts of too many others: "nation", "pressed".
_LEAST_LETTERS = 5


class Publisher(NamedTuple):
    """Where a publisher is at home.

    Attributes:
        country: ISO code, as configured or by its domain's suffix; "" where neither tells it.
        name: The domain without suffix, dots and hyphens: "theparisnews".
        speaking: Countries in which a publisher of no country's suffix may be.
    """

    country: str = ""
    name: str = ""
    speaking: frozenset[str] = frozenset()

    def bears(self, word: str, entries: Sequence[Entry]) -> bool:
        """Says whether the publisher bears a name that only cities have.

        Not that of a country or a division: The Jordan Times is no paper of a town.
        """
        return (
            len(word) >= _LEAST_LETTERS
            and word.replace(" ", "").lower() in self.name
            and all(entry.kind == "city" for entry in entries)
        )

    def may_be_in(self, country: str | None) -> bool:
        """Says whether the publisher may be at home in a country.

        Who writes English for a city's own readers is where English is spoken: of the cities that
        theparisnews.com may be named after, not in France.
        """
        return country == self.country if self.country else country in self.speaking


def publisher_of(domain: str, country: str, is_english: bool, gazetteer: Gazetteer) -> Publisher:
    """Reads a publisher's domain.

    Args:
        domain: Such as "cambridge-news.co.uk"; "" where it is not known.
        country: ISO code that its feed's configuration states; "" leaves it to the domain.
        is_english: Whether the publisher has written in English.
        gazetteer: Knows the countries, and those whose official languages English is one of.
    """
    if not domain:
        return Publisher(country)
    name, _, suffix = domain.rpartition(".")
    code = {"uk": "GB"}.get(suffix.lower(), suffix.upper())
    return Publisher(
        country or (code if code in gazetteer.countries else ""),
        name.replace(".", "").replace("-", "").lower(),
        gazetteer.words["english_speaking"] if is_english else frozenset(),
    )
