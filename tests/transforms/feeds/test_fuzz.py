"""Mutated documents, texts, addresses and dates: what must hold of each outcome."""

import random

import pytest

from benchmarks.fuzz import Target, fuzz, problem, targets
from benchmarks.mutations import mutated

# About a minute of one core together; `python -m benchmarks.fuzz` goes on for as long as you like.
INPUTS = {"document": 20_000, "text": 40_000, "address": 60_000, "date": 20_000}


@pytest.mark.parametrize("target", targets([]), ids=lambda target: target.name)
def test_what_must_hold_of_any_input(target: Target) -> None:
    rng = random.Random(20260301)
    for _ in range(INPUTS[target.name]):
        data, wrong = fuzz(target, rng)
        assert not wrong, f"{wrong}\n{data!r}"


def test_a_wrong_outcome_is_found_and_so_is_what_is_raised() -> None:
    def check(data: bytes) -> str:
        if b"x" in data:
            raise ValueError("an x")
        return "a y" if b"y" in data else ""

    target = Target("letters", [b"xyz"], check)
    assert [problem(target, data) for data in (b"", b"y", b"x")] == ["", "a y", "ValueError: an x"]


def test_the_same_seed_makes_the_same_inputs() -> None:
    seeds = [b"<rss><item/></rss>", b"<feed/>"]
    one, other = (
        [mutated(seeds, rng) for _ in range(50)] for rng in (random.Random(1), random.Random(1))
    )
    assert one == other
    assert len(set(one)) > 25
