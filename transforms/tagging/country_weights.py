"""How much a document speaks of each country."""

from collections import Counter
from collections.abc import Sequence

from transforms.tagging.found import Part


def country_weights(parts: Sequence[Part], dateline_end: int) -> Counter[str]:
    """Adds up how much each country is spoken of; the first of two parts is the title.

    Names in the title weigh three times; a dateline's city nothing.
    """
    weights: Counter[str] = Counter()
    for number, part in enumerate(parts):
        for found in part.found:
            if found.counts and found.country:
                dateline = number == 1 and found.start < dateline_end and found.kind != "country"
                weights[found.country] += 0 if dateline else 6 if number == 0 else 2
    return weights
