"""Dates of feeds to UTC."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.entry import Entry
from transforms.text.dates import parse_date, publication_date

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EIGHT = datetime(2024, 5, 3, 8, 0, tzinfo=UTC)
DAY = datetime(2024, 5, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("Fri, 03 May 2024 08:00:00 GMT", EIGHT),
        ("Fri, 03 May 2024 10:00:00 +0200", EIGHT),
        ("Fri, 3 May 2024 04:00 EDT", EIGHT),
        ("Fri, 3 May 24 03:00:00 EST", EIGHT),
        ("Friday, May 3, 2024 8:00 AM", EIGHT),
        ("2024-05-03T08:00:00Z", EIGHT),
        ("2024-05-03T13:30:00+05:30", EIGHT),
        ("2024-05-03T08:00:00", EIGHT),
        ("2024-05-03 08:00", EIGHT),
        ("20240503T080000Z", EIGHT),
        ("2024-05-03", DAY),
        ("03.05.2024", DAY),
        ("3 mai 2024 08:00", EIGHT),
        ("ven., 3 mai 2024 08:00:00 GMT", EIGHT),
        ("Fr, 03 Mai 2024 10:00:00 CEST", EIGHT),
        ("3. Mai 2024", DAY),
        ("viernes, 3 de mayo de 2024", DAY),
        ("3 мая 2024 11:00 MSK", EIGHT),
        ("3 maja 2024", DAY),
        ("3 Mayıs 2024", DAY),
        ("2024年5月3日 8:00", EIGHT),
        ("2024년 5월 3일", DAY),
        ("2024. 5. 3. 오전 8:00", EIGHT),
        ("2024-05-03 오후 08:00:00", EIGHT + timedelta(hours=12)),
        ("2024年5月3日 下午 8:00", EIGHT + timedelta(hours=12)),
        ("Fri,3 May 2024 17:0:0 GMT+9", EIGHT),
        ("Fri, 03 May 2024 10:00:00 UTC+0200", EIGHT),
        ("May 3, 2024 8:00 p.m.", EIGHT + timedelta(hours=12)),
        ("mar. 7 mai 2024 à 8h00", datetime(2024, 5, 7, 8, tzinfo=UTC)),
        ("Παρ, 03 Μαΐ 2024 11:00:00 EEST", EIGHT),
        ("3 toukokuuta 2024", DAY),
        ("3. května 2024", DAY),
        ("الجمعة، 3 مايو 2024", DAY),
        ("1714723200", EIGHT),
        ("1714723200000", EIGHT),
        ("1714723200.5", EIGHT),
        ("3 vnd 2024", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("", None),
        ("yesterday", None),
        ("May 3", None),
        ("2024-13-45", None),
        ("0001-01-01T00:00:00Z", None),
        ("3 May 2024 " + "x" * 200, None),
    ],
)
def test_forms(raw: str, moment: datetime | None) -> None:
    assert parse_date(raw, None) == moment


@pytest.mark.parametrize(
    ("raw", "misread", "moment"),
    [
        ("Fri, 03 May 2024 10:00:00 CEST", "2024-05-03T10:00Z", EIGHT),
        ("Fri, 03 May 2024 13:30:00 IST", "2024-05-03T13:30Z", EIGHT),
        ("Fri, 03 May 2024 08:00:00 PM GMT", "2024-05-03T08:00Z", EIGHT + timedelta(hours=12)),
        ("2024-05-03T13:30:00+0530", "2024-05-03T08:30Z", EIGHT),
        ("2024/05/03 08:00:00", "2024-05-01", EIGHT),
        ("2024年5月3日 8:00", "2024-05-01", EIGHT),
        ("03-05-2024 08:00", "2003-05-20", EIGHT),
        ("Sept. 3, 2024", "2024-03-01", datetime(2024, 9, 3, tzinfo=UTC)),
        ("Fri, 03 May 2024 08:00:00 GMT", "2024-05-03T08:00Z", EIGHT),
        ("one day", "2024-05-03T08:00Z", EIGHT),
    ],
)
def test_the_parsers_reading_gives_way_where_it_takes_half_of_a_date(
    raw: str, misread: str, moment: datetime
) -> None:
    assert parse_date(raw, datetime.fromisoformat(misread)) == moment


def test_the_parsers_reading_is_believed_and_turned_to_utc() -> None:
    east = datetime(2024, 5, 3, 10, tzinfo=timezone(timedelta(hours=2)))
    moment = parse_date("nonsense", east)
    assert (moment, moment.tzinfo if moment else None) == (EIGHT, UTC)


@pytest.mark.parametrize(
    ("entry", "moment"),
    [
        (Entry(published="2024-05-03T08:00Z", updated="2025-01-01"), EIGHT),
        (Entry(updated="2024-05-03T08:00Z"), EIGHT),
        (Entry(published="broken", updated="2024-05-03T08:00Z"), EIGHT),
        (Entry(published="2026-03-02T12:00:00Z"), NOW + timedelta(days=1)),
        (Entry(published="2026-03-02T12:00:01Z"), None),
        (Entry(published="2062-03-01", updated="2026-02-01"), None),
        (Entry(), None),
    ],
    ids=["published", "updated", "unreadable", "a day ahead", "beyond", "far ahead", "none"],
)
def test_publication_date(entry: Entry, moment: datetime | None) -> None:
    assert publication_date(entry, NOW) == moment


@given(st.text(max_size=60))
def test_any_text_is_a_date_in_utc_or_none(raw: str) -> None:
    moment = parse_date(raw, None)
    assert moment is None or moment.utcoffset() == timedelta(0)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_iso_dates_come_back(moment: datetime) -> None:
    assert parse_date(moment.isoformat(), None) == moment
