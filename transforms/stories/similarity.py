"""Whether two documents are copies or rewrites of one report: a plain function of their texts."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

import numpy as np

from schemas.article import Article
from transforms.stories.figures import Places, have_other_figures, places_of
from transforms.stories.headlines import have_two_subjects
from transforms.stories.parting import MIN_CONTAINED_IN_ONE_PAPER
from transforms.stories.shingles import Shingles, shingles

# Of the shorter text's shingles, as much stands in the longer one. A copy with a tenth of its words
# changed keeps 0.55 or more, one cut by 40 % under a new lead 0.72 or more; other reports of the
# event share a quotation, hardly 0.3.
MIN_CONTAINED = 0.5
# And of all their shingles together: a short text inside a long one (a sponsor's paragraph) is no
# copy of it.
MIN_RESEMBLANCE = 0.25
# Texts of one form are more alike than a rewrite, whose headline may be about its new lead.
MIN_RESEMBLANCE_OF_FORMS = 0.5
# A column without a text of its own ("Five things to know this morning") comes every day at about
# the same time.
COLUMN_AGAIN = timedelta(hours=20)

_UNKNOWN = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Text:
    """A document's text, as comparing needs it."""

    title: str
    body: str
    paper: str
    published: datetime = _UNKNOWN

    @classmethod
    def of(cls, article: Article) -> "Text":
        """Takes a document's own text; `paper` is the registered domain."""
        news = article.news
        paper = article.url.registered_domain
        return cls(news.title, news.body or news.summary, paper, article.timestamp)

    @cached_property
    def shingles(self) -> Shingles:
        """Hashes of its shingles; none where it is too short."""
        return shingles(self.body)

    @cached_property
    def figures(self) -> Places:
        """Its figures, by where they stand."""
        return places_of(self.body)

    @cached_property
    def words(self) -> str:
        """All of it, without regard to case and blanks."""
        return " ".join(f"{self.title}\n{self.body}".casefold().split())


def likeness(one: Text, other: Text) -> float:
    """Gives how much of the shorter text is in the longer one; 0 where they are no copies.

    Texts too short for shingles are only where they are equal, title included; in one paper on
    another day they are the same column.
    """
    one_paper = one.paper != "" and one.paper == other.paper
    if not len(one.shingles) or not len(other.shingles):
        is_column = one_paper and abs(one.published - other.published) >= COLUMN_AGAIN
        return float(one.words == other.words and not is_column)
    shared = len(np.intersect1d(one.shingles, other.shingles, assume_unique=True))
    contained = shared / min(len(one.shingles), len(other.shingles))
    resemblance = shared / (len(one.shingles) + len(other.shingles) - shared)
    # A paper fills one form again and again (rates, weather, episodes), but hardly rewrites itself.
    enough = MIN_CONTAINED_IN_ONE_PAPER if one_paper else MIN_CONTAINED
    if contained < enough or resemblance < MIN_RESEMBLANCE:
        return 0.0
    if resemblance >= MIN_RESEMBLANCE_OF_FORMS and have_two_subjects(
        one.title, one.body, other.title, other.body, one_paper
    ):
        return 0.0
    return 0.0 if have_other_figures(one.figures, other.figures) else contained
