"""A search's answer as a person reads it: hits, and facets with what their codes stand for."""

import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import TextIO

from pipeline.by_story import STORY
from schemas.codes import country_name
from transforms.storage.article_index import ArticleIndex, Hit, SearchRequest, SearchResult
from transforms.storage.query import COUNTRY_FIELDS, facet_field
from transforms.text.shortening import shortened

_SNIPPET_CHARS = 160
_INDENT = "     "
_MARK = re.compile("</?em>")
# Stands for either mark while lines are broken.
_PLACEHOLDER = "\x02"


@dataclass(frozen=True, slots=True)
class View:
    """How a result is shown.

    Attributes:
        width: Columns of the terminal; None breaks no lines.
        bold: Whether the terminal knows bold type.
        facets: By path, what each facet was asked for by.
        stories: By id, the headlines of the stories that facets count.
        outlets: By hits' ids, how many other outlets have the story.
    """

    width: int | None = None
    bold: bool = False
    facets: Mapping[str, str] = field(default_factory=dict)
    stories: Mapping[str, str] = field(default_factory=dict)
    outlets: Mapping[str, int] = field(default_factory=dict)


def asked_names(names: Sequence[str]) -> dict[str, str]:
    """Gives by path what facets were asked for by, the first name of each."""
    return {facet_field(name).path: name for name in reversed(names)}


def story_headlines(index: ArticleIndex, result: SearchResult) -> dict[str, str]:
    """Looks up the headlines of the stories in a facet: of what is left of them, the newest."""
    ids = [value for value, _ in result.facets.get(STORY, [])]
    # A story bears the id of its first article.
    found = {id_: stored.article.message for id_, stored in index.get(ids).items()}
    for id_ in ids:
        if not found.get(id_):
            hits = index.search(SearchRequest(filters=((STORY, id_),), size=1)).hits
            found[id_] = hits[0].article.message if hits else ""
    return found


def print_result(result: SearchResult, request: SearchRequest, view: View, out: TextIO) -> None:
    """Prints a result for a person."""
    mark = ("\033[1m", "\033[0m") if view.bold else ("", "")
    print(f"{result.total} article{'' if result.total == 1 else 's'}", file=out)
    for number, hit in enumerate(result.hits, request.offset + 1):
        for line in _hit_lines(number, hit, view):
            print(_marked(line, mark), file=out)
    for path, counts in result.facets.items():
        print(f"\n{mark[0]}{view.facets.get(path, path)}{mark[1]}", file=out)
        explain = _explanation(path, view)
        for value, count in counts:
            said = "  ".join(filter(None, (value, explain(value))))
            print(_wrapped(said, f"  {count:>6}  ", " " * 10, view.width), file=out)
        if not counts:
            print("       –", file=out)


def _explanation(path: str, view: View) -> Callable[[str], str]:
    """Gives what says of a value what it stands for; "" where the value says it itself."""
    if path in COUNTRY_FIELDS:
        return country_name
    return lambda value: view.stories.get(value, "") if path == STORY else ""


def _hit_lines(number: int, hit: Hit, view: View) -> list[str]:
    article, news = hit.article, hit.article.news
    title = " ".join(article.message.split()) or "(no title)"
    revision = f", revision {news.revision}" if news.revision > 1 else ""
    where = ", ".join(news.geo.country_name[:4])
    feeds = ", ".join(news.feed.name or news.feed.url)
    others = view.outlets.get(article.id, 0)
    also = f"also in {others} outlet{'' if others == 1 else 's'}" if others else ""
    facts = [f"{article.timestamp:%Y-%m-%d %H:%M}", feeds, news.language, where, also]
    said = " · ".join(fact for fact in facts if fact) + revision
    head = f"{_PLACEHOLDER}{title}{_PLACEHOLDER}"
    lines = ["", _wrapped(head, f"{number:>3}. ", _INDENT, view.width)]
    lines.append(_wrapped(said, _INDENT, _INDENT, view.width))
    snippet = _snippet(hit)
    if snippet:
        lines.append(_wrapped(snippet, _INDENT, _INDENT, view.width))
    # An address is left whole: terminals open it with a click.
    return [*lines, f"{_INDENT}{article.url.full}"] if article.url.full else lines


def _snippet(hit: Hit) -> str:
    news = hit.article.news
    for path, text in (("news.body", news.body), ("news.summary", news.summary)):
        fragments = hit.highlights.get(path)
        if fragments:
            plain = _MARK.sub("", fragments[0])
            before, _, after = text.partition(plain)
            # A paragraph is whole at its own ends.
            lead = "…" if before.strip(" ") and not before.rstrip(" ").endswith("\n") else ""
            tail = "…" if after.strip(" ") and not after.lstrip(" ").startswith("\n") else ""
            fragment = _MARK.sub(_PLACEHOLDER, " ".join(fragments[0].split()))
            return f"{lead}{fragment}{tail}"
    return shortened(" ".join((news.summary or news.body).split()), _SNIPPET_CHARS)


def _wrapped(text: str, first: str, others: str, width: int | None) -> str:
    if width is None:
        return first + text
    lines = textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words="://" not in text,
        break_on_hyphens=False,
    )
    return "\n".join(lines)


def _marked(line: str, mark: tuple[str, str]) -> str:
    marks = cycle(mark)
    return re.sub(_PLACEHOLDER, lambda _: next(marks), line)
