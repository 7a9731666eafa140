import pytest

from schemas.codes import country_code, language_tag


@pytest.mark.parametrize("code", ["GB", "gb", "NO", "AQ", "XK", "SS"])
def test_a_country_is_given_in_capitals(code: str) -> None:
    assert country_code(code) == code.upper()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("UK", "write GB"),
        ("Kenya", "write KE"),
        ("su", "such as GB"),
        ("XX", "such as GB"),
        ("EU", "such as GB"),
        ("ZZ", "such as GB"),
    ],
)
def test_what_is_no_country_is_refused(text: str, hint: str) -> None:
    with pytest.raises(ValueError, match=f"ISO 3166-1.*{hint}"):
        country_code(text)


@pytest.mark.parametrize(
    "tag",
    [
        *("en", "EN-us", "pt-BR", "zh-Hant-TW", "zh-yue", "gsw", "de-1996", "sl-rozaj-biske"),
        *("es-419", "en-u-ca-buddhist", "x-whatever", "no", "iw", "de-CH-x-phonebk"),
    ],
)
def test_a_language_stays_as_it_is(tag: str) -> None:
    assert language_tag(tag) == tag


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("english", "write en"),
        ("Brazilian Portuguese", "write pt-BR"),
        ("en_GB", "write en-GB"),
        ("jp", "write ja"),
        ("unknown", "such as en"),
        ("qq", "such as en"),
        ("en-", "such as en"),
    ],
)
def test_what_is_no_language_is_refused(text: str, hint: str) -> None:
    with pytest.raises(ValueError, match=f"BCP 47.*{hint}"):
        language_tag(text)
