"""Parts the reports of one form that copies elsewhere would join: pure, whatever the order.

A paper that fills in one form twice (rates, a column, a series of notices) has two reports of it,
which are no copies of each other. A shortened or rewritten copy of one of them, in another paper,
is often half like the other, too. It belongs to the one that it is more like, and does not join
the two.
"""

from collections.abc import Iterable, Mapping

# Of the shorter text's shingles: what two documents of one paper must have in common.
MIN_CONTAINED_IN_ONE_PAPER = 0.8


def parted(papers: Mapping[str, str], likeness: Mapping[tuple[str, str], float]) -> list[list[str]]:
    """Gives the ids of documents in groups.

    Pairs so much alike that one paper's own would be copies are always in one group. Others join
    two groups, the pairs most alike first, unless a paper has documents in both.

    Args:
        papers: Each document's paper, by id; empty where it is unknown.
        likeness: How much of the shorter text is in the longer one, of each pair of copies.
    """
    groups = _Groups(papers)
    for pair in _pairs_by_likeness(likeness):
        if likeness[pair] >= MIN_CONTAINED_IN_ONE_PAPER or not groups.share_a_paper(*pair):
            groups.join(*pair)
    return groups.members()


def _pairs_by_likeness(likeness: Mapping[tuple[str, str], float]) -> Iterable[tuple[str, str]]:
    return sorted(likeness, key=lambda pair: (-likeness[pair], *sorted(pair)))


class _Groups:
    """Documents in groups: each at first in its own."""

    def __init__(self, papers: Mapping[str, str]) -> None:
        self._group = {key: key for key in sorted(papers)}
        self._members = {key: [key] for key in self._group}
        self._papers = {key: {papers[key]} - {""} for key in self._group}

    def share_a_paper(self, one: str, other: str) -> bool:
        first, second = self._group[one], self._group[other]
        return first != second and not self._papers[first].isdisjoint(self._papers[second])

    def join(self, one: str, other: str) -> None:
        first, second = self._group[one], self._group[other]
        if first == second:
            return
        if len(self._members[first]) < len(self._members[second]):
            first, second = second, first
        for key in self._members[second]:
            self._group[key] = first
        self._members[first] += self._members.pop(second)
        self._papers[first] |= self._papers.pop(second)

    def members(self) -> list[list[str]]:
        return sorted(sorted(keys) for keys in self._members.values())
