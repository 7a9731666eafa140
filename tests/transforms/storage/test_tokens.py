"""The tokens are those of a real server's `standard` analyzer, whatever the script."""

import json
import urllib.request

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.storage.tokens import (
    Token,
    lower,
    segmented,
    standard_tokens,
    token_spans,
    without_segmented,
)

CASES = {
    "english": ("The Fed's 2.5% rise, U.S.-wide: it’s on.", "the fed's 2.5 rise u.s wide it’s on"),
    "numbers": ("1,000.50 3;4 5:6 a1b2 1_000 007", "1,000.50 3;4 5 6 a1b2 1_000 007"),
    "mid letters": ("foo:bar a·b x.y.z ‘q’ rock'n'roll", "foo:bar a·b x.y.z q rock'n'roll"),
    "underscores": ("_a_ __ b__c _1_x", "_a_ b__c _1_x"),
    "han and hiragana": ("東京でワールドカップ", "東 京 で ワールドカップ"),
    "iteration mark": ("人々", "人 々"),
    "hangul": ("대한민국 서울", "대한민국 서울"),
    "thai stays whole": ("ภาษาไทย ง่าย", "ภาษาไทย ง่าย"),
    "khmer and myanmar": ("ភាសាខ្មែរ မြန်မာ ພາສາ", "ភាសាខ្មែរ မြန်မာ ພາສາ"),
    "hebrew quotes": ('צה"ל ג\'ורג\' א"ב"ג', "צה\"ל ג'ורג' א\"ב ג"),
    "arabic": ("قال الرئيس، ١٢٣٫٤", "قال الرئيس ١٢٣٫٤"),
    "emoji": ("go 👨‍👩‍👧!🇬🇧🇫🇷 #️⃣ 👍🏽", "go 👨‍👩‍👧 🇬🇧 🇫🇷 #️⃣ 👍🏽"),
    "case": ("ΟΔΟΣ İstanbul STRASSE ẞ Ǆ", "οδοσ istanbul strasse ß ǆ"),
    "combining": ("e\u0301cole na\u00efve", "e\u0301cole na\u00efve"),
    "nothing": (" \u200b – …!", ""),
}


@pytest.mark.parametrize(("text", "tokens"), CASES.values(), ids=CASES)
def test_known_texts(text: str, tokens: str) -> None:
    assert standard_tokens(text) == tokens.split()


@pytest.mark.parametrize("letter", ["x", "é", "𝒜"])
def test_long_words_are_cut(letter: str) -> None:
    units = 2 if letter == "𝒜" else 1
    tokens = standard_tokens(letter * 300 + " end")
    assert tokens[0] == letter.lower() * (255 // units)
    assert "".join(tokens) == letter.lower() * 300 + "end"


def test_spans_stand_where_the_tokens_are() -> None:
    text = "Über 人 😀 it’s"
    assert list(token_spans(text)) == [
        Token("über", 0, 4),
        Token("人", 5, 6),
        Token("😀", 7, 8),
        Token("it’s", 9, 13),
    ]


def test_lower_maps_character_by_character() -> None:
    assert lower("ΣΑΣ İ") == "σασ i"


@pytest.mark.parametrize(
    ("text", "clusters"),
    [
        ("no such script, naïve 東京 한국어", ""),
        ("ราคา gold ง่าย", "ร า ค า ง่ า ย"),
        ("ຂ່າວ, ស្រុក", "ຂ່ າ ວ ស្រុ ក"),
    ],
    ids=["none", "thai", "lao and khmer"],
)
def test_segmented(text: str, clusters: str) -> None:
    expected = clusters if "ស" not in clusters else segmented("ຂ່າວ") + " " + segmented("ស្រុក")
    assert segmented(text) == expected


def test_segmented_words_are_part_of_their_sentence() -> None:
    sentence = " " + segmented("รัฐบาลไทยประกาศ") + " "
    assert " " + segmented("ไทย") + " " in sentence


def test_without_segmented_keeps_the_rest() -> None:
    assert standard_tokens(without_segmented("ราคาgold ง่าย 12")) == ["gold", "12"]


# Characters from every class that the rules name, and some that bind them together.
_ALPHABET = st.one_of(
    st.sampled_from("aZé1٣９_'\".,:;·’ ‿-#*©™〰\n"),
    st.sampled_from("אבΣİßǄ人々〇あゝアｱー가ᄀกัເခខ្"),
    st.sampled_from("\u0301\u00ad\u200b\u200c\u200d\ufe0e\ufe0f\u20e3\U000e0067\U000e007f"),
    st.sampled_from("😀👨🏽🇬ℹⓂ🅰㊙🈁🀄🫠𝒜𠀀"),
    st.characters(exclude_categories=("Cs", "Cn", "Co")),
)


class TestAgainstServer:
    """The tokens of one request must stay under `index.analyze.max_token_count` (10000)."""

    @pytest.fixture(autouse=True)
    def _server(self, elasticsearch_url: str) -> None:
        self.url = elasticsearch_url

    def analyze(self, texts: list[str]) -> list[str]:
        request = urllib.request.Request(
            f"{self.url}/_analyze",
            json.dumps({"analyzer": "standard", "text": texts}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return [token["token"] for token in json.load(answer)["tokens"]]

    def test_known_texts(self) -> None:
        texts = [text for text, _ in CASES.values()] + ["x" * 700, "é" * 300, "𝒜" * 200]
        assert self.analyze(texts) == [t for text in texts for t in standard_tokens(text)]

    @pytest.mark.parametrize("plane", [0, 1, 2, 14])
    def test_every_character_between_letters_and_digits(self, plane: int) -> None:
        codes = [c for c in range(plane << 16, (plane + 1) << 16) if not 0xD800 <= c <= 0xDFFF]
        if plane == 2:
            codes = codes[::50]
        for start in range(0, len(codes), 1000):
            text = " ".join(
                f"{chr(c)} a{chr(c)}b 1{chr(c)}2 ." for c in codes[start : start + 1000]
            )
            assert self.analyze([text]) == standard_tokens(text)

    @settings(
        max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(st.lists(st.text(_ALPHABET, max_size=12), min_size=20, max_size=60))
    def test_any_text(self, texts: list[str]) -> None:
        assert self.analyze(texts) == [t for text in texts for t in standard_tokens(text)]

    @settings(
        max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(st.text(st.sampled_from("aé'.א\"1_😀𝒜\u0301\u200d"), min_size=240, max_size=600))
    def test_long_words(self, text: str) -> None:
        assert self.analyze([text]) == standard_tokens(text)
