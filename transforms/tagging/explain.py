"""Why a name was tagged as it was: which rule settled it, what else it could mean, what decided."""

import math
from typing import TYPE_CHECKING

from transforms.tagging.containment import Candidate
from transforms.tagging.explanation import Explanation, Meaning, Trace
from transforms.tagging.found import Found, Part
from transforms.tagging.gazetteer import Entry
from transforms.tagging.place_choice import score_of
from transforms.tagging.place_evidence import Evidence, division_key

if TYPE_CHECKING:
    from transforms.tagging.places import Resolution

_SHOWN_MEANINGS = 6
_SURE = {
    "demonym": "the word for a country's people",
    "group": "a people, a religion or a political group",
    "metonym": "a government's seat or name, which stands for its country",
    "macro": "a region of several countries",
    "country": "a country",
}


def explanations(trace: Trace, resolution: "Resolution") -> list[Explanation]:
    """Explains every name of a document: those that were tagged, in order, then the others."""
    told: list[Explanation] = []
    passed_over: list[Explanation] = []
    numbers = {
        (id(one.part), one.start): number for number, one in enumerate(resolution.candidates)
    }
    for name, part in zip(("title", "text"), trace.parts, strict=True):
        covered: set[int] = set()
        for found in part.found:
            covered.update(range(found.start, found.end))
            # "Republic of Honduras", of which Honduras was told.
            within = ((id(part), at) for at in range(found.start, found.end))
            number = next((numbers[one] for one in within if one in numbers), None)
            told.append(_of_found(name, part, found, trace.rule_of(found), number, resolution))
        for number, candidate in enumerate(resolution.candidates):
            if candidate.part is part and candidate.start not in covered:
                passed_over.append(_passed_over(name, candidate, number, resolution))
    return [*told, *passed_over]


def _of_found(
    name: str,
    part: Part,
    found: Found,
    rule: str,
    number: int | None,
    resolution: "Resolution",
) -> Explanation:
    meanings: list[Meaning] = []
    why = {
        "curated": "a name of the curated files, or of yours (tagger.data)",
        "model": "a model has found it (tagger.backends)",
        "organization": "its words are those of an organisation, an event, a facility or a water",
        "person": "a title, a role, a first name or a known family name stands with it",
        "acronym": "an acronym that the text or the gazetteer explains",
        "place": "beside a place that is known",
        "context": "in no list; what English says beside one of its mentions tells what it is",
    }.get(rule, "")
    if number is not None and rule == "place":
        candidate = resolution.candidates[number]
        meanings = _meanings(candidate, resolution.evidence)
        why = _why_this_place(candidate, number, resolution)
        if resolution.chosen[number] is None and found.end > candidate.end:
            why = "a noun for a division stands behind the name of a place"
    return Explanation(
        name, found.start, found.end, part.source[found.start : found.end],
        rule, found.type, found.name, why, meanings,
    )  # fmt: skip


def _why_this_place(candidate: Candidate, number: int, resolution: "Resolution") -> str:
    entry, evidence = resolution.chosen[number], resolution.evidence
    if entry is None:
        return "settled by another name of the text"
    if entry.kind in _SURE and len({one.country for one in candidate.entries}) == 1:
        return _SURE[entry.kind]
    if entry.kind == "pinned":
        return "your own file says which of the namesakes is meant"
    if number in evidence.contained:
        return "the country or division that follows it holds a place of this name"
    if number in evidence.containing:
        return "it holds a place of the name that stands before it"
    heaviest = max(candidate.entries, key=lambda one: score_of(one, evidence, candidate.word))
    if heaviest != entry:
        if entry == candidate.entries[0] and entry.population > heaviest.population:
            return "the largest: the heaviest of its meanings is small for what the text says of it"
        return "another mention of the name in the document decided: one sense for a name"
    signs = []
    division = division_key(entry)
    if evidence.countries.get(entry.country or "", 0):
        signs.append(f"the text speaks of {entry.country}")
    if evidence.divisions.get(division) or evidence.votes.get(division, 0) > 1:
        signs.append(f"the text speaks of {division}")
    if evidence.neighbours(entry, candidate.word):
        signs.append("places close to it are named")
    if evidence.publisher.country and evidence.publisher.country == entry.country:
        signs.append("the publisher is of that country")
    if evidence.is_publishers(entry, candidate.word):
        signs.append("the publisher is named after it")
    if evidence.prior_weight(entry):
        signs.append("the publisher's earlier articles speak of it (prior)")
    if entry.kind == "city" and entry.population:
        signs.append(f"{entry.population:,} inhabitants")
    lead = "the only meaning" if len(candidate.entries) == 1 else "the heaviest of its meanings"
    return f"{lead}: {', '.join(signs)}" if signs else lead


def _passed_over(
    name: str, candidate: Candidate, number: int, resolution: "Resolution"
) -> Explanation:
    chosen = resolution.chosen[number]
    if chosen is not None and chosen.kind == "admin1_short":
        why = "an abbreviation of a division, and no place stands before it"
    else:
        why = (
            "no sign that the place is meant: it is small for what the text says of it, or an "
            "ordinary word or part of another name"
        )
    return Explanation(
        name,
        candidate.start,
        candidate.end,
        candidate.part.source[candidate.start : candidate.end],
        "",
        "",
        "",
        why,
        _meanings(candidate, resolution.evidence),
    )


def _meanings(candidate: Candidate, evidence: Evidence) -> list[Meaning]:
    weighed = sorted(
        ((score_of(entry, evidence, candidate.word), entry) for entry in candidate.entries),
        key=lambda pair: -pair[0],
    )
    return [_meaning(entry, score) for score, entry in weighed[:_SHOWN_MEANINGS]]


def _meaning(entry: Entry, score: float) -> Meaning:
    return Meaning(
        entry.name,
        entry.kind,
        entry.type,
        entry.ids[0] if entry.ids else "",
        entry.country,
        entry.admin1,
        entry.population,
        round(score, 2) if math.isfinite(score) else None,
    )
