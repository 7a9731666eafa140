import random

from hypothesis import given
from hypothesis import strategies as st

from transforms.elasticsearch_protocol.retries import RetryPolicy


@given(attempts=st.integers(1, 500), seed=st.integers())
def test_waits_are_bounded_and_end(attempts: int, seed: int) -> None:
    policy = RetryPolicy(
        max_attempts=400, max_seconds=1_000, first_delay=0.5, max_delay=30, block_delay=15
    )
    rng = random.Random(seed)
    wait = policy.delay(attempts, 0.0, rng)
    if attempts >= 400:
        assert wait is None
    else:
        assert wait is not None
        assert 0 <= wait <= min(30, 0.5 * 2 ** min(attempts - 1, 60))
        blocked = policy.delay(attempts, 0.0, rng, blocked=True)
        assert blocked is not None
        assert 15 <= blocked <= 45


def test_no_wait_goes_beyond_the_end() -> None:
    policy = RetryPolicy(max_attempts=100, max_seconds=10)
    rng = random.Random(1)
    assert policy.delay(1, 10.1, rng) is None
    assert policy.delay(1, 0.0, rng, retry_after=7.0) == 7.0
    assert policy.delay(1, 0.0, rng, retry_after=11.0) is None
