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
# Names of months that English does not share: French, German, Spanish, Italian, Portuguese, Dutch,
# Polish, Czech, Russian, Ukrainian, Greek, Turkish, Indonesian, the Nordic languages and Arabic;
# whole words, full or cut, no full stop.
_MONTHS = {
    1: "janvier janv januar jän jänner enero ene gennaio gen janeiro januari stycznia ledna января "
    "янв січня ιαν ιανουαρίου ocak tammikuuta يناير",
    2: "février fevrier févr fév februar febrero febbraio fevereiro fev februari lutego února "
    "февраля фев лютого φεβ φεβρουαρίου şubat helmikuuta فبراير",
    3: "mars märz maerz mär marzo março maart mrt marca března марта мар березня μαρ μαρτίου mart "
    "maret maaliskuuta مارس",
    4: "avril avr abril abr aprile kwietnia dubna апреля апр квітня απρ απριλίου nisan huhtikuuta "
    "أبريل ابريل",
    5: "mai mayo maggio mag maio mei maja května мая травня μαΐ μαϊ μαΐου mayıs maj toukokuuta "
    "مايو",
    6: "juin juni junio giugno giu junho czerwca června июня июн червня ιούν ιουν ιουνίου haziran "
    "kesäkuuta يونيو",
    7: "juillet juil juli julio luglio lug julho lipca července июля июл липня ιούλ ιουλ ιουλίου "
    "temmuz heinäkuuta يوليو",
    8: "août aout agosto ago augustus sierpnia srpna августа авг серпня αύγ αυγ αυγούστου ağustos "
    "agustus augusti elokuuta أغسطس اغسطس",
    9: "septembre septiembre settembre set setembro września září сентября сен сент вересня σεπ "
    "σεπτεμβρίου eylül syyskuuta سبتمبر",
    10: "octobre oktober okt octubre ottobre ott outubro out października října октября окт жовтня "
    "οκτ οκτωβρίου ekim lokakuuta أكتوبر اكتوبر",
    11: "novembre noviembre novembro listopada listopadu ноября ноя листопада νοέ νοε νοεμβρίου "
    "kasım marraskuuta نوفمبر",
    12: "décembre decembre déc dezember dez diciembre dic dicembre dezembro desember grudnia "
    "prosince декабря дек грудня δεκ δεκεμβρίου aralık joulukuuta ديسمبر",
}
_ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_MONTH_NAMES = {
    name: _ENGLISH[number - 1] for number, names in _MONTHS.items() for name in names.split()
}
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
# The forms in which nearly all dates come, which the feed parser reads rightly. Of others it takes
# what it knows: "2026/11/30" is the first of a month to it, and CET, PM and "+0530" are nothing.
_USUAL = re.compile(
    rf"\s*(?:(?:[a-z]{{3,9}},? )?\d\d? {_MONTH} (?:\d{{4}}|\d\d) \d\d?:\d\d(?::\d\d)?"
    r"(?: (?:[+-]\d\d:?\d\d|gmt|utc?|z|[ecmp][sd]t))?"
    r"|\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:\d\d)?)?)\s*",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+\.?")
_ENGLISH_WORD = re.compile(rf"(?i){_MONTH}|[ap]m|t")
_EAST_ASIAN = re.compile(
    r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?([^\d]{0,8})"
    r"(?:(\d{1,2})[:時时시]\s*(\d{1,2})?)?"
)
_AFTERNOON = re.compile("오후|下午|午後")
# What dateutil is to find in a form of its own: the half of the day before the hour, dots between
# the numbers of an East Asian date, an hour with "h", "p.m.", "GMT+2".
_REWRITTEN = (
    (re.compile(r"(?:오전|上午|午前)\s*(\d{1,2}:\d\d(?::\d\d)?)"), r"\1 AM"),
    (re.compile(r"(?:오후|下午|午後)\s*(\d{1,2}:\d\d(?::\d\d)?)"), r"\1 PM"),
    (re.compile(r"\b(\d{4})\.\s*(\d{1,2})\.\s*(\d{1,2})\b\.?"), r"\1-\2-\3"),
    (re.compile(r"(?<=\d)\s?h\s?(?=\d\d\b)"), ":"),
    (re.compile(r"(?i)\b([ap])\.?\s?m\b\.?"), r"\1m"),
    (re.compile(r"(?i)\b(?:GMT|UTC?)\s?(?=[+-]\d)"), ""),
    (re.compile(r"\bde\b|،"), " "),
)
_DAY_FIRST = re.compile(r"(?:[^\W\d_]+\.?,?\s+)?\d{1,2}[./-]\d{1,2}[./-]\d{4}")
_HAS_YEAR = re.compile(r"\d{4}|\d{1,2}[\s-][A-Za-z]{3}[\s-]\d{2}\b")
_HAS_MONTH = re.compile(rf"(?i)\b{_MONTH}\b|\d[./-]\s?\d{{1,2}}[./-]\s?\d|\d{{8}}")
# "Mar" before a number is Tuesday where another month follows.
_FIRST_WORD = re.compile(r"\s*[^\W\d_]+\.?,?\s+(?=\d)")
# Seconds since 1970, or thousandths of them, from 2001 to 2030.
_EPOCH = re.compile(r"\s*(1\d{9})(?:\d{3})?(?:\.\d*)?\s*")
_ZERO = datetime(1970, 1, 1, tzinfo=UTC)


def parse_date(raw: str, parsed: datetime | None) -> datetime | None:
    """Reads a feed's date.

    Args:
        raw: As the feed gives it.
        parsed: The feed parser's own reading, if it had one: believed of the usual forms, and
            where nothing better is known.

    Returns:
        The moment in UTC, or None where it cannot be read or is the zero of a clock (the start of
        1970). A date without a zone is UTC; a zone that is wrong is not ours to correct.
    """
    moment = parsed
    if raw and len(raw) <= _MAX_CHARS and (parsed is None or not _USUAL.fullmatch(raw)):
        moment = _iso(raw) or _epoch(raw) or _east_asian(raw) or _any_form(raw) or parsed
    if moment is None:
        return None
    try:
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (OverflowError, ValueError):
        return None
    return moment if moment >= _EARLIEST and moment != _ZERO else None


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


def _epoch(raw: str) -> datetime | None:
    match = _EPOCH.fullmatch(raw)
    return datetime.fromtimestamp(int(match[1]), UTC) if match is not None else None


def _east_asian(raw: str) -> datetime | None:
    match = _EAST_ASIAN.search(raw)
    if match is None:
        return None
    year, month, day, hour, minute = (int(match[group] or 0) for group in (1, 2, 3, 5, 6))
    if hour < 12 and _AFTERNOON.search(match[4]):
        hour += 12
    try:
        return datetime(year, month, day, hour, minute)
    except ValueError:
        return None


def _any_form(raw: str) -> datetime | None:
    # dateutil fills in what is missing: a date without a year or a month is none.
    if _HAS_YEAR.search(raw) is None:
        return None
    for pattern, form in _REWRITTEN:
        raw = pattern.sub(form, raw)
    text = _WORD.sub(_in_english, raw)
    rest = _FIRST_WORD.sub("", text, count=1)
    text = rest if _HAS_MONTH.search(rest) else text
    if _HAS_MONTH.search(text) is None:
        return None
    from dateutil import parser

    try:
        return parser.parse(
            text,
            tzinfos=_ZONES,
            dayfirst=_DAY_FIRST.match(raw.lstrip()) is not None,
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
    if word.upper() in _ZONES or _ENGLISH_WORD.fullmatch(word):
        return word
    return " "
