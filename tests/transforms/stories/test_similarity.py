from dataclasses import replace
from datetime import timedelta

import pytest

from tests.transforms.storage.sights import START
from tests.transforms.stories.reports import edited, report, with_new_lead
from transforms.stories.similarity import Text, likeness

TEXT = report(1)
FORM = (
    "The central bank said it provided the money market with {} million in assistance today, "
    "buying bank bills at {} percent, after it had forecast a shortage of {} million for the day, "
    "the same rate as on the day before and in line with what dealers had expected of it."
)


def text(body: str, title: str = "", paper: str = "") -> Text:
    return Text(title, body, paper)


def are_copies(one: Text, other: Text) -> bool:
    return likeness(one, other) > 0


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "make",
    [
        lambda body: edited(body, 0.05),
        lambda body: edited(body, 0.1),
        with_new_lead,
        lambda body: " ".join(body.split()[: int(0.6 * len(body.split()))]),
    ],
    ids=["5 % changed", "10 % changed", "new lead", "end cut off"],
)
def test_copies_and_rewrites_are_copies(seed: int, make) -> None:  # type: ignore[no-untyped-def]
    body = report(seed)
    assert are_copies(text(body), text(make(body)))
    assert are_copies(text(make(body)), text(body))


def test_other_reports_are_none() -> None:
    others = [text(report(seed)) for seed in range(2, 40)]
    assert not [other for other in others if are_copies(text(TEXT), other)]


def test_a_form_filled_in_with_other_figures_is_none() -> None:
    assert not are_copies(text(FORM.format(265, 9.875, 850)), text(FORM.format(224, 10.25, 700)))
    assert are_copies(text(FORM.format(265, 9.875, 850)), text(FORM.format(265, 9.875, 850)))


def test_figures_of_a_new_lead_tell_nothing() -> None:
    lead = "Of 7 readers of this paper who wrote in 2024, 5 had seen no more than 3 of 9 pages."
    words = FORM.format(265, 9.875, 850).split()
    assert are_copies(text(" ".join(words)), text(" ".join(words[:40])))
    assert are_copies(text(" ".join(words)), text(f"{lead} {' '.join(words[20:])}"))


def test_a_paragraph_that_two_texts_share_is_not_enough() -> None:
    shared = report(7, sentences=4)
    assert not are_copies(text(f"{report(8, 20)} {shared}"), text(f"{report(9, 20)} {shared}"))


def test_one_paper_repeats_its_phrases_but_not_its_reports() -> None:
    near = edited(TEXT, 0.1)
    assert are_copies(text(TEXT, paper="a.example"), text(near, paper="b.example"))
    assert not are_copies(text(TEXT, paper="a.example"), text(near, paper="a.example"))
    assert are_copies(text(TEXT, paper="a.example"), text(TEXT, paper="a.example"))


def test_short_texts_are_copies_only_when_equal_title_included() -> None:
    assert are_copies(text("Rain fell.", "Rain"), text("RAIN FELL.", "rain"))
    assert not are_copies(text("Rain fell.", "Rain"), text("Rain fell.", "Floods"))


def test_a_papers_column_is_another_one_the_next_day() -> None:
    today = Text("Five things to know this morning", "", "p.example", START)
    assert are_copies(today, replace(today, published=START + timedelta(hours=5)))
    assert not are_copies(today, replace(today, published=START + timedelta(hours=23)))
    elsewhere = replace(today, paper="q.example")
    assert are_copies(today, replace(elsewhere, published=START + timedelta(hours=23)))


STUB = (
    "This is a breaking news story. It will be updated with more information as soon as it becomes "
    "available. Please refresh the page for the fullest version."
)
PODCAST = (
    "Valley Talk is the daily podcast of Valley Radio, with news and talk for the valley and the "
    "hills, every weekday at seven. It is presented by Ada Example and produced by Ben Example."
)
TENDER = (
    "The Ministry invites sealed bids for {}. Documents may be obtained from its office on payment "
    "of a fee. Bids must be delivered to the address below on or before the closing date, and late "
    "bids will be rejected. The Ministry is not bound to accept the lowest or any bid."
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (text(STUB, "Bridge collapses in Aldwick"), text(STUB, "Minister resigns over grant")),
        (
            text(f"Today a farmer speaks of rain. {PODCAST}", "Rain and what it brings"),
            text(f"Today we talk of the new school. {PODCAST}", "A school for Norbury"),
        ),
        (
            text(TENDER.format("the repair of the road to Aldwick"), "Road repair"),
            text(TENDER.format("a new roof for the school of Norbury"), "School roof"),
        ),
    ],
    ids=["stub", "podcast", "tenders"],
)
def test_texts_of_one_form_under_headlines_of_their_own_are_none(one: Text, other: Text) -> None:
    one, other = replace(one, paper="p.example"), replace(other, paper="p.example")
    assert not are_copies(one, other)
    assert not are_copies(other, one)


DEATH = (
    "{}, {}, of {}, died peacefully at home on Monday, surrounded by family. A member of the "
    "parish church for many years, {} will be greatly missed. Visitation will be held at Lane "
    "Funeral Home from four to seven on Friday, and a service will follow at the church. "
    "In lieu of flowers, donations may be made to the hospice."
)
RESULT = (
    "{} beat {} on Saturday in front of {} spectators. {} scored the winner ten minutes from time. "
    "The referee had to stop the match twice because of heavy rain, and both coaches said "
    "afterwards that the pitch had been barely playable. Tickets for the next round go on sale on "
    "Thursday."
)
FOOTER = (
    "The Valley papers are independent and owned by their readers. Sign up to our newsletter and "
    "get the five stories that you need to know every day. To report a mistake or send us a story, "
    "write to the news desk. Photographs may not be reproduced without permission."
)
LIVE = (
    "Follow live updates as {} face {} in the cup. Our reporters bring you every goal, card and "
    "talking point. Refresh the page for the latest, and tell us what you think in the comments "
    "below. Live coverage begins an hour before kick-off."
)


@pytest.mark.parametrize("papers", [("p.example", "p.example"), ("p.example", "q.example")])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            text(DEATH.format("Harold Weaver", 81, "Aldwick", "Harold"), "Harold Weaver"),
            text(DEATH.format("Mary Tanner", 77, "Norbury", "Mary"), "Mary Tanner"),
        ),
        (
            text(RESULT.format("Aldwick", "Norbury", "4,120", "Lane"), "Aldwick beat Norbury"),
            text(RESULT.format("Thornby", "Milford", "3,870", "Webb"), "Thornby through at last"),
        ),
        (
            text(f"The bridge over the Lune will close for repairs. {FOOTER}", "Bridge to close"),
            text(f"A man has been charged with the theft of sheep. {FOOTER}", "Sheep theft charge"),
        ),
        (
            text(LIVE.format("Aldwick", "Norbury"), "Aldwick v Norbury: live"),
            text(LIVE.format("Thornby", "Milford"), "Thornby v Milford: live"),
        ),
    ],
    ids=["deaths", "results", "footer", "live"],
)
def test_papers_of_one_house_fill_in_one_form(
    one: Text, other: Text, papers: tuple[str, str]
) -> None:
    one, other = replace(one, paper=papers[0]), replace(other, paper=papers[1])
    assert not are_copies(one, other)
    assert not are_copies(other, one)


WIRE = (
    "ALDWICK (Wire) - The council of Aldwick voted on Monday to sell the old harbour to a group of "
    "investors for 12 million crowns, ending a dispute that has lasted three years. The mayor, Ada "
    "Lane, said the money would be spent on schools. 'We could not wait any longer,' she told "
    "reporters after the vote. The opposition said the price was too low and that it would go to "
    "court. The harbour, built in 1881, has not been used since a storm destroyed its pier in "
    "2009. Some 40 fishermen still keep their boats there. The investors plan a hotel "
    "with 120 rooms."
)


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Old harbour sold", WIRE.removeprefix("ALDWICK (Wire) - ")),
        ("Aldwick: Hafen verkauft", f"{WIRE} (Reporting by Ben Webb; editing by Eve Ross)"),
        ("CORRECTED: Aldwick sells harbour", f"(Corrects price to 12 million from 21) {WIRE}"),
        ("Aldwick sells harbour", WIRE.replace("12 million", "21 million").replace("40", "14")),
        ("Money for schools", " ".join(WIRE.split()[:45])),
        ("Investors get their harbour", f"It is done, after three years. {WIRE[150:]}"),
    ],
    ids=["no dateline", "credit", "correction", "figures corrected", "shortened", "new lead"],
)
def test_a_wire_report_is_one_however_papers_treat_it(title: str, body: str) -> None:
    assert are_copies(text(WIRE, "Aldwick sells old harbour"), text(body, title))


def test_a_copy_may_have_another_headline() -> None:
    body = (
        "A bus and a lorry collided on the coast road near Aldwick on Monday, police said. The "
        "driver of the bus was taken to hospital with a broken leg, and the road was closed."
    )
    first = text(body, "Bus and lorry collide near Aldwick", "p.example")
    for paper in ("p.example", "q.example"):
        assert are_copies(first, text(body, "Coast road closed after crash", paper))
        assert are_copies(first, text(body, "Driver in hospital", paper))
    assert are_copies(text(STUB, "一つの橋", "p.example"), text(STUB, "二つの道", "p.example"))
