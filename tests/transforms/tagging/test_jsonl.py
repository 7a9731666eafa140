import json

import pytest

from transforms.tagging.jsonl import tag_lines
from transforms.tagging.tagger import Tagger
from transforms.tagging.tags import Tags

LINES = [
    json.dumps(
        {"id": "a", "title": "Rain", "text": "Rain fell in Kenya and Peru.", "language": "en"}
    ),
    json.dumps({"id": "b", "text": "U.N. officials flew to Nairobi."}),
    json.dumps({"id": "c", "text": 7}),
    "{broken",
    json.dumps(["no", "object"]),
    json.dumps({"id": "d", "title": None, "text": "\ud83d\ude00 Rain in Peru. \ud800"}),
]


def test_every_line_is_answered_in_order_and_a_bad_one_costs_no_other(tagger: Tagger) -> None:
    answers = list(tag_lines(LINES, tagger))
    assert [answer["id"] for answer in answers] == ["a", "b", "c", None, None, "d"]
    assert ["error" in answer for answer in answers] == [False, False, True, True, True, False]
    assert "'text' must be a string" in answers[2]["error"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("junk", "the line is no JSON (expecting value at column 1); a line is {"),
        (b'{"id": 1, "text": "caf\xe9"}', "the line is no UTF-8: "),
        ("[" * 100_000, "the line cannot be read"),
        ("[1]", "the line is no JSON object but a list; a line is {"),
    ],
    ids=["junk", "latin-1", "deep", "list"],
)
def test_a_bad_line_is_told_what_a_line_is(line: str | bytes, said: str, tagger: Tagger) -> None:
    bad, good = tag_lines([line, LINES[1].encode()], tagger)
    assert bad["error"].startswith(said)
    assert good["id"] == "b"


def test_a_line_that_the_tagger_fails_on_costs_no_other(
    tagger: Tagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = Tagger.tag

    def failing(tagger: Tagger, title: str, *others: str) -> Tags:
        if title == "x":
            raise KeyError(title)
        return tag(tagger, title, *others)

    monkeypatch.setattr(Tagger, "tag", failing)
    bad, good = tag_lines(['{"id": 1, "title": "x"}', LINES[1]], tagger)
    assert bad == {"id": 1, "error": "KeyError: 'x' (a defect of Dateline; please report it)"}
    assert "error" not in good


def test_an_answer_does_not_depend_on_the_other_lines(tagger: Tagger) -> None:
    together = list(tag_lines(LINES, tagger))
    backwards = list(tag_lines(reversed(LINES), tagger))
    assert together == backwards[::-1]


def test_offsets_are_code_points_and_ids_are_never_missing(tagger: Tagger) -> None:
    (answer,) = tag_lines([LINES[5]], tagger)
    (mention,) = answer["mentions"]
    assert (mention["start"], mention["end"], mention["text"]) == (10, 14, "Peru")
    assert mention["ids"] == ["geonames:3932488", "wikidata:Q419"]
    assert answer["countries"] == [{"code": "PE", "share": 1.0, "focus": True}]


def test_a_line_may_state_its_publishers_country(tagger: Tagger) -> None:
    line = '{"text": "La protesta sigue en La Rioja desde el lunes.", "country": "%s"}'
    argentine, spanish, wrong = tag_lines([line % code for code in ("ar", "ES", "XX")], tagger)
    assert [answer["mentions"][0]["country"] for answer in (argentine, spanish)] == ["AR", "ES"]
    assert wrong["error"].startswith("'country': must be a country of ISO 3166-1, in two letters")
