"""From places to regions: shares of countries, and the macro-regions they lie in."""

from collections import Counter
from collections.abc import Iterable

from transforms.tagging.gazetteer import Gazetteer
from transforms.tagging.tags import CountryShare

FOCUS_SHARE = 0.25
# A region goes on when its countries hold this much of the mentions: a story on one place that
# names an ally or a source far away is not about the far region.
REGION_SHARE = 0.2


def country_shares(weights: Counter[str], order: dict[str, int]) -> tuple[CountryShare, ...]:
    """Gives the countries, most spoken of first, ties in order of appearance.

    Args:
        weights: How much each country is spoken of; 0 for one named in a dateline only.
        order: Where each was first named.
    """
    total = sum(weights.values())
    ranked = sorted(weights, key=lambda code: (-weights[code], order[code]))
    return tuple(
        CountryShare(code, round(share, 4), share >= FOCUS_SHARE)
        for code in ranked
        for share in [weights[code] / total if total else 0.0]
    )


def macro_regions(
    shares: Iterable[CountryShare], named: Iterable[str], gazetteer: Gazetteer
) -> tuple[str, ...]:
    """Gives the regions that are named, then those implied by a real part of the mentions."""
    share_of = {country.code: country.share for country in shares}
    held: dict[str, float] = {}
    for code, share in share_of.items():
        for name in gazetteer.regions_of(code):
            held[name] = held.get(name, 0.0) + share
    implied = [(-share, name) for name, share in held.items() if share >= REGION_SHARE]
    known = [name for name in named if name in gazetteer.macro_regions]
    return tuple(dict.fromkeys([*known, *(name for _, name in sorted(implied))]))
