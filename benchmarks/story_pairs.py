"""What the stories of documents say of each pair of them, against what is known."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations

from benchmarks.made_texts import OTHERS


@dataclass
class Judged:
    """Pairs of documents that were joined.

    Attributes:
        right: Pairs with a made document that are copies of one article.
        wrong: Pairs with a made document that are not.
        natural: Pairs of articles, of which nothing is known.
        recall: The share of the copies that were joined to their article, by kind.
        misled: Wrong pairs by the kinds of the documents in them that are no copies.
    """

    right: int = 0
    wrong: list[tuple[str, str]] = field(default_factory=list)
    natural: list[tuple[str, str]] = field(default_factory=list)
    recall: dict[str, float] = field(default_factory=dict)
    misled: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(OTHERS, 0)))

    @property
    def precision(self) -> float:
        """The share of the right ones among the pairs with a made document."""
        known = self.right + len(self.wrong)
        return self.right / known if known else 1.0


def judge(
    found: Mapping[str, str],
    origin: Mapping[str, str],
    kinds: Mapping[str, str],
    others: Mapping[str, str],
) -> Judged:
    """Counts pairs.

    Args:
        found: Each document's story.
        origin: The article that a document is, or is a copy of.
        kinds: Of the copies.
        others: Kinds of the made documents that are no copies.
    """
    judged = Judged()
    members: dict[str, list[str]] = defaultdict(list)
    for key, story in found.items():
        members[story].append(key)
    for keys in members.values():
        for one, other in combinations(sorted(keys), 2):
            made_ones = [key for key in (one, other) if key in kinds or key in others]
            if not made_ones:
                judged.natural.append((one, other))
            elif origin[one] == origin[other]:
                judged.right += 1
            else:
                judged.wrong.append((one, other))
                judged.misled.update(others[key] for key in made_ones if key in others)
    joined = Counter(kinds[key] for key in kinds if found[key] == found[origin[key]])
    made = Counter(kinds.values())
    judged.recall = {kind: joined[kind] / count for kind, count in made.items()}
    return judged
