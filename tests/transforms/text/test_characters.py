"""Folding, order and bounds of `clean_text`."""

import pytest

from transforms.text.boilerplate import without_boilerplate
from transforms.text.characters import clean_text
from transforms.text.html import html_to_text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a \t b", "a b"),
        ("a\u00a0b\u2003 c", "a b c"),
        (" a \n b ", "a\nb"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\u2029b", "a\n\nb"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("e\u200b\u0301", "é"),
        ("\u0e01\u200b\u0e02", "\u0e01\u200b\u0e02"),
        ("a\u200bb", "ab"),
        ("“q” – \x00x", "“q” – x"),
        ("\x85", ""),
    ],
)
def test_clean_text(text: str, clean: str) -> None:
    assert clean_text(text) == clean


def test_a_megabyte_of_marks_is_cut_not_sorted() -> None:
    # Normalising it as it is would take hours.
    assert len(clean_text("a" + "\u0300\u0323" * 250_000)) <= 31


def test_an_element_with_very_many_attributes_loses_them() -> None:
    attributes = " ".join(f'a{n}="&gt; {n}"' for n in range(50_000))
    assert html_to_text(f"<p {attributes}>One</p><p>Two</p>") == "One\n\nTwo"


@pytest.mark.parametrize(
    "line", ["x, " * 230 + "é.", "share - " * 80 + "q", "reklam " * 90 + "q", "- " * 340 + "q"]
)
def test_a_line_of_boilerplate_words_is_read_in_one_way(line: str) -> None:
    # Patterns that repeat what may be empty would try an exponential number of ways.
    assert without_boilerplate(line) == line
