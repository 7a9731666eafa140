import pytest

from transforms.tagging.east_asian_names import is_hyphenated_given_name
from transforms.tagging.person_signs import is_spoken_of_as_person
from transforms.tagging.tagger import Tagger

ROLES = frozenset({"lawyer", "magistrate"})


@pytest.mark.parametrize(
    ("text", "name", "person"),
    [
        ("Tuvak Brimsel said no.", "Tuvak Brimsel", True),
        ("“No,” said Tuvak Brimsel.", "Tuvak Brimsel", True),
        ("Tuvak Brimsel, 43, fled.", "Tuvak Brimsel", True),
        ("Tuvak Brimsel, who fled, wept.", "Tuvak Brimsel", True),
        ("Tuvak Brimsel, a lawyer, wept.", "Tuvak Brimsel", True),
        ("A magistrate, Tuvak Brimsel, agreed.", "Tuvak Brimsel", True),
        ("The Brimsel Report said no.", "Brimsel Report", False),
        ("The mayor of Velk, Tuvak Brimsel, said no.", "Tuvak Brimsel", True),
        ("Tuvak Brimsel burned down.", "Tuvak Brimsel", False),
        ("“No,” said Tuvak Brimsel of the union.", "Tuvak Brimsel", True),
        ("The mayor said Tuvak Brimsel families need help.", "Tuvak Brimsel", False),
        ("She said Tuvak Brimsel and two other towns lie idle.", "Tuvak Brimsel", False),
        ("He said Tuvak Brimsel, Ormund and Velk will pay.", "Tuvak Brimsel", False),
        ("That is wrong, said Tuvak Brimsel leaders.", "Tuvak Brimsel", False),
    ],
)
def test_signs_beside_a_name_tell_a_person(text: str, name: str, person: bool) -> None:
    start = text.index(name)
    assert is_spoken_of_as_person(text, start, start + len(name), ROLES) is person


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Susan Brackwell won. Her brother Orrin Valdt Brackwell wept.",
         ["Susan Brackwell", "Orrin Valdt Brackwell"]),
        ("President Abdel Fattah El-Sisi flew home; Al-Sisi slept.", ["Abdel Fattah el-Sissi"]),
        ("Mr. Brimsel wept. Later Mr. Brimsel left.", ["Brimsel"]),
        ("Defense Minister Thandiwe Mokgosi met Nomvula Xabani.",
         ["Thandiwe Mokgosi", "Nomvula Xabani"]),
        ("Secretary of the Treasury Zed Okonwa resigned.", ["Zed Okonwa"]),
    ],
)  # fmt: skip
def test_people_of_many_names_are_found_whole(tagger: Tagger, text: str, people: list[str]) -> None:
    assert list(tagger.tag("", text).people) == people


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Actress Nam Joo-hyuk sang; Nam bowed.", ["Nam Joo-hyuk"]),
        ("A mayor, Cheng Ngai-yee, agreed.", ["Cheng Ngai-yee"]),
        ("A judge, Sun Ruiwen, agreed. Sun left.", ["Sun Ruiwen"]),
        ("Troops and Seoul China-backed units met.", []),
        ("He Googled it.", []),
    ],
)
def test_the_family_name_may_come_first(tagger: Tagger, text: str, people: list[str]) -> None:
    assert list(tagger.tag("", text).people) == people


@pytest.mark.parametrize(
    ("word", "is_given_name"),
    [("Jae-in", True), ("Ying-wen", True), ("Sze-wai", True), ("China-led", False),
     ("X-ray", False), ("jae-in", False), ("Jae-In", False)],
)  # fmt: skip
def test_given_names_of_two_syllables_are_told(word: str, is_given_name: bool) -> None:
    assert is_hyphenated_given_name(word) is is_given_name


def test_a_name_that_a_small_town_has_too_may_be_a_persons(tagger: Tagger) -> None:
    tags = tagger.tag("", "A lawyer, Orrin Cordele, spoke for the family.")
    assert tags.people == ("Orrin Cordele",)


def test_words_shortened_to_capitals_are_an_organisation(tagger: Tagger) -> None:
    tags = tagger.tag("", "Zemblan Coffee Roasters (ZECORO) hired guards. ZECORO paid.")
    assert tags.organizations == ("Zemblan Coffee Roasters",)


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Texans waited; Ohioans did not.", "Texans", "US"),
        ("Catalans voted.", "Catalans", "ES"),
        ("Tibetan monks prayed.", "Tibetan", "CN"),
    ],
)
def test_the_people_of_a_division_speak_for_its_country(
    tagger: Tagger, text: str, name: str, country: str
) -> None:
    mention = next(m for m in tagger.tag("", text).mentions if m.text == name)
    assert (mention.type, mention.country) == ("NORP", country)
    assert mention.location is not None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jackson Brellow went home. It was late, Brellow said.", "Jackson Brellow"),
        ("QN Ubrand came. He was late, Ubrand said.", "QN Ubrand"),
        ("The case of Cheyenne Odrell was heard. Justice Odrell left.", "Cheyenne Odrell"),
    ],
    ids=["a-town-as-first-name", "initials", "behind-a-title"],
)
def test_a_last_name_that_is_spoken_of_as_a_persons_explains_the_full_one(
    tagger: Tagger, text: str, name: str
) -> None:
    assert tagger.tag("", text).people == (name,)


def test_a_town_before_a_word_that_nobody_speaks_of_as_a_person_stays_a_town(
    tagger: Tagger,
) -> None:
    tags = tagger.tag("", "Fans of Jackson Brellows came from far. Brellows won in the end.")
    assert tags.people == ()


def test_who_is_for_or_against_somebody_names_them(tagger: Tagger) -> None:
    tags = tagger.tag(
        "", "Orrin Cordele lost. The anti-Cordele vote won, his pro-Cordele mayors said."
    )
    texts = [mention.text for mention in tags.mentions if mention.type == "PERSON"]
    assert texts == ["Orrin Cordele", "Cordele", "Cordele"]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Coroner Orrin Velk agreed.", ["Orrin Velk"]),
        ("Const. Orrin Velk and Supt. Tuvak Brimsel came.", ["Orrin Velk", "Tuvak Brimsel"]),
        ("Labour MP Orrin Velk met Insp Tuvak Brimsel.", ["Orrin Velk", "Tuvak Brimsel"]),
        ("The Rev Fr Orrin Velk prayed.", ["Orrin Velk"]),
        ("Gubernur Orrin Velk datang.", ["Orrin Velk"]),
        ("Vizekanzler Orrin Velk sprach.", ["Orrin Velk"]),
        ("Mr. London wept.", ["London"]),
    ],
    ids=["coroner", "dotted", "parliament", "clergy", "indonesian", "german", "town-behind-mr"],
)
def test_a_title_is_no_part_of_the_name(tagger: Tagger, text: str, people: list[str]) -> None:
    assert list(tagger.tag("", text).people) == people


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("Party leader Naomi Long left. It was over, Long said.", ["Naomi Long", "Long"]),
        ("Susan Black wept.", ["Susan Black"]),
        ("The nurse Susan March wept.", ["Susan March"]),
        ("They saw Susan March north.", []),
        ("Susan Long Beach homes.", []),
    ],
    ids=["role", "sure", "month-behind-role", "month", "longer"],
)
def test_a_family_name_may_be_an_ordinary_word(tagger: Tagger, text: str, texts: list[str]) -> None:
    mentions = tagger.tag("", text).mentions
    assert [one.text for one in mentions if one.type == "PERSON"] == texts


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Madison Houston won the race. Houston has raised funds.", ["Madison Houston"]),
        ("Phoenix Brooks said he was glad.", ["Phoenix Brooks"]),
        ("The singer Paris Jackson left.", ["Paris Jackson"]),
        ("Trains from Paris London bound ran late.", []),
        ("Offices in Madison, Houston and Paris closed.", []),
    ],
    ids=["family-name-alone", "speech", "role", "no-sign", "list"],
)
def test_two_towns_in_a_row_may_be_a_person(tagger: Tagger, text: str, people: list[str]) -> None:
    assert list(tagger.tag("", text).people) == people


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("The farmer Juan dela Cruz wept.", ["Juan dela Cruz"]),
        ("The farmer Juan de la Cruz wept.", ["Juan de la Cruz"]),
        ("King Osei Tutu II wept.", ["Osei Tutu II"]),
        ("Later Relebohile Velkani wept.", ["Relebohile Velkani"]),
    ],
    ids=["dela", "de-la", "numeral", "regional-first-name"],
)
def test_small_words_and_numerals_belong_to_a_name(
    tagger: Tagger, text: str, people: list[str]
) -> None:
    assert list(tagger.tag("", text).people) == people


def test_a_country_is_no_family_name_of_a_doubtful_person(tagger: Tagger) -> None:
    text = (
        "The rum of Ron Cuba sold well. This is the worst harvest that Cuba has seen in the "
        "hundred years since the first mill was built there."
    )
    found = {(m.start, m.text, m.type) for m in tagger.tag("", text, "en").mentions}
    assert (text.index("Cuba has"), "Cuba", "GPE") in found
