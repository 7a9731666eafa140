"""Authors' names, out of what feeds and pages write around them."""

import pytest

from transforms.text.authors import author_name, author_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada Example", ["Ada Example"]),
        ("By Ada Example and Ben Example", ["Ada Example", "Ben Example"]),
        ("Ada Example, Ben de Example, and Cem O’Sample", None),
        ("Ada Example, Ben van den Berg & Cem Sample-Test", None),
        ("Von Ada Beispiel und Ben Beispiel", ["Ada Beispiel", "Ben Beispiel"]),
        ("Ада Примерова и Бен Примеров", ["Ада Примерова", "Бен Примеров"]),
        ("Ada Example; Ben Example", ["Ada Example", "Ben Example"]),
        ("Ada Example, Valley Times", ["Ada Example, Valley Times"]),
        ("Department of Trade and Industry", ["Department of Trade and Industry"]),
        ("José Ejemplo y Gasset", ["José Ejemplo y Gasset"]),
        ("Staff and agencies", ["Staff and agencies"]),
        ("Example, Ada", ["Example, Ada"]),
        ("https://social.example/ada", []),
        ("", []),
    ],
)
def test_a_list_of_names_is_taken_apart(text: str, names: list[str] | None) -> None:
    if names is None:
        names = [one.removeprefix("and ") for one in text.replace(" &", ",").split(", ")]
    assert author_names(text) == names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ada@paper.example (Ada Example)", "Ada Example"),
        ("Ada Example <ada@paper.example>", "Ada Example"),
        ("di Ada Esempio", "Ada Esempio"),
        ("Di Esempio Ada", "Di Esempio Ada"),
        ("desk@paper.example", "desk@paper.example"),
    ],
)
def test_addresses_and_by_are_taken_off(text: str, name: str) -> None:
    assert author_name(text) == name


def test_a_long_text_is_read_in_no_time() -> None:
    text = "Ada Example, " * 200 + "and x"
    assert author_names(text[:2_900]) == [text[:2_900].strip()]
