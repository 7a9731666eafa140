"""A source of ticks without an end, that costs a runner nothing however long it runs."""

import math
import sys
import time
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.io.flink.flink_streaming_impulse_source import FlinkStreamingImpulseSource
from apache_beam.io.restriction_trackers import OffsetRange, OffsetRestrictionTracker
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.transforms.core import RestrictionProvider
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import Duration, Timestamp

# Flink cuts delays to whole seconds, and Beam takes from them what has passed since they were
# asked for: without this, one second would become none.
MARGIN_SECONDS = 0.25


class Ticks(beam.PTransform):
    """Gives the time, again and again.

    A tick comes when the one before has been worked on and an interval has passed; ticks missed in
    an outage are not made up for, as Beam's `PeriodicImpulse` does.

    Args:
        seconds: Between two ticks, a whole number.
        on_flink: Takes Flink's own source. Flink registers a state of its own for every pause of a
            splittable source and never forgets it: 1.9 KB a tick, and `PeriodicImpulse`, which it
            resumes without a pause for up to a second before each tick, leaves 15 KB.

    Output: seconds since the epoch (`float`).
    """

    def __init__(self, seconds: int, *, on_flink: bool = False) -> None:
        super().__init__()
        self._seconds = seconds
        self._on_flink = on_flink

    def expand(self, begin: Any) -> beam.PCollection:
        """Adds the source."""
        if self._on_flink:
            impulses = begin | "Impulse" >> FlinkStreamingImpulseSource().set_interval_ms(
                1_000 * self._seconds
            )
            tick = _StampFn(self._seconds)
        else:
            impulses = begin | "Impulse" >> beam.Impulse()
            tick = _TickFn(self._seconds)
        return impulses | "Tick" >> beam.ParDo(tick).with_output_types(float)


class _StampFn(beam.DoFn):
    """Passes over impulses that have piled up behind slow work, several of which come at once."""

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds
        self._last = -math.inf

    def process(self, _impulse: bytes) -> Iterator[TimestampedValue]:
        now = time.monotonic()
        if now - self._last < self._seconds / 2:
            return
        self._last = now
        yield TimestampedValue(time.time(), time.time())


class _Endless(RestrictionProvider):
    def initial_restriction(self, _element: bytes) -> OffsetRange:
        return OffsetRange(0, sys.maxsize)

    def create_tracker(self, restriction: OffsetRange) -> OffsetRestrictionTracker:
        return OffsetRestrictionTracker(restriction)

    def restriction_size(self, _element: bytes, _restriction: OffsetRange) -> int:
        return 1

    def truncate(self, _element: bytes, _restriction: OffsetRange) -> None:
        """Ends the source where a job is drained."""


class _TickFn(beam.DoFn):
    def __init__(self, seconds: int) -> None:
        self._seconds = seconds

    @beam.DoFn.unbounded_per_element()
    def process(
        self,
        _impulse: bytes,
        tracker: Any = beam.DoFn.RestrictionParam(_Endless()),
        watermark: Any = beam.DoFn.WatermarkEstimatorParam(
            ManualWatermarkEstimator.default_provider()
        ),
    ) -> Iterator[TimestampedValue]:
        if not tracker.try_claim(tracker.current_restriction().start):
            return
        now = Timestamp(time.time())
        before = watermark.current_watermark()
        watermark.set_watermark(now if before is None else max(now, before))
        yield TimestampedValue(float(now), now)
        tracker.defer_remainder(Duration(self._seconds + MARGIN_SECONDS))
