"""What a publisher's domain tells of the places that it writes of."""

from typing import NamedTuple

from transforms.tagging.context_signs import is_english
from transforms.tagging.gazetteer import Entry, Gazetteer

# Shorter words are parts of too many others: "nation", "pressed".
_LEAST_LETTERS = 5


class Publisher(NamedTuple):
    """Where a publisher is at home.

    Attributes:
        country: ISO code of its domain's suffix; "" where it has none.
        name: The domain without suffix, dots and hyphens: "theparisnews".
        speaking: Countries in which a publisher of no country's suffix may be.
    """

    country: str = ""
    name: str = ""
    speaking: frozenset[str] = frozenset()

    def is_named_after(self, entry: Entry, word: str) -> bool:
        """Says whether a city gives the publisher its name: Paris, Texas for theparisnews.com.

        The Paris of France does not: who writes English for a city's own readers is where English
        is spoken.
        """
        return (
            len(word) >= _LEAST_LETTERS
            and (entry.country == self.country if self.country else entry.country in self.speaking)
            and word.replace(" ", "").lower() in self.name
        )


def publisher_of(domain: str, text: str, gazetteer: Gazetteer) -> Publisher:
    """Reads a publisher's domain.

    Args:
        domain: Such as "cambridge-news.co.uk"; "" where it is not known.
        text: What the publisher has written.
        gazetteer: Knows the countries, and those whose official languages English is one of.
    """
    if not domain:
        return Publisher()
    name, _, suffix = domain.rpartition(".")
    code = {"uk": "GB"}.get(suffix.lower(), suffix.upper())
    return Publisher(
        code if code in gazetteer.countries else "",
        name.replace(".", "").replace("-", "").lower(),
        gazetteer.words["english_speaking"] if is_english(text) else frozenset(),
    )
