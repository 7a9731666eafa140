"""What the tagger gets wrong, by kind, on gold sets: misses, spans, types, senses, false alarms.

    python -m benchmarks.tagging_errors FILE [FILE …] [--examples N]

Each FILE, .gz or not, holds a JSON object a line: {"id", "text", "title"?, "domain"?, "countries"?,
"mentions": [{"start", "end", "type", "lat"?, "lon"?, "country"?}]}, with offsets in code points of
"text", and the types PER, ORG, LOC, NORP, FAC, PROD, or TOPONYM for any place; others are not asked
for. Without mentions, "countries" are those that a document is about. Shares are of the names in
the gold set, for false alarms of the tagger's own. `--examples` shows some of each kind.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any

from benchmarks.gold_errors import (
    RIGHT,
    Kinds,
    kilometres,
    of_countries,
    of_sense,
    words_in_full,
)
from benchmarks.gold_pairs import SAME, Name, paired, right_types
from benchmarks.json_lines import read_json_lines
from transforms.tagging.gazetteer import load_gazetteer
from transforms.tagging.tagger import Tagger
from transforms.tagging.tags import Mention

# Codes of states that are gone are read as their successor's.
_SUCCESSORS = {"SU": "RU", "YU": "RS", "DD": "DE", "ZR": "CD", "BU": "MM", "YD": "YE"}


class Tally:
    """Counts kinds in groups ("PER", "false alarms: PERSON"), with examples."""

    def __init__(self) -> None:
        self.counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.examples: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self.totals: Counter[str] = Counter()

    def add(self, group: str, kind: str, example: str) -> None:
        """Counts one."""
        self.counts[group][kind] += 1
        self.examples[group, kind].append(example)

    def lines(self, examples: int) -> Iterator[str]:
        """Gives the table, the most frequent kind of each group first."""
        for group in sorted(self.counts):
            counts = self.counts[group]
            total = self.totals[group] or counts.total()
            yield f"  {group}: {total:,}"
            for kind, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
                yield f"    {count:>7,}  {count / total:>6.1%}  {kind}"
                if examples and kind != RIGHT:
                    known = self.examples[group, kind]
                    shown = known[:: max(1, len(known) // examples)][:examples]
                    yield "                     " + " | ".join(shown)


def count(documents: Sequence[Mapping[str, Any]], tagger: Tagger, kinds: Kinds) -> Tally:
    """Tags the documents and counts what differs from the gold, by kind.

    Raises:
        ValueError: The documents hold no gold that can be counted.
    """
    present = {one["type"] for document in documents for one in document.get("mentions", ())}
    right = right_types(present)
    if present and not right:
        raise ValueError(
            f"mentions are of the types {', '.join(sorted(present))}; must be of {', '.join(SAME)}"
        )
    if not present and not any("countries" in document for document in documents):
        raise ValueError('holds neither "mentions" nor "countries"; a gold set must hold one')
    tally = Tally()
    for document in documents:
        tags, reasons = tagger.explain(
            document.get("title") or "", document["text"], domain=document.get("domain") or ""
        )
        if not present:
            _count_countries(document, tags.countries, tags.mentions, tally)
            continue
        rules = {(one.start, one.end): one.rule for one in reasons if one.part == "text"}
        _count_names(document, tags.mentions, rules, right, kinds, tally)
    return tally


def _count_names(
    document: Mapping[str, Any],
    mentions: Sequence[Mention],
    rules: Mapping[tuple[int, int], str],
    right: Mapping[str, Set[str]],
    kinds: Kinds,
    tally: Tally,
) -> None:
    text = document["text"]
    places = "TOPONYM" in right
    truths = {Name(one["start"], one["end"], one["type"]): one for one in document["mentions"]}
    gold = [one for one in truths if one.type in right]
    of_mention = {
        Name(one.start, one.end, one.type, rules.get((one.start, one.end), "")): one
        for one in mentions
        # A word for a people without a country ("Republican") is no place.
        if not (places and one.type == "NORP" and one.country is None)
    }
    pairs = paired(gold, list(of_mention))
    in_full = words_in_full(text, gold)
    for one, found in pairs:
        kind = kinds.of_gold(text, one, found, right[one.type], in_full)
        tally.add(one.type, kind, text[one.start : one.end])
        if places and found is not None and not kind.startswith(("missed", "type")):
            chosen = of_mention[found]
            truth = truths[one]
            far = None
            if truth.get("lat") is not None and chosen.location is not None:
                far = kilometres((truth["lat"], truth["lon"]), chosen.location)
            sense = of_sense(truth, chosen.country, far)
            if sense is not None:
                tally.add("sense of the places found", sense, text[one.start : one.end])
    scored = frozenset[str]().union(*right.values())
    if places:
        scored -= {"FAC"}  # such sets annotate buildings and streets unevenly
    taken = {found for _, found in pairs}
    for found in of_mention:
        if found.type not in scored:
            continue
        group = f"false alarms: {found.type}"
        tally.totals[group] += 1
        if found not in taken:
            kind = kinds.of_false_alarm(found, list(truths), right.keys())
            tally.add(group, kind, text[found.start : found.end])


def _count_countries(
    document: Mapping[str, Any], shares: Sequence[Any], mentions: Sequence[Mention], tally: Tally
) -> None:
    def today(codes: Iterator[str]) -> set[str]:
        return {_SUCCESSORS.get(code, code) for code in codes}

    focus = today(one.code for one in shares if one.focus)
    found, alarms = of_countries(
        today(iter(document.get("countries", ()))),
        focus,
        today(one.code for one in shares),
        today(one.country for one in mentions if one.country),
    )
    for kind in found:
        tally.add("countries in focus", kind, document["id"])
    tally.totals["false alarms: countries"] += len(focus)
    for kind in alarms:
        tally.add("false alarms: countries", kind, document["id"])


def main() -> int:
    """Runs it."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.tagging_errors", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--examples", type=int, default=0, metavar="N", help="shown of each kind")
    args = parser.parse_args()
    gazetteer = load_gazetteer()
    tagger, kinds = Tagger(gazetteer), Kinds(gazetteer)
    for path in args.files:
        documents = list(read_json_lines(path))
        try:
            tally = count(documents, tagger, kinds)
        except ValueError as error:
            raise SystemExit(f"{path}: {error}") from error
        print(f"{path.name}: {len(documents):,} documents")
        for line in tally.lines(args.examples):
            print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
