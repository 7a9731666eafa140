"""What an answer's headers say about the next poll: validators, freshness, Retry-After."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from multidict import MultiMapping

MAX_RETRY_AFTER_SECONDS = 86_400.0
"""A server may ask to be left alone for a day; a longer wish is cut, so no typing error of
theirs loses a feed for good."""

MAX_AGE_SECONDS = 10.0 * 365 * 86_400
# What "greater than can be represented" counts as (RFC 9111, section 1.2.2).
_MOST_SECONDS = 2.0**31
_SECONDS = re.compile(r"[0-9]+")
_DIRECTIVE = re.compile(r'([a-z-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^,\s]*)))?', re.IGNORECASE)
# Control characters, and the surrogates as which bytes arrive that are no UTF-8: aiohttp sends
# UTF-8 alone, so such an ETag (RFC 9110, section 8.8.3, permits it) cannot go back as given.
_NOT_SENT = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


def validator(headers: MultiMapping[str], name: str) -> str:
    """Gives the ETag or Last-Modified as given, or "" if it could not be sent back as given."""
    value = headers.get(name, "")
    return "" if _NOT_SENT.search(value) else value


def http_date(value: str) -> datetime | None:
    """Reads a date in any of the three forms of RFC 9110, section 5.6.7; None if it is none."""
    try:
        parsed = parsedate_to_datetime(value.strip())
        # HTTP dates are always UTC, whether or not they say so.
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def retry_after(headers: MultiMapping[str], now: datetime) -> float | None:
    """Reads Retry-After (RFC 9110, section 10.2.3), in seconds or as a date.

    A date is the server's, so it counts from the answer's own `Date`: its clock may be wrong.

    Returns:
        Seconds to wait, more than 0 and at most a day; None if the server names none.
    """
    value = headers.get("Retry-After", "")
    seconds = _seconds(value)
    if seconds is None:
        until = http_date(value)
        if until is None:
            return None
        seconds = _seconds_until(until, headers, now)
    return min(seconds, MAX_RETRY_AFTER_SECONDS) if seconds > 0 else None


def max_age(headers: MultiMapping[str], now: datetime) -> float | None:
    """Says how long the answer stays fresh for a private cache (RFC 9111, section 4.2).

    `Cache-Control: max-age` goes before `Expires`, and the first of several before the others
    (section 4.2.1); the time spent in caches on the way (`Age`) is taken off.

    Returns:
        Seconds, 0 for what is never or no longer fresh; None if the server says nothing.
    """
    directives: dict[str, str] = {}
    for match in _DIRECTIVE.finditer(",".join(headers.getall("Cache-Control", []))):
        value = match[2] if match[2] is not None else match[3] or ""
        directives.setdefault(match[1].lower(), value)
    if "no-store" in directives or "no-cache" in directives:
        return 0.0
    if "max-age" in directives:
        lifetime = _seconds(directives["max-age"])
        return 0.0 if lifetime is None else _bounded(lifetime - _age(headers))
    expires = headers.get("Expires")
    if expires is None:
        return None
    until = http_date(expires)
    if until is None:
        # "0" above all: RFC 9111, section 5.3, has invalid dates mean the past.
        return 0.0
    return _bounded(_seconds_until(until, headers, now))


def _seconds_until(until: datetime, headers: MultiMapping[str], now: datetime) -> float:
    """Counts by the server's clock, from when it made the answer, what is left by now."""
    since = http_date(headers.get("Date", "")) or now
    return (until - since).total_seconds() - _age(headers)


def _age(headers: MultiMapping[str]) -> float:
    # Of a list, the first (RFC 9111, section 5.1).
    return _seconds(headers.get("Age", "").partition(",")[0]) or 0.0


def _seconds(value: str) -> float | None:
    """Reads a number of seconds, however large; None if it is none."""
    value = value.strip()
    return min(float(value), _MOST_SECONDS) if _SECONDS.fullmatch(value) else None


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), MAX_AGE_SECONDS)
