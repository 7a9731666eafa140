"""Dates of feeds to UTC: RFC 822, ISO 8601 and their relatives, localised names included."""

import re
from datetime import UTC, datetime, timedelta

from schemas.entry import Entry

# A date further ahead than this is a mistake (or an event's date), not when it was published.
MAX_AHEAD = timedelta(days=1)
_MAX_CHARS = 100
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
# RFC 822 section 5.1, and the abbreviations that news feeds use; hours east of UTC.
_ZONE_HOURS = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "IST": 5.5, "CET": 1,
    "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "SAST": 2, "EAT": 3, "WAT": 1,
    "GST": 4, "PKT": 5, "WIB": 7, "SGT": 8, "HKT": 8, "PHT": 8, "JST": 9, "KST": 9,
    "AWST": 8, "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "NST": -3.5, "NDT": -2.5, "AST": -4, "ADT": -3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5,
    "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "BRT": -3,
    "ART": -3,
}  # fmt: skip
# A T at the end of a date is no zone to anybody; dateutil would warn of it.
_ZONES = {"T": 0, **{name: int(hours * 3600) for name, hours in _ZONE_HOURS.items()}}
# Names of months that English does not share: French, German, Spanish, Italian, Portuguese,
# Dutch, Polish, Russian, Turkish, Indonesian, Swedish; whole words, full or cut, no full stop.
_MONTHS = {
    1: "janvier janv januar jän jänner enero ene gennaio gen janeiro januari stycznia января янв "
    "ocak",
    2: "février fevrier févr fév februar febrero febbraio fevereiro fev februari lutego февраля "
    "фев şubat",
    3: "mars märz maerz mär marzo março maart mrt marca марта мар mart maret",
    4: "avril avr abril abr aprile kwietnia апреля апр nisan",
    5: "mai mayo maggio mag maio mei maja мая mayıs maj",
    6: "juin juni junio giugno giu junho czerwca июня июн haziran",
    7: "juillet juil juli julio luglio lug julho lipca июля июл temmuz",
    8: "août aout agosto ago augustus sierpnia августа авг ağustos agustus augusti",
    9: "septembre septiembre settembre set setembro września сентября сен сент eylül",
    10: "octobre oktober okt octubre ottobre ott outubro out października октября окт ekim",
    11: "novembre noviembre novembro listopada ноября ноя kasım",
    12: "décembre decembre déc dezember dez diciembre dic dicembre dezembro desember grudnia "
    "декабря дек aralık",
}
_ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_MONTH_NAMES = {
    name: _ENGLISH[number - 1] for number, names in _MONTHS.items() for name in names.split()
}
_WORD = re.compile(r"[^\W\d_]+\.?")
_ENGLISH_WORD = re.compile(
    r"(?i)(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*|[ap]\.?m\.?|t"
)
_EAST_ASIAN = re.compile(
    r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?[^\d]{0,6}"
    r"(?:(\d{1,2})[:時时시]\s*(\d{1,2})?)?"
)
_DAY_FIRST = re.compile(r"\A\s*\d{1,2}[./]\d{1,2}[./]\d{4}")
_HAS_YEAR = re.compile(r"\d{4}|\d{1,2}[\s-][A-Za-z]{3}[\s-]\d{2}\b")


def parse_date(raw: str, parsed: datetime | None) -> datetime | None:
    """Reads a feed's date.

    Args:
        raw: As the feed gives it.
        parsed: The feed parser's own reading, if it had one; it is believed.

    Returns:
        The moment in UTC, or None where it cannot be read. A date without a zone is UTC; a zone
        that is wrong is not ours to correct.
    """
    moment = parsed
    if moment is None and raw and len(raw) <= _MAX_CHARS:
        moment = _iso(raw) or _east_asian(raw) or _any_form(raw)
    if moment is None:
        return None
    try:
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (OverflowError, ValueError):
        return None
    return moment if moment >= _EARLIEST else None


def publication_date(entry: Entry, now: datetime) -> datetime | None:
    """Gives when an entry was published: its date, else that of its last change.

    Args:
        entry: The entry.
        now: The time of the sight, or the present, UTC.

    Returns:
        UTC; None where there is no readable date or it lies more than a day ahead of `now`.
    """
    moment = stated_date(entry)
    return moment if moment is not None and moment <= now + MAX_AHEAD else None


def stated_date(entry: Entry) -> datetime | None:
    """Gives an entry's date, else that of its last change, whenever that is; None without one."""
    moment = parse_date(entry.published, entry.published_parsed)
    return moment if moment is not None else parse_date(entry.updated, entry.updated_parsed)


def _iso(raw: str) -> datetime | None:
    try:
        return datetime.fromisoformat(raw.strip())
    except ValueError:
        return None


def _east_asian(raw: str) -> datetime | None:
    match = _EAST_ASIAN.search(raw)
    if match is None:
        return None
    year, month, day, hour, minute = (int(group or 0) for group in match.groups())
    try:
        return datetime(year, month, day, hour, minute)
    except ValueError:
        return None


def _any_form(raw: str) -> datetime | None:
    # dateutil fills in what is missing from today: a date without a year is none.
    if _HAS_YEAR.search(raw) is None:
        return None
    from dateutil import parser

    try:
        return parser.parse(
            _WORD.sub(_in_english, raw.replace(" de ", " ")),
            tzinfos=_ZONES,
            dayfirst=_DAY_FIRST.match(raw) is not None,
            default=datetime(1, 1, 1),
        )
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None


def _in_english(match: re.Match[str]) -> str:
    """Gives a month's English name, a zone as it is, and nothing for the name of a day."""
    word = match[0].rstrip(".")
    month = _MONTH_NAMES.get(word.lower())
    if month is not None:
        return month
    if word.upper() in _ZONES or _ENGLISH_WORD.fullmatch(match[0]):
        return word
    return " "
