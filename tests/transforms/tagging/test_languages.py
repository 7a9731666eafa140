"""A country, a capital and a region of several countries are one name in every language."""

import unicodedata

import pytest

from transforms.tagging.sources.countries import demonyms_by_language
from transforms.tagging.tagger import Tagger

# "Japan sent a delegation to Cairo; the Middle East waits", in so many languages.
SENTENCES = {
    "ar": "أرسلت اليابان وفدا إلى القاهرة، والشرق الأوسط ينتظر.",
    "bg": "Япония изпрати делегация в Кайро, а Близкият изток чака.",
    "bn": "জাপান কায়রোতে প্রতিনিধিদল পাঠিয়েছে, মধ্যপ্রাচ্য অপেক্ষায়।",
    "ca": "El Japó va enviar una delegació a El Caire; l'Orient Mitjà espera.",
    "cs": "Japonsko vyslalo delegaci do města Káhira a Blízký východ čeká.",
    "da": "Japan sendte en delegation til Kairo, og Mellemøsten venter.",
    "de": "Japan schickte eine Delegation nach Kairo, und der Nahe Osten wartet.",
    "el": "Η Ιαπωνία έστειλε αντιπροσωπεία στο Κάιρο και η Μέση Ανατολή περιμένει.",
    "en": "Japan sent a delegation to Cairo, and the Middle East waits.",
    "es": "Japón envió una delegación a El Cairo y Oriente Medio espera.",
    "fa": "ژاپن هیئتی به قاهره فرستاد و خاورمیانه منتظر است.",
    "fi": "Japani lähetti valtuuskunnan, jonka kohde on Kairo, ja Lähi-itä odottaa.",
    "fr": "Le Japon a envoyé une délégation : Le Caire et le Moyen-Orient attendent.",
    "he": "יפן שלחה משלחת אל קהיר, והמזרח התיכון ממתין.",
    "hi": "जापान ने काहिरा में प्रतिनिधिमंडल भेजा, मध्य पूर्व इंतज़ार कर रहा है।",
    "hr": "Japan je poslao izaslanstvo u grad Kairo, a Bliski istok čeka.",
    "hu": "Japán küldöttséget indított, a cél Kairó, és a Közel-Kelet vár.",
    "hy": "Ճապոնիա և Կահիրե, Մերձավոր Արևելք։",
    "id": "Jepang mengirim delegasi ke Kairo dan Timur Tengah menunggu.",
    "it": "Il Giappone ha inviato una delegazione a Il Cairo e il Medio Oriente attende.",
    "ja": "日本はカイロに代表団を派遣し、中東は待っている。",
    "ka": "იაპონია, კაირო და ახლო აღმოსავლეთი.",
    "ko": "일본이 카이로에 대표단을 보냈고 중동은 기다린다.",
    "nb": "Japan sendte en delegasjon til Kairo, og Midtøsten venter.",
    "nl": "Japan stuurde een delegatie naar Caïro en het Midden-Oosten wacht.",
    "pl": "Japonia wysłała delegację do miasta Kair, a Bliski Wschód czeka.",
    "pt": "O Japão enviou uma delegação ao Cairo e o Médio Oriente espera.",
    "ro": "Japonia a trimis o delegație la Cairo, iar Orientul Mijlociu așteaptă.",
    "ru": "Япония направила делегацию в Каир, и Ближний Восток ждёт.",
    "sr": "Јапан је послао делегацију у Каиро, а Блиски исток чека.",
    "sv": "Japan skickade en delegation till Kairo, och Mellanöstern väntar.",
    "sw": "Japani ilituma ujumbe Kairo, na Mashariki ya Kati inasubiri.",
    "ta": "ஜப்பான் கெய்ரோ மத்திய கிழக்கு",
    "th": "ญี่ปุ่นส่งคณะผู้แทนไปไคโร ตะวันออกกลางรอคอย",
    "tr": "Japonya heyet gönderdi: Kahire ve Orta Doğu bekliyor.",
    "uk": "Японія надіслала делегацію в Каїр, і Близький Схід чекає.",
    "ur": "جاپان نے قاہرہ میں وفد بھیجا، مشرق وسطیٰ منتظر ہے۔",
    "vi": "Nhật Bản cử đoàn đến Cairo, Trung Đông chờ đợi.",
    "zh": "日本向开罗派出代表团，中东在等待。",
    "zh-Hant": "日本向開羅派出代表團，中東在等待。",
}


def test_there_are_thirty_languages_and_more() -> None:
    assert len({language.partition("-")[0] for language in SENTENCES}) >= 30


@pytest.mark.parametrize("language", SENTENCES)
def test_a_country_a_capital_and_a_region_are_found(tagger: Tagger, language: str) -> None:
    # Documents' texts are in NFC.
    tags = tagger.tag("", unicodedata.normalize("NFC", SENTENCES[language]), language, "")
    names = [mention.name for mention in tags.mentions]
    assert {"Japan", "Cairo", "Middle East"} <= set(names), names
    assert {"JP", "EG"} <= {country.code for country in tags.countries}
    assert "Middle East" in tags.macro_regions


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Die deutsche Regierung lud französische Diplomaten ein.", ["Germany", "France"]),
        ("Le président français a reçu la délégation russe.", ["France", "Russia"]),
        ("La policía colombiana detuvo a dos estadounidenses.", ["Colombia", "United States"]),
        ("Il governo tedesco e i ministri francesi.", ["Germany", "France"]),
        ("O governo brasileiro e os ministros russos.", ["Brazil", "Russia"]),
        ("De Duitse regering en de Oekraïense president.", ["Germany", "Ukraine"]),
        ("قال الرئيس الأمريكي لوفد سوري.", ["United States", "Syria"]),
        ("She set a china cup on the table.", []),
    ],
)
def test_words_for_a_people_give_its_country(tagger: Tagger, text: str, people: list[str]) -> None:
    found = tagger.tag("", text).mentions
    assert [(one.name, one.type) for one in found] == [(name, "NORP") for name in people]


def test_words_for_a_people_are_of_one_country() -> None:
    owners: dict[str, str] = {}
    for code, name in demonyms_by_language():
        assert owners.setdefault(name, code) == code, name


@pytest.mark.parametrize(
    ("text", "word", "name"),
    [
        ("القاهرة - قال الوزير.", "القاهرة", "Cairo"),
        ("السعودية: قمة في الرياض", "السعودية", "Saudi Arabia"),
        ("الرباط", "الرباط", "Rabat"),
    ],
)
def test_an_arabic_text_may_begin_with_an_article(
    tagger: Tagger, text: str, word: str, name: str
) -> None:
    mention = tagger.tag("", text, "ar").mentions[0]
    assert (mention.text, mention.name) == (word, name)


def test_korean_particles_end_the_word(tagger: Tagger) -> None:
    text = "미국에서도 한국인은 일본정부의 발표를 들었다."
    names = [mention.name for mention in tagger.tag("", text, "ko").mentions]
    assert names == ["United States", "South Korea", "Japan"]
    assert not tagger.tag("", "칠레이트 화합물", "ko").mentions  # chelate, not Chile
