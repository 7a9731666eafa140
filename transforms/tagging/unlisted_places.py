"""Places that no list holds: towns told by the state or country behind them, and facilities."""

import re
from collections.abc import Sequence

from transforms.tagging.found import PLACE_TYPES, Found, Part
from transforms.tagging.gazetteer import LOCAL_KINDS, Entry, Gazetteer
from transforms.tagging.runs import Run
from transforms.tagging.settling import location_of, settle_repeats

_AT = re.compile(r"\b(?:in|at|to|from|near|of|outside|around|through|toward|towards|for) $")
_AROUND = frozenset({"country", "admin1", "admin1_short"})
# What is too wide, or too far from the towns that news names, to lie near one of them.
_WIDE = ("Mountains", "Islands", "Sea", "Ocean", "Gulf", "Desert", "Peninsula", "Archipelago")
_NEAR_KINDS = LOCAL_KINDS | {"town"}


def settle_towns(parts: Sequence[Part], gazetteer: Gazetteer) -> None:
    """Settles the unknown X of "in X, Texas" as a place in Texas, at the middle of Texas.

    So it does with that of "X, Texas —", and with all other mentions of such a town.
    """
    for part in parts:
        _settle_towns(part, gazetteer)
    towns = {found.name: found for part in parts for found in part.found if found.kind == "town"}
    settle_repeats(parts, towns)


def _settle_towns(part: Part, gazetteer: Gazetteer) -> None:
    ending = {run.end: run for run in part.runs}
    for match in part.matches:
        run = ending.get(match.start - 2)
        if run is None or not part.text.startswith(", ", run.end):
            continue
        around = next((entry for entry in match.meanings if entry.kind in _AROUND), None)
        if around is None or not _may_be_town(part, run, gazetteer):
            continue
        location = (around.lat, around.lon) if around.lat is not None and around.lon else None
        part.settle(
            Found(
                run.start, run.end, "GPE", part.text[run.start : run.end], (), around.country,
                location, 0.6, True, "town", around.admin1,
            )
        )  # fmt: skip


def _may_be_town(part: Part, run: Run, gazetteer: Gazetteer) -> bool:
    if len(run.tokens) > 3 or not part.free(run.start, run.end) or _is_known(part, run):
        return False
    words = {token.text for token in run.tokens}
    if words & gazetteer.words["stop"] or words & gazetteer.words["titles"]:
        return False
    at = _AT.search(part.text, max(0, run.start - 10), run.start)
    return at is not None or run.start in part.datelines


def _is_known(part: Part, run: Run) -> bool:
    """Says whether a known name begins within a run, or reaches into it from before.

    The Congo of "Democratic Republic of Congo, Kenya and Chad" is no town in Kenya.
    """
    match = part.match_before(run.end)
    return match is not None and match.end > run.start


def locate(part: Part) -> None:
    """Gives facilities and waters that no list holds a point, and the country that goes with it.

    That of a curated place whose name they bear ("Gaza Port"), else that of the place named nearest
    to them: "Gainesville Arena" lies near the Gainesville that the text speaks of.
    """
    known = [found for found in part.found if found.kind in _NEAR_KINDS and found.location]
    for found in part.found:
        if (
            found.location is None
            and not found.kind
            and found.type in PLACE_TYPES
            and not found.name.endswith(_WIDE)
        ):
            bearer = _curated_place(part, found)
            if bearer is not None:
                found.location, found.country = location_of(bearer), bearer.country
                found.counts = True
                continue
            own = [one for one in known if found.country in (None, one.country)]
            nearest = min(own, key=lambda place: abs(place.start - found.start), default=None)
            if nearest is not None:
                found.location, found.country = nearest.location, nearest.country


def _curated_place(part: Part, found: Found) -> Entry | None:
    match = part.names.get(found.start)
    if match is None or match.end >= found.end:
        return None
    first = match.meanings[0]
    return first if first.kind == "curated" and first.type in ("GPE", "LOC") else None
