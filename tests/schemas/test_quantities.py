from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.quantities import parse_duration, parse_size


@pytest.mark.parametrize(
    ("given_as", "seconds"),
    [("250ms", 0.25), ("1.5 h", 5400), ("12months", 31_557_600), (90, 90), ("36525d", 3.15576e9)],
)
def test_a_duration_is_read_in_seconds(given_as: Any, seconds: float) -> None:
    assert parse_duration(given_as) == seconds


@pytest.mark.parametrize(("given_as", "size"), [("500KB", 500_000), ("1GiB", 2**30), (7, 7)])
def test_a_size_is_read_in_bytes(given_as: Any, size: int) -> None:
    assert parse_size(given_as) == size


@pytest.mark.parametrize("read", [parse_duration, parse_size])
@pytest.mark.parametrize("given_as", ["soon", "5 parsecs", "", None, True, [], float("nan")])
def test_what_is_no_quantity_is_refused(read: Any, given_as: Any) -> None:
    with pytest.raises(ValueError, match="must be a quantity such as"):
        read(given_as)


@given(
    st.one_of(st.floats(), st.integers(), st.from_regex(r"[0-9]{1,400}(s|d|w|)", fullmatch=True))
)
def test_every_duration_can_be_added_to_a_date(given_as: Any) -> None:
    try:
        seconds = parse_duration(given_as)
    except ValueError:
        return
    datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=max(seconds, 0))


@given(
    st.one_of(st.floats(), st.integers(), st.from_regex(r"[0-9]{1,400}(kb|GB|)", fullmatch=True))
)
def test_every_size_is_a_whole_number_or_is_refused(given_as: Any) -> None:
    try:
        size = parse_size(given_as)
    except ValueError:
        return
    assert isinstance(size, int)
