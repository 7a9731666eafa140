"""Explanations, and wrong tags mended by a line of YAML."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.tagging.explanation import Explanation
from transforms.tagging.jsonl import tag_lines
from transforms.tagging.tagger import Tagger

TEXT = (
    "A fire broke out in Paris, Texas. The mayor of Birmingham said Reading was calm. "
    "Angela Merkel met the Valley Water Board; Kenyan officials stayed in Nairobi."
)


def explained(tagger: Tagger, title: str = "Fire in Paris", text: str = TEXT) -> list[Explanation]:
    tags, reasons = tagger.explain(title, text)
    assert tags == tagger.tag(title, text), "an explanation changes no answer"
    return reasons


def of(reasons: list[Explanation], name: str, part: str = "text") -> Explanation:
    return next(one for one in reasons if (one.text, one.part) == (name, part))


def test_each_name_has_its_rule_and_its_reason(tagger: Tagger) -> None:
    reasons = explained(tagger)
    rules = {one.text: one.rule for one in reasons if one.part == "text"}
    assert rules == {
        "Paris": "place",
        "Texas": "place",
        "Birmingham": "place",
        "Angela Merkel": "curated",
        "Valley Water Board": "organization",
        "Kenyan": "place",
        "Nairobi": "place",
        "Reading": "",
    }
    assert "holds a place of this name" in of(reasons, "Paris").why
    assert "another mention" in of(reasons, "Paris", "title").why
    assert of(reasons, "Kenyan").why == "the word for a country's people"
    assert "no sign that the place is meant" in of(reasons, "Reading").why


def test_meanings_are_weighed_and_the_chosen_one_is_among_them(tagger: Tagger) -> None:
    one = of(explained(tagger), "Birmingham")
    scores = [meaning.score for meaning in one.meanings]
    assert scores == sorted(scores, key=lambda score: -(score or 0))
    assert {"geonames:4049979", "geonames:2655603"} <= {meaning.id for meaning in one.meanings}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.text(max_size=200))
def test_any_text_can_be_explained(tagger: Tagger, text: str) -> None:
    for one in explained(tagger, text[:20], text):
        source = text[:20] if one.part == "title" else text
        assert source[one.start : one.end] == one.text


def test_lines_have_explanations_only_where_they_are_asked_for(tagger: Tagger) -> None:
    line = json.dumps({"id": 1, "text": TEXT})
    (plain,) = tag_lines([line], tagger)
    (told,) = tag_lines([line], tagger, explain=True)
    assert "explain" not in plain
    assert {name: told[name] for name in plain} == plain
    assert json.loads(json.dumps(told))["explain"][0]["meanings"]


def test_the_page_on_tagging_shows_what_the_command_says(tagger: Tagger) -> None:
    page = (Path(__file__).parents[3] / "docs" / "tagging.md").read_text(encoding="utf-8")
    asked, said = re.search(
        r"\$ echo '(\{.+\})' \| dateline tag --explain\n +… (.+?) …\n\n", page, re.DOTALL
    ).groups()  # type: ignore[union-attr]
    (told,) = tag_lines([asked], tagger, explain=True)
    assert " ".join(said.split()) in json.dumps(told, ensure_ascii=False)


def test_a_wrong_tag_is_mended_by_what_the_explanation_shows(
    tagger: Tagger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = of(explained(tagger), "Birmingham")
    meant = next(one for one in before.meanings if one.country == "GB")
    file = tmp_path / "mine.yaml"
    file.write_text(
        "entries:\n"
        f'  - {{name: Birmingham, type: GPE, ids: ["{meant.id}"]}}\n'
        "  - {name: Valley Water Board, type: NONE}\n"
    )
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path))
    mended = Tagger.load([file])
    reasons = explained(mended)
    mention = next(one for one in mended.tag("", TEXT).mentions if one.text == "Birmingham")
    assert (mention.country, mention.ids) == ("GB", (meant.id,))
    assert of(reasons, "Birmingham").why == "your own file says which of the namesakes is meant"
    assert "Valley Water Board" not in mended.tag("", TEXT).organizations
    assert mended.version != tagger.version


def test_what_belongs_to_a_places_name_is_explained_by_the_place(tagger: Tagger) -> None:
    text = "The Republic of Honduras sent aid to Kasese District and to Sydney, N.S., too."
    _, reasons = tagger.explain("", text)
    assert of(reasons, "Republic of Honduras").why == "a country"
    assert "a noun for a division" in of(reasons, "Kasese District").why
    assert of(reasons, "N.S.").why == "it holds a place of the name that stands before it"
