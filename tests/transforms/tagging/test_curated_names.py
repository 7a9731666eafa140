import pytest

from transforms.tagging.tagger import Tagger


def found(tagger: Tagger, text: str) -> list[tuple[str, str]]:
    return [(one.type, one.text) for one in tagger.tag("", text).mentions]


@pytest.mark.parametrize(
    ("text", "type_", "name"),
    [
        ("They met in Nelson Mandela Square.", "FAC", "Nelson Mandela Square"),
        ("He drove down Jomo Kenyatta Avenue at night.", "FAC", "Jomo Kenyatta Avenue"),
        ("She died at Kenyatta National Hospital.", "FAC", "Kenyatta National Hospital"),
        ("Lions roam Queen Elizabeth National Park.", "LOC", "Queen Elizabeth National Park"),
        ("A car burned on Martin Luther King Jr. Boulevard.", "FAC",
         "Martin Luther King Jr. Boulevard"),
        ("Lava flowed in Hawaii Volcanoes National Park.", "LOC", "Hawaii Volcanoes National Park"),
    ],
    ids=["square", "avenue", "hospital", "park", "boulevard", "park-elsewhere"],
)  # fmt: skip
def test_what_is_named_after_somebody_is_not_them(
    tagger: Tagger, text: str, type_: str, name: str
) -> None:
    assert found(tagger, text) == [(type_, name)]


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("The Trump Administration said no.", "Donald Trump"),
        ("Kenyatta opened the Hospital.", "Uhuru Kenyatta"),
        ("On Monday Haaland scored.", "Erling Haaland"),
        ("Forward Haaland scored.", "Erling Haaland"),
    ],
)
def test_what_belongs_to_somebody_leaves_them_a_person(
    tagger: Tagger, text: str, person: str
) -> None:
    assert person in tagger.tag("", text).people


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("When Debra Haaland came, they clapped.", ("Debra Haaland",)),
        ("Interior Secretary Brimma Haaland came.", ("Brimma Haaland",)),
        ("The trial of Jean-Bosco Ntaganda began.", ("Jean-Bosco Ntaganda",)),
        ("A fire broke out on Massie's Creek Road.", ()),
    ],
    ids=["first-name", "unknown-first-name", "hyphen", "creek"],
)
def test_a_family_name_with_another_first_name_is_somebody_else(
    tagger: Tagger, text: str, people: tuple[str, ...]
) -> None:
    assert tagger.tag("", text).people == people
