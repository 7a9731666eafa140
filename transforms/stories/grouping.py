"""Puts documents into stories: plain functions of the documents, whatever order they came in."""

from collections.abc import Iterable
from datetime import timedelta

from schemas.article import Article
from transforms.stories.parting import parted
from transforms.stories.similarity import Text, likeness


class CopyGraph:
    """Documents and which of them are copies of each other; every pair is compared once."""

    def __init__(self, window: timedelta) -> None:
        self.articles: dict[str, Article] = {}
        self._window = window
        self._texts: dict[str, Text] = {}
        self._by_band: dict[str, list[str]] = {}
        self._copies: dict[str, dict[str, float]] = {}

    def add(self, article: Article) -> set[str]:
        """Adds a document; gives the ids of those here already that it is a copy of."""
        if article.id in self.articles:
            return set(self._copies[article.id])
        text = Text.of(article)
        copies = self._copies_here(article, text)
        self.articles[article.id] = article
        self._texts[article.id] = text
        self._copies[article.id] = copies
        for other, like in copies.items():
            self._copies[other][article.id] = like
        for band in article.news.story.bands:
            self._by_band.setdefault(band, []).append(article.id)
        return set(copies)

    def has_copy_of(self, article: Article) -> bool:
        """Says whether a document that is not here is a copy of one that is."""
        return bool(self._copies_here(article, Text.of(article)))

    def components(self) -> list[list[Article]]:
        """Gives the documents in groups: copies, copies of copies, and so on.

        Reports of one form that a paper has side by side are parted.
        """
        return [
            [self.articles[key] for key in keys]
            for reached in self._reached()
            for keys in self._parted(reached)
        ]

    def _reached(self) -> list[list[str]]:
        left = dict.fromkeys(sorted(self.articles))
        groups = []
        while left:
            first = next(iter(left))
            group, reached = [], [first]
            del left[first]
            while reached:
                current = reached.pop()
                group.append(current)
                for other in sorted(self._copies[current]):
                    if other in left:
                        del left[other]
                        reached.append(other)
            groups.append(group)
        return groups

    def _parted(self, keys: list[str]) -> list[list[str]]:
        papers = {key: self._texts[key].paper for key in keys}
        if len(set(papers.values())) == len(keys):
            return [keys]
        pairs = {
            (key, other): like
            for key in keys
            for other, like in self._copies[key].items()
            if key < other
        }
        return parted(papers, pairs)

    def _copies_here(self, article: Article, text: Text) -> dict[str, float]:
        bands = article.news.story.bands
        alike = {
            other: likeness(text, self._texts[other])
            for other in {other for band in bands for other in self._by_band.get(band, ())}
            if abs(self.articles[other].timestamp - article.timestamp) <= self._window
        }
        return {other: like for other, like in alike.items() if like}


def story_ids(group: Iterable[Article], span: timedelta) -> dict[str, str]:
    """Gives each document of a group its story: the id of the story's earliest member.

    The earliest is the one published first, ties by id. What comes later than `span` after it
    begins a new story, so that a report that is filled in anew each week is not one for ever.
    """
    stories: dict[str, str] = {}
    first: Article | None = None
    for article in sorted(group, key=lambda article: (article.timestamp, article.id)):
        if first is None or article.timestamp - first.timestamp > span:
            first = article
        stories[article.id] = first.id
    return stories


def stories_of(graph: CopyGraph, span: timedelta) -> dict[str, str]:
    """Gives the stories of all documents of a graph, by document id."""
    stories: dict[str, str] = {}
    for group in graph.components():
        stories |= story_ids(group, span)
    return stories
