"""First names that stand alone, and towns that a saint's first name begins."""

import pytest

from transforms.tagging.tagger import Tagger

PADDING = " The rain fell on the hills, and the road to the north was shut for the day."


def _found(tagger: Tagger, text: str) -> set[tuple[str, str]]:
    return {(m.text, m.type) for m in tagger.tag("", text, "en").mentions}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The house was cold. Catriona is well and has left.", "Catriona"),
        ("The house was cold. Catriona's sister has left.", "Catriona"),
        ("The house was cold. Suzanne, please see the note.", "Suzanne"),
        ("Hi Suzanne, the house was cold.", "Suzanne"),
        ("See you in the town soon.\nSuzanne\n", "Suzanne"),
    ],
)
def test_a_first_name_alone_is_a_person(tagger: Tagger, text: str, name: str) -> None:
    assert (name, "PERSON") in _found(tagger, text + PADDING if "\n" not in text else text)


@pytest.mark.parametrize(
    "text",
    [
        "The house was cold. Hope is all that is left.",
        "The house was cold. Will it rain?",
        "They drove to Sault Ste. Marie, where it rained.",
        "La casa era fría. Rosa es el color de la puerta.",
    ],
)
def test_an_ordinary_word_or_a_longer_name_is_none(tagger: Tagger, text: str) -> None:
    padding = "" if text.startswith("La ") else PADDING
    assert "PERSON" not in {type_ for _, type_ in _found(tagger, text + padding)}


@pytest.mark.parametrize(
    ("text", "name", "type_"),
    [
        ("The market of San Fermín Brackal burnt.", "San Fermín Brackal", "GPE"),
        ("The striker San Fermín Brackal said he would play.", "San Fermín Brackal", "PERSON"),
    ],
)
def test_a_saint_names_a_town(tagger: Tagger, text: str, name: str, type_: str) -> None:
    assert (name, type_) in _found(tagger, text + PADDING)
