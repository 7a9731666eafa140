"""How late polls are, as counters: a histogram that runners can sum and Prometheus can read."""

from collections.abc import Mapping

LAG_BOUNDS_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0)
"""Upper bounds of the classes; what is later is in a last one without a bound."""

MILLISECONDS = "lag_milliseconds"
_LATER = "lag_later"


def lag_counters(seconds: float) -> dict[str, int]:
    """Gives what one poll's lag adds to the counters."""
    bound = next((bound for bound in LAG_BOUNDS_SECONDS if seconds <= bound), None)
    return {
        _LATER if bound is None else _name(bound): 1,
        MILLISECONDS: round(seconds * 1000),
    }


def lag_classes(counters: Mapping[str, int]) -> list[tuple[float, int]]:
    """Gives the classes' upper bounds, infinity last, with the polls in each alone."""
    bounded = [(bound, counters.get(_name(bound), 0)) for bound in LAG_BOUNDS_SECONDS]
    return [*bounded, (float("inf"), counters.get(_LATER, 0))]


def lag_percentile(counters: Mapping[str, int], share: float) -> float | None:
    """Gives the seconds that `share` of the polls do not exceed, None where none was due.

    Within a class polls are taken as spread evenly, as Prometheus' `histogram_quantile` does; of
    the last class only its lower bound is known.
    """
    classes = lag_classes(counters)
    total = sum(count for _, count in classes)
    if not total:
        return None
    wanted, below, lower = share * total, 0, 0.0
    for bound, count in classes:
        if count and below + count >= wanted:
            if bound == float("inf"):
                return lower
            return round(lower + (bound - lower) * max(wanted - below, 0.0) / count, 3)
        below, lower = below + count, bound
    return lower


def _name(bound: float) -> str:
    return f"lag_up_to_{bound:g}"
