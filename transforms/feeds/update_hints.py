"""What a feed document says of its own updates: ttl, sy:updatePeriod, skipHours, skipDays."""

import re
from collections.abc import Mapping
from typing import Any

_PERIOD_MINUTES = {
    "hourly": 60,
    "daily": 1440,
    "weekly": 10_080,
    "monthly": 43_200,
    "yearly": 525_600,
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOUR = re.compile(rb"<hour>\s*([0-9]{1,2})\s*</hour>", re.IGNORECASE)
_DAY = re.compile(rb"<day>\s*([a-z]{6,9})\s*</day>", re.IGNORECASE)
_NO_MARKUP = re.compile(rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)", re.S)
# 24 hours with their tags and generous spaces.
_MAX_LIST_BYTES = 4_000


def ttl_minutes(feed: Mapping[str, Any]) -> float | None:
    """Reads RSS `ttl` (minutes), else `sy:updatePeriod` / `sy:updateFrequency`.

    Sources: RSS 2.0, "ttl"; RDF Site Summary 1.0, module Syndication.

    Args:
        feed: The channel as feedparser gives it.
    """
    try:
        minutes = float(_text(feed, "ttl"))
        if 0 < minutes < 1e7:
            return minutes
    except ValueError:
        pass
    named, often = _text(feed, "sy_updateperiod").lower(), _text(feed, "sy_updatefrequency")
    # Each has a default, but who gives neither says nothing.
    period = _PERIOD_MINUTES.get(named or "daily")
    if period is None or not (named or often):
        return None
    try:
        frequency = float(often or 1)
    except ValueError:
        frequency = 1.0
    return period / frequency if 1 <= frequency < 1e7 else float(period)


def skip_lists(body: bytes) -> bytes:
    """Gives a body from the first `skipHours` or `skipDays` on; most have none, one look tells.

    Without comments and CDATA, in which they would be text.
    """
    if b"<skip" not in body:
        return b""
    markup = _NO_MARKUP.sub(b"", body)
    start = markup.find(b"<skip")
    return markup[start:] if start >= 0 else b""


def skipped_hours(body: bytes) -> list[int]:
    """Reads RSS `skipHours`: hours of the day, UTC, in which nobody need ask.

    RSS 0.91 counts from 1 to 24, RSS 2.0 from 0 to 23; 24 and 0 are the same hour. A list of all
    hours leaves none to ask in and is taken as none.
    """
    hours = {int(match[1]) % 24 for match in _listed(body, b"skipHours", _HOUR) if _is_hour(match)}
    return sorted(hours) if len(hours) < 24 else []


def skipped_days(body: bytes) -> list[int]:
    """Reads RSS `skipDays`: days, UTC, in which nobody need ask; Monday is 0."""
    names = {match[1].decode().lower() for match in _listed(body, b"skipDays", _DAY)}
    days = [number for number, name in enumerate(_DAYS) if name in names]
    return days if len(days) < len(_DAYS) else []


def _listed(body: bytes, element: bytes, item: re.Pattern[bytes]) -> list[re.Match[bytes]]:
    start = body.find(b"<" + element)
    if start < 0:
        start = body.find(b"<" + element.lower())
    if start < 0:
        return []
    part = body[start : start + _MAX_LIST_BYTES]
    return list(item.finditer(part.split(b"</" + part[1 : 1 + len(element)], 1)[0]))


def _is_hour(match: re.Match[bytes]) -> bool:
    return int(match[1]) <= 24


def _text(feed: Mapping[str, Any], name: str) -> str:
    value = feed.get(name)
    return value.strip() if isinstance(value, str) else ""
