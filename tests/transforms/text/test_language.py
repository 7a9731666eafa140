"""The language of a text."""

import pytest

from transforms.text.language import detect_language, primary_code

SENTENCES = {
    "en": "The council agreed on Monday to repair the old bridge before the winter storms arrive.",
    "de": "Der Stadtrat beschloss am Montag, die alte Brücke vor den Winterstürmen zu reparieren.",
    "fr": "Le conseil municipal a décidé lundi de réparer le vieux pont avant les tempêtes.",
    "es": "El ayuntamiento decidió el lunes reparar el viejo puente antes de las tormentas.",
    "ru": "Городской совет решил в понедельник отремонтировать старый мост до зимних бурь.",
    "uk": "Міська рада вирішила в понеділок відремонтувати старий міст до зимових бур.",
    "ar": "قرر مجلس المدينة يوم الاثنين إصلاح الجسر القديم قبل عواصف الشتاء.",
    "fa": "شورای شهر روز دوشنبه تصمیم گرفت پل قدیمی را پیش از توفان‌های زمستانی تعمیر کند.",
    "hi": "नगर परिषद ने सोमवार को सर्दियों से पहले पुराने पुल की मरम्मत करने का फैसला किया।",
    "ja": "市議会は月曜日、冬の嵐の前に古い橋を修理することを決めた。",
    "zh": "市议会周一决定在冬季风暴来临之前修复旧桥。",
    "ko": "시의회는 월요일 겨울 폭풍이 오기 전에 낡은 다리를 수리하기로 결정했다.",
    "th": "สภาเมืองตัดสินใจเมื่อวันจันทร์ที่จะซ่อมแซมสะพานเก่า",
    "el": "Το δημοτικό συμβούλιο αποφάσισε τη Δευτέρα να επισκευάσει την παλιά γέφυρα.",
}


@pytest.mark.parametrize("code", SENTENCES)
def test_sentences_are_recognised_even_against_a_wrong_hint(code: str) -> None:
    assert detect_language(SENTENCES[code]) == code
    assert detect_language(SENTENCES[code], hint="en-GB" if code != "en" else "ja") == code


@pytest.mark.parametrize("text", ["", "12 : 3", "…", "https://paper.example/the-old-bridge", "Xq"])
def test_unsure_is_und(text: str) -> None:
    assert detect_language(text) == "und"


def test_a_short_text_follows_its_hint() -> None:
    assert detect_language("Final", hint="es") == "es"
    assert detect_language("Final", hint="pt-BR") == "pt"


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en-GB", "en"), ("pt_BR", "pt"), ("iw", "he"), ("und", ""), ("english", ""), ("", "")],
)
def test_primary_code(tag: str, code: str) -> None:
    assert primary_code(tag) == code
