"""What an answer's headers say about the next poll: validators, freshness, Retry-After."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_RETRY_AFTER_SECONDS = 86_400.0
"""A server may ask to be left alone for a day; a longer wish is cut, so no typing error of
theirs loses a feed for good."""

MAX_AGE_SECONDS = 10.0 * 365 * 86_400
_SECONDS = re.compile(r"[0-9]{1,18}")
_DIRECTIVE = re.compile(r'([a-z-]+)\s*(?:=\s*(?:"([^"]*)"|([^,\s]*)))?', re.IGNORECASE)


def validator(headers: Mapping[str, str], name: str) -> str:
    """Gives the ETag or Last-Modified as given, or "" if it could not be sent back as given."""
    value = headers.get(name, "")
    # Bytes that are no UTF-8 arrive as surrogates, which neither a store nor a request can hold.
    return value if value.isprintable() and not _has_surrogates(value) else ""


def _has_surrogates(value: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in value)


def http_date(value: str) -> datetime | None:
    """Reads a date in any of the three forms of RFC 9110, section 5.6.7; None if it is none."""
    try:
        parsed = parsedate_to_datetime(value.strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # HTTP dates are always UTC, whether or not they say so.
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Reads Retry-After (RFC 9110, section 10.2.3), in seconds or as a date.

    Returns:
        Seconds to wait, more than 0 and at most a day; None if the server names none.
    """
    value = headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(value):
        seconds = float(value)
    else:
        until = http_date(value)
        if until is None:
            return None
        seconds = (until - now).total_seconds()
    return min(seconds, MAX_RETRY_AFTER_SECONDS) if seconds > 0 else None


def max_age(headers: Mapping[str, str], now: datetime) -> float | None:
    """Says how long the answer stays fresh for a private cache (RFC 9111, section 4.2).

    `Cache-Control: max-age` goes before `Expires`; the time spent in caches on the way (`Age`)
    is taken off.

    Returns:
        Seconds, 0 for what is never or no longer fresh; None if the server says nothing.
    """
    directives = {
        match[1].lower(): match[2] if match[2] is not None else match[3] or ""
        for match in _DIRECTIVE.finditer(headers.get("Cache-Control", ""))
    }
    if "no-store" in directives or "no-cache" in directives:
        return 0.0
    if "max-age" in directives:
        lifetime = directives["max-age"]
        if not _SECONDS.fullmatch(lifetime):
            return 0.0
        return _bounded(float(lifetime) - _age(headers))
    expires = headers.get("Expires")
    if expires is None:
        return None
    until = http_date(expires)
    if until is None:
        # "0" above all: RFC 9111, section 5.3, has invalid dates mean the past.
        return 0.0
    since = http_date(headers.get("Date", "")) or now
    return _bounded((until - since).total_seconds() - _age(headers))


def _age(headers: Mapping[str, str]) -> float:
    value = headers.get("Age", "").strip()
    return float(value) if _SECONDS.fullmatch(value) else 0.0


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), MAX_AGE_SECONDS)
