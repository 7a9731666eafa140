import random

import pytest

from transforms.stories.parting import parted

# Two reports of one form in the daily, each with copies elsewhere.
PAPERS = {
    "daily-1": "daily.example",
    "daily-2": "daily.example",
    "evening": "evening.example",
    "morning": "morning.example",
}
LIKENESS = {
    ("daily-1", "evening"): 0.7,
    ("daily-2", "evening"): 0.55,
    ("daily-2", "morning"): 0.9,
    ("evening", "morning"): 0.5,
}


@pytest.mark.parametrize("seed", range(6))
def test_a_copy_belongs_to_the_report_it_is_more_like_in_any_order(seed: int) -> None:
    pairs = [(tuple(random.Random(seed).sample(pair, 2)), like) for pair, like in LIKENESS.items()]
    random.Random(seed).shuffle(pairs)
    likeness = {(pair[0], pair[1]): like for pair, like in pairs}
    papers = dict(random.Random(seed).sample(sorted(PAPERS.items()), 4))
    assert parted(papers, likeness) == [["daily-1", "evening"], ["daily-2", "morning"]]


@pytest.mark.parametrize(
    "likeness",
    [
        {("daily-1", "daily-2"): 0.85, ("daily-2", "evening"): 0.6},
        {("daily-1", "evening"): 0.85, ("daily-2", "evening"): 0.95},
    ],
    ids=["one paper's own", "copies elsewhere of both"],
)
def test_pairs_as_alike_as_one_papers_own_are_joined(
    likeness: dict[tuple[str, str], float],
) -> None:
    papers = {key: PAPERS[key] for key in ("daily-1", "daily-2", "evening")}
    assert parted(papers, likeness) == [["daily-1", "daily-2", "evening"]]


def test_documents_of_unknown_papers_are_joined() -> None:
    assert parted(dict.fromkeys(PAPERS, ""), LIKENESS) == [sorted(PAPERS)]


def test_what_is_equally_alike_is_joined_by_id() -> None:
    likeness = {("daily-2", "evening"): 0.6, ("daily-1", "evening"): 0.6}
    papers = {key: PAPERS[key] for key in ("daily-1", "daily-2", "evening")}
    assert parted(papers, likeness) == [["daily-1", "evening"], ["daily-2"]]
