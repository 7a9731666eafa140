"""The model of many processes that `benchmarks.simulation` plays."""

import pytest

from benchmarks.polling_notes import NotedRound, line_through, percentile, round_curve
from benchmarks.simulated_load import Costs, Load, Rules
from benchmarks.simulated_polling import Simulation
from benchmarks.simulation import costs_of, fewest_workers
from benchmarks.usage import Usage, growth_by_round

CHEAP = Costs(((0.0, 0.1), (100.0, 0.5)), claim_seconds=0.02, claim_host_seconds=0.001)
# Some 24 answers a second at the most.
COSTLY = Costs(((0.0, 0.1), (10.0, 0.5)), claim_seconds=0.02, claim_host_seconds=0.001)


@pytest.mark.parametrize("workers", [1, 4])
def test_every_feed_is_polled_once_in_its_interval(workers: int) -> None:
    load = Load(1_000, interval=100.0)
    result = Simulation(load, Rules(workers=workers), CHEAP).run(100.0, 1_000.0)
    # An interval lasts from one answer to the next due time, so a poll takes a little more.
    assert 0.96 * 10 < len(result.lags) / result.seconds <= 10
    assert min(result.lags) >= 0


def test_a_host_that_answers_slowly_holds_up_its_own_feeds_alone() -> None:
    slow = Load(100, feeds_per_host=50, slow_share=1.0, hang_share=0.0, slow_seconds=5.0)
    result = Simulation(slow, Rules(), CHEAP).run(300.0, 3_000.0)
    # 50 answers of 5 s fill 250 of the 300 s: some are due while another one is asked for.
    waits = percentile(result.lags, 0.95)
    many = Load(100, feeds_per_host=1, slow_share=1.0, hang_share=0.0, slow_seconds=5.0)
    assert waits > 5 * percentile(Simulation(many, Rules(), CHEAP).run(300.0, 3_000.0).lags, 0.99)


def test_what_is_too_much_for_one_process_is_not_for_two() -> None:
    load = Load(1_000, interval=30.0)
    one = Simulation(load, Rules(workers=1), COSTLY).run(60.0, 240.0)
    two = Simulation(load, Rules(workers=2), COSTLY).run(60.0, 240.0)
    assert one.busy > 0.99
    assert percentile(one.lags, 0.5) > 2 * percentile(two.lags, 0.5)
    assert fewest_workers(Load(1_000, interval=60.0), COSTLY)[0] == 1
    assert 2 <= fewest_workers(load, COSTLY)[0] <= 4


def test_the_same_seed_gives_the_same_run() -> None:
    runs = [Simulation(Load(500), Rules(), CHEAP, seed=7).run(60.0, 300.0) for _ in range(2)]
    assert runs[0] == runs[1]


def test_a_rounds_costs_lie_on_a_line_between_what_was_measured() -> None:
    light = {
        "round_curve": [[0.0, 0.2, 9], [1.0, 0.3, 9], [60.0, 9.0, 1]],
        "polls_begun_per_second": 3.0,
        "claim_seconds": 1.0,
        "claim_seconds_per_host": 1.0,
    }
    heavy = {
        "round_curve": [[1.0, 0.5, 9], [101.0, 1.4, 20]],
        "polls_begun_per_second": 80.0,
        "claim_seconds": 0.1,
        "claim_seconds_per_host": 0.002,
    }
    costs = costs_of([light, heavy])
    assert [point[0] for point in costs.round_curve] == [0.0, 1.0, 101.0]
    assert costs.round_seconds(1) == pytest.approx(0.4)
    assert (costs.claim_seconds, costs.claim_host_seconds) == (0.1, 0.002)
    assert costs.round_seconds(51) == pytest.approx(0.9)
    assert costs.round_seconds(201) == pytest.approx(2.4)
    assert costs.round_seconds(0) == pytest.approx(0.2)


def test_rounds_are_summed_up_by_powers_of_two() -> None:
    rounds = [NotedRound(0.0, busy, answers) for busy, answers in ((1, 0), (2, 2), (4, 3), (5, 4))]
    assert round_curve(rounds) == [(0.0, 1.0, 1), (2.5, 3.0, 2), (4.0, 5.0, 1)]


def test_a_line_through_points_tells_what_is_fixed() -> None:
    assert line_through([(0, 1), (2, 2), (4, 3)]) == (1.0, 0.5)
    assert line_through([(3, 6), (3, 6)]) == (0.0, 2.0)


def test_growth_of_memory_is_told_from_its_later_rounds_alone() -> None:
    rounds = [NotedRound(begun=float(second), busy=0.1, answers=1) for second in range(100)]
    settling = [
        Usage(at=second + 0.5, cpu=0.0, memory=0.0, own_memory=min(second, 20))
        for second in range(100)
    ]
    assert growth_by_round(settling, rounds) == (80, 0.0, 0.0)
    growing = [
        Usage(at=second + 0.5, cpu=0.0, memory=0.0, own_memory=0.002 * second)
        for second in range(100)
    ]
    looked_at, growth, _ = growth_by_round(growing, rounds)
    assert (looked_at, round(growth, 9)) == (80, 2.0)
