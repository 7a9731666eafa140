"""The one place that reads the clock; everything behind it is handed the time."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Gives the current time, UTC, with its zone."""
    return datetime.now(UTC)
