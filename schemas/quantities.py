"""Durations and sizes as people write them in configuration files: `30s`, `5m`, `15MB`."""

import math
import re
from typing import Annotated

from pydantic import BeforeValidator

_DURATION = {"ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800}
_MORE_DURATION = {"days": 86400, "day": 86400, "months": 2_629_800, "month": 2_629_800}
_DAY = 86_400
_LONGEST = 36_525 * _DAY
_SIZE = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
# Beyond every duration and size; infinity and what is no number are not below it either.
_TOO_MUCH = 1e18
_QUANTITY = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]*)\s*")


def _read(value: object, units: dict[str, float], default: str, examples: str) -> float:
    if isinstance(value, bool):
        raise ValueError(f"must be a quantity such as {examples}, not {value!r}")
    if isinstance(value, int | float):
        quantity = value * units[default] if abs(value) < _TOO_MUCH else math.inf
    else:
        match = _QUANTITY.fullmatch(str(value))
        unit = (match[2].lower() or default) if match else ""
        quantity = float(match[1]) * units[unit] if match and unit in units else math.nan
    if not abs(quantity) < _TOO_MUCH:
        raise ValueError(f"must be a quantity such as {examples}, not {value!r}")
    return quantity


def parse_duration(value: object) -> float:
    """Reads `30s`, `5m`, `24h`, `7d`, `12months` or a number of seconds; gives seconds.

    Raises:
        ValueError: It is none, or over 100 years, which no date could be reckoned with.
    """
    seconds = _seconds(value)
    if seconds > _LONGEST:
        raise ValueError(f"must be at most 100 years, such as 30s, 5m, 24h or 7d, not {value!r}")
    return seconds


def parse_keep(value: object) -> float:
    """Reads how long documents are kept, which `run` deletes after: at least a day; in seconds."""
    seconds = _seconds(value)
    if _DAY <= seconds <= _LONGEST:
        return seconds
    match = _QUANTITY.fullmatch(str(value))
    if match and match[2].lower() == "m":
        raise ValueError(f"`{value}` is {match[1]} minutes; write `{match[1]}months`")
    raise ValueError(f"must be from 1d to 100 years, such as 90d or 12months, not {value!r}")


def _seconds(value: object) -> float:
    units: dict[str, float] = {**_DURATION, **_MORE_DURATION}
    return _read(value, units, "s", "30s, 5m, 24h or 7d")


def parse_size(value: object) -> int:
    """Reads `500KB`, `15MB`, `1GiB` or a number of bytes; gives bytes."""
    units: dict[str, float] = dict(_SIZE)
    return int(_read(value, units, "b", "500KB, 15MB or 1GiB"))


def require_order(shortest: float, longest: float) -> None:
    """Raises ValueError where the bounds of an interval are the wrong way round; seconds."""
    if shortest > longest:
        raise ValueError(f"min ({shortest:g} s) must not be longer than max ({longest:g} s)")


Seconds = Annotated[float, BeforeValidator(parse_duration)]
Keep = Annotated[float, BeforeValidator(parse_keep)]
Bytes = Annotated[int, BeforeValidator(parse_size)]
