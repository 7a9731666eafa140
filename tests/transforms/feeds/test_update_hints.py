"""What a feed document says of its own updates."""

import pytest

from transforms.feeds.parsing import parse_feed
from transforms.feeds.update_hints import skipped_days, skipped_hours, ttl_minutes

RSS = (
    '<rss version="2.0"><channel><title>Paper</title>{hints}'
    "<item><title>One</title><link>https://paper.example/1</link></item></channel></rss>"
)


@pytest.mark.parametrize("path", ["fast", "safe"])
def test_a_channels_skipped_hours_and_days_are_read(path: str) -> None:
    hints = (
        "<skipHours><hour>0</hour><hour> 23 </hour></skipHours>"
        "<skipDays><day>Saturday</day><day>sunday</day></skipDays>"
    )
    body = RSS.format(hints=hints).encode()
    parsed = parse_feed(body, url="https://paper.example/feed", path=path)  # type: ignore[arg-type]
    assert (parsed.skip_hours, parsed.skip_days) == ([0, 23], [5, 6])


@pytest.mark.parametrize(
    ("listed", "hours"),
    [
        ("<skipHours><hour>24</hour><hour>1</hour></skipHours>", [0, 1]),
        ("<skiphours><hour>7</hour></skiphours>", [7]),
        ("<skipHours><hour>25</hour><hour>-1</hour><hour>x</hour></skipHours>", []),
        ("<skipHours></skipHours><hour>3</hour>", []),
        ("<skipHours>" + "".join(f"<hour>{n}</hour>" for n in range(24)) + "</skipHours>", []),
        ("", []),
    ],
    ids=["of_0_91", "lower_case", "no_hours", "outside", "all", "none"],
)
def test_skipped_hours(listed: str, hours: list[int]) -> None:
    assert skipped_hours(listed.encode()) == hours


def test_what_stands_in_comments_and_texts_is_no_wish() -> None:
    hints = (
        "<description><![CDATA[<skipHours><hour>5</hour></skipHours>]]></description>"
        "<skipHours><!-- <hour>9</hour> --><hour>08</hour></skipHours>"
        "<!-- <skipDays><day>Monday</day></skipDays> -->"
    )
    parsed = parse_feed(RSS.format(hints=hints).encode(), url="https://paper.example/feed")
    assert (parsed.skip_hours, parsed.skip_days) == ([8], [])


@pytest.mark.parametrize(
    ("ttl", "period", "frequency", "minutes"),
    [
        ("90", "daily", "", 90),
        ("0", "hourly", "2", 30),
        ("", "hourly", "", 60),
        ("", "hourly", "120", 0.5),
        ("", "", "4", 360),
        ("", "fortnightly", "4", None),
        ("", "weekly", "0", 10_080),
        ("", "weekly", "nan", 10_080),
        ("", "", "", None),
    ],
)
def test_how_often_a_channel_says_that_it_changes(
    ttl: str, period: str, frequency: str, minutes: float | None
) -> None:
    named = {"ttl": ttl, "sy_updateperiod": period, "sy_updatefrequency": frequency}
    assert ttl_minutes({name: value for name, value in named.items() if value}) == minutes


def test_skipping_every_day_is_no_wish_that_can_be_met() -> None:
    names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    days = "".join(f"<day>{name}</day>" for name in names)
    assert skipped_days(f"<skipDays>{days}</skipDays>".encode()) == []
    assert skipped_days(b"<skipDays><day>Someday</day></skipDays>") == []
