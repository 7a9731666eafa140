"""Ids of entities: of GeoNames or Wikidata where a source confirms them, else a slug of our own."""

import re
import unicodedata
from functools import lru_cache

_NOT_A_WORD = re.compile(r"[\W_]+")


def identifiers(ids: tuple[str, ...], entity_type: str, name: str) -> tuple[str, ...]:
    """Gives an entity's ids: the confirmed ones, else `dateline:TYPE/SLUG`."""
    return ids or (slug_identifier(entity_type, name),)


@lru_cache(maxsize=4096)
def slug_identifier(entity_type: str, name: str) -> str:
    """Makes a stable id of type and canonical name: `dateline:person/antonio-guterres`.

    Latin letters lose their accents, other scripts stay; the same name gives the same id in every
    process and version.
    """
    if not name.isascii():
        letters = unicodedata.normalize("NFKD", name)
        plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
        name = unicodedata.normalize("NFC", plain)
    slug = _NOT_A_WORD.sub("-", name.casefold()).strip("-")
    return f"dateline:{entity_type.lower()}/{slug}"
