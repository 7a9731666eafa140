"""What feedparser's records hold, read so that no surprise in a feed costs more than itself."""

from collections.abc import Callable, Mapping
from typing import Any

# FeedParserDict's own `get` answers `updated` with `published`, and warns.
value_of: Callable[[Any, str], Any] = dict.get


def text_of(record: Mapping[str, Any], key: str) -> str:
    """Gives a record's text; "" where there is none."""
    value = value_of(record, key)
    return value if isinstance(value, str) else ""


def records_of(record: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """Gives the records that a record holds in a list; none where there is no list."""
    value = value_of(record, key)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
