"""How long a run waits, and when it gives up."""

import pytest

from pipeline.pauses import rounds_put_off


@pytest.mark.parametrize(
    ("polls", "put_off", "count"), [(2, 2, 3), (3, 2, 1)], ids=["none_ended", "one_ended"]
)
def test_rounds_in_which_no_poll_ends_are_counted(polls: int, put_off: int, count: int) -> None:
    assert rounds_put_off(2, polls, put_off) == count
