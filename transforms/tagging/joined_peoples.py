"""Groups that two names make together: "British Indians", "Aboriginal Tasmanians"."""

from collections.abc import Sequence, Set

from transforms.tagging.containment import Candidate
from transforms.tagging.found import Found
from transforms.tagging.gazetteer import Entry


def join_peoples(
    found: Found,
    candidates: Sequence[Candidate],
    chosen: Sequence[Entry | None],
    number: int,
    followers: Set[str],
) -> None:
    """Makes a finding go on over the peoples behind it, where one of them is a country's.

    A faith or a current is a group of its own: "Nigerian Christians" are two.

    Args:
        found: What was made of the first name.
        candidates: All names of the document that may be places or groups, in order.
        chosen: What each of them means.
        number: That of the first name.
        followers: Words for those who hold a faith or a current.
    """
    part, text = candidates[number].part, candidates[number].part.text
    of_country = found.kind == "demonym"
    if candidates[number].word in followers:
        return
    for index in range(number + 1, len(candidates)):
        one, entry = candidates[index], chosen[index]
        if (
            entry is None
            or entry.type != "NORP"
            or one.part is not part
            or one.start != found.end + 1
            or text[found.end] != " "
            or one.word in followers
            or not (of_country or entry.kind == "demonym")
            or not part.free(one.start, one.end)
        ):
            return
        found.end = one.end
        found.name, found.ids, found.kind = text[found.start : one.end], (), "group"
        found.country = found.country or entry.country
        found.counts = found.country is not None
        of_country = True
