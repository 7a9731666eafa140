"""Which countries a document is about, and what a dateline adds."""

import pytest

from transforms.tagging.tagger import Tagger


def _focus(tagger: Tagger, title: str, text: str) -> set[str]:
    return {share.code for share in tagger.tag(title, text).countries if share.focus}


@pytest.mark.parametrize(
    ("text", "focus"),
    [
        # Named again: the report is about the country it comes from.
        ("ROME, May 3 - Italy told Peru, Chile, Peru, Chile, Peru and Chile so.",
         {"IT", "PE", "CL"}),
        # Not named at all: a correspondent's seat.
        ("ROME, May 3 - Peru and Chile told Peru and Chile so.", {"PE", "CL"}),
        # Somebody of the country speaks: half as much.
        ("LONDON, May 3 - Keir Starmer told Peru and Chile so.", {"GB", "PE", "CL"}),
        # The agency that stands in the dateline is its own.
        ("LONDON, May 3 (Reuters) - Officials told Reuters that Peru agreed.", {"PE"}),
    ],
)  # fmt: skip
def test_a_datelines_country_counts_where_something_else_speaks_for_it(
    tagger: Tagger, text: str, focus: set[str]
) -> None:
    assert _focus(tagger, "", text) == focus


def test_a_headline_confirms_a_dateline(tagger: Tagger) -> None:
    text = "ROME, May 3 - Peru, Chile, Peru, Chile, Peru and Chile said so."
    assert "IT" in _focus(tagger, "Italy waits", text)
