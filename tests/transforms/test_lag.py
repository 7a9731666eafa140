"""Lag as counters, and percentiles out of them."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.lag import (
    LAG_BOUNDS_SECONDS,
    MILLISECONDS,
    lag_classes,
    lag_counters,
    lag_percentile,
)

LAGS = st.lists(st.floats(0, 10_000), min_size=1, max_size=200)


def counted(lags: list[float]) -> Counter[str]:
    counters: Counter[str] = Counter()
    for lag in lags:
        counters.update(lag_counters(lag))
    return counters


@given(LAGS)
def test_each_poll_is_in_one_class(lags: list[float]) -> None:
    classes = lag_classes(counted(lags))
    assert sum(count for _, count in classes) == len(lags)
    assert [bound for bound, _ in classes] == [*LAG_BOUNDS_SECONDS, float("inf")]
    assert counted(lags)[MILLISECONDS] == pytest.approx(1000 * sum(lags), abs=len(lags))


@given(LAGS, st.floats(0.01, 1))
def test_a_percentile_is_in_the_class_of_the_exact_one(lags: list[float], share: float) -> None:
    estimate = lag_percentile(counted(lags), share)
    ordered = sorted(lags)
    exact = ordered[min(len(lags) - 1, max(0, -int(-share * len(lags) // 1) - 1))]
    above = [bound for bound in LAG_BOUNDS_SECONDS if exact <= bound]
    upper = above[0] if above else LAG_BOUNDS_SECONDS[-1]
    below = [bound for bound in LAG_BOUNDS_SECONDS if bound < exact]
    assert estimate is not None
    assert (below[-1] if below else 0.0) - 0.001 <= estimate <= upper + 0.001


def test_without_a_due_poll_there_is_no_percentile() -> None:
    assert lag_percentile({}, 0.95) is None
