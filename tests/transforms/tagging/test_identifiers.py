import pytest

from transforms.tagging.identifiers import identifiers


@pytest.mark.parametrize(
    ("entity_type", "name", "identifier"),
    [
        ("PERSON", "António Guterres", "dateline:person/antonio-guterres"),
        ("ORG", "U.S. Central Command", "dateline:org/u-s-central-command"),
        ("FAC", "Al-Aqsa Mosque", "dateline:fac/al-aqsa-mosque"),
        ("LOC", "Чёрное море", "dateline:loc/черное-море"),
        ("ORG", "新华社", "dateline:org/新华社"),
    ],
)
def test_a_name_without_a_confirmed_id_has_a_slug(
    entity_type: str, name: str, identifier: str
) -> None:
    assert identifiers((), entity_type, name) == (identifier,)


def test_a_confirmed_id_is_kept() -> None:
    assert identifiers(("geonames:192950",), "GPE", "Kenya") == ("geonames:192950",)
