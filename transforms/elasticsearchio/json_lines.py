"""Writes the lines of a bulk request as JSON, and says where something has no JSON."""

import json
from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from transforms.elasticsearchio.operations import UnfitOperationError

_MAX_PLACE_CHARS = 200


def to_json(value: Any) -> bytes:
    """Writes compact JSON; dates, decimal numbers and UUIDs as Elasticsearch's own client does.

    Raises:
        UnfitOperationError: There is no JSON for it (a NaN, bytes, half a surrogate pair); the
            text says for what, and where that is.
    """
    try:
        return _ENCODER.encode(value).encode()
    except UnicodeEncodeError as error:
        raise UnfitOperationError(
            f"text holds half a surrogate pair ({error.object[error.start : error.end]!r}), "
            f"which has no UTF-8 form{_place(value)}"
        ) from None
    except (TypeError, ValueError, RecursionError) as error:
        raise UnfitOperationError(
            f"the document cannot be written as JSON: {error}{_place(value)}"
        ) from None


def _plain(value: Any) -> Any:
    """Gives the JSON of what rows of databases hold beside JSON's own kinds of values."""
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


_ENCODER = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
)


def _place(value: Any) -> str:
    """Names the innermost part that cannot be written, "" where that is the whole."""
    place = ""
    while len(place) < _MAX_PLACE_CHARS:
        unfit = next(((name, part) for name, part in _parts(value) if not _fits(part)), None)
        if unfit is None:
            break
        place, value = place + unfit[0], unfit[1]
    return f" (at {place.removeprefix('.')[:_MAX_PLACE_CHARS]})" if place else ""


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from ((f".{name}", part) for name, part in value.items())
    elif isinstance(value, list | tuple):
        yield from ((f"[{number}]", part) for number, part in enumerate(value))


def _fits(part: Any) -> bool:
    try:
        _ENCODER.encode(part).encode()
    except (TypeError, ValueError, RecursionError):
        return False
    return True
