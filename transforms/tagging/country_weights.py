"""How much a document speaks of each country."""

from collections import Counter
from collections.abc import Sequence

from transforms.tagging.dateline_country import dateline_country, is_spoken_for
from transforms.tagging.datelines import dateline_end
from transforms.tagging.found import Part
from transforms.tagging.gazetteer import Gazetteer

_MENTION = 2
_HEADLINE = 6
# A report from a country that it also names is about it more often than not.
_CONFIRMED_DATELINE = 6
_LIKELY_DATELINE = 3


def country_weights(parts: Sequence[Part], gazetteer: Gazetteer) -> Counter[str]:
    """Adds up how much each country is spoken of; the first of two parts is the title.

    Names in the title weigh three times. A dateline's city weighs nothing of itself, as much as a
    name in the title where the text names its country too, and half of that where something else
    speaks for it.
    """
    title, text = parts
    weights: Counter[str] = Counter()
    for found in title.found:
        if found.counts and found.country:
            weights[found.country] += _HEADLINE
    end = dateline_end(text.text)
    named = set(weights)
    for found in text.found:
        if found.counts and found.country:
            if found.start >= end:
                named.add(found.country)
            inside = found.start < end and found.kind != "country"
            weights[found.country] += 0 if inside else _MENTION
    country = dateline_country(text, end) if end else None
    if country is not None:
        if country in named:
            weights[country] += _CONFIRMED_DATELINE
        elif is_spoken_for(country, text, end, gazetteer):
            weights[country] += _LIKELY_DATELINE
    return weights
