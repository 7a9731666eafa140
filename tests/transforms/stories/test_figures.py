import pytest

from transforms.stories.figures import have_other_figures, places_of

WEATHER = (
    "Today {} degrees are expected at the coast and {} in the hills. Wind from the west at {} km "
    "an hour. Water temperature {} degrees. The sun rises at {} and sets at {}."
)
TOLL = (
    "A storm killed {} people and injured {} in Aldwick on 12 May, police said. It tore the roofs "
    "off {} houses and left 4,000 without power for 36 hours. The last one, in 1987, killed 9."
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            WEATHER.format(21, 17, 30, 15, "5:12", "20:48"),
            WEATHER.format(19, 14, 45, 15, "5:14", "20:46"),
        ),
        ("Aldwick beat Norbury by 3 goals to 1.", "Aldwick beat Norbury by 2 goals to 0."),
        ("上证指数报3012点，上涨15点。", "上证指数报2987点，上涨9点。"),
    ],
    ids=["weather", "a result", "a script without spaces"],
)
def test_a_form_has_other_figures_in_the_same_places(one: str, other: str) -> None:
    assert have_other_figures(places_of(one), places_of(other))
    assert have_other_figures(places_of(other), places_of(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (TOLL.format(12, 30, 45), TOLL.format(21, 30, 45)),
        (TOLL.format(12, 30, 45), TOLL.format(14, 41, 45)),
        (TOLL.format(12, 30, 45), "On page 2: 3 photos, 5 maps. " + TOLL.format(12, 30, 45)[:80]),
        (TOLL.format(12, 30, "1,450"), TOLL.format(12, 30, "1.450")),
        ("No figures at all.", TOLL.format(12, 30, 45)),
        ("Lottery: 4, 8, 15, 16, 23", "Lottery: 4 8 15 16 23"),
    ],
    ids=["correction", "update", "cut under a new lead", "house style", "none", "separators"],
)
def test_a_copy_keeps_its_figures(one: str, other: str) -> None:
    assert not have_other_figures(places_of(one), places_of(other))
    assert not have_other_figures(places_of(other), places_of(one))
