"""The rules' own examples, and that nothing of a report is lost."""

import pytest

from transforms.text.boilerplate import rules, without_boilerplate

MATCHES = [(rule["name"], line) for rule in rules() for line in rule["matches"]]
KEEPS = [(rule["name"], line) for rule in rules() for line in rule["keeps"]]


@pytest.mark.parametrize(("rule", "line"), MATCHES)
def test_a_rules_examples_go(rule: str, line: str) -> None:
    assert without_boilerplate(f"Before.\n\n{line}\n\nAfter.") == "Before.\n\nAfter.", rule


@pytest.mark.parametrize(("rule", "line"), KEEPS)
def test_what_looks_alike_stays(rule: str, line: str) -> None:
    assert without_boilerplate(f"Before.\n\n{line}\n\nAfter.").split("\n\n")[1] == line, rule


def test_the_word_inside_a_sentence_stays() -> None:
    text = "Advertisement rules were tightened.\n\nThe ADVERTISEMENT was withdrawn."
    assert without_boilerplate(text) == text


def test_a_line_of_a_paragraph_goes_alone() -> None:
    assert without_boilerplate("One.\nADVERTISEMENT\nTwo.") == "One.\nTwo."


@pytest.mark.parametrize("text", ["", "One.", "One.\n\nTwo.\nThree.", "9/11", "x" * 5000])
def test_a_report_is_left_as_it_is(text: str) -> None:
    assert without_boilerplate(text) == text
