import json

from transforms.tagging.jsonl import tag_lines
from transforms.tagging.tagger import Tagger

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
