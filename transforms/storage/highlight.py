"""Cuts fragments out of found texts, the searched words marked: pure."""

from collections.abc import Iterator, Sequence

from schemas.article import Article
from transforms.storage.query import SEARCHED_FIELDS, Clause, Query
from transforms.storage.tokens import (
    Token,
    segmented_runs,
    spellings,
    standard_tokens,
    token_spans,
    without_segmented,
)

OPENING, CLOSING = "<em>", "</em>"
FRAGMENT_CHARS = 200
FRAGMENTS = 3
# Beyond this a text is not looked through.
_SEARCHED_CHARS = 1_000_000

Span = tuple[int, int]


def highlights(article: Article, query: Query) -> dict[str, list[str]]:
    """Shows where a query's words stand in an article.

    Args:
        article: The found document.
        query: What found it.

    Returns:
        For each of SEARCHED_FIELDS with a find: the whole title, at most FRAGMENTS fragments of a
        longer text. A fragment is the text as it stands, not escaped, with `<em>` marks put in;
        without them it is at most FRAGMENT_CHARS long.
    """
    shown = {}
    for path in SEARCHED_FIELDS:
        text = str(getattr(article.news, path.removeprefix("news.")))[:_SEARCHED_CHARS]
        spans = _found(text, path, query) if text else []
        if path == "news.title" and spans:
            shown[path] = [_marked(text, 0, len(text), spans)]
        elif spans:
            shown[path] = list(_fragments(text, spans))
    return shown


def _found(text: str, path: str, query: Query) -> list[Span]:
    """Gives the places of the clauses' words in a text, in order, none touching another."""
    spans: list[Span] = []
    tokens: list[Token] | None = None
    for clause in query.clauses:
        if clause.negated or not _concerns(clause, path):
            continue
        if tokens is None:
            tokens = list(token_spans(text))
        rest = without_segmented(clause.text) if clause.field is None else clause.text
        for way in spellings(rest):
            spans += _phrases(tokens, standard_tokens(way))
        if clause.field is None:
            for run in segmented_runs(clause.text):
                spans += _occurrences(text, run)
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _concerns(clause: Clause, path: str) -> bool:
    return clause.field is None or clause.field.path == path


def _phrases(tokens: Sequence[Token], phrase: Sequence[str]) -> Iterator[Span]:
    size = len(phrase)
    if not size:
        return
    for start in range(len(tokens) - size + 1):
        if tokens[start].text == phrase[0] and all(
            tokens[start + place].text == phrase[place] for place in range(1, size)
        ):
            yield tokens[start].start, tokens[start + size - 1].end


def _occurrences(text: str, run: str) -> Iterator[Span]:
    start = text.find(run)
    while start >= 0:
        yield start, start + len(run)
        start = text.find(run, start + len(run))


def _fragments(text: str, spans: Sequence[Span]) -> Iterator[str]:
    place = given = 0
    while place < len(spans) and given < FRAGMENTS:
        first, last = spans[place]
        last = min(last, first + FRAGMENT_CHARS)
        inside = place + 1
        while inside < len(spans) and spans[inside][1] - first <= FRAGMENT_CHARS * 3 // 4:
            last = spans[inside][1]
            inside += 1
        start, end = _window(text, first, last)
        yield _marked(text, start, end, spans[place:inside])
        given += 1
        while inside < len(spans) and spans[inside][0] < end:
            inside += 1
        place = inside


def _window(text: str, first: int, last: int) -> Span:
    """Widens a place to FRAGMENT_CHARS, within its paragraph, to whole words where there are."""
    room = FRAGMENT_CHARS - (last - first)
    start = max(0, first - room // 2)
    end = min(len(text), start + FRAGMENT_CHARS)
    start = max(start, text.rfind("\n", start, first) + 1)
    newline = text.find("\n", last, end)
    end = newline if newline >= 0 else end
    if start > 0 and not text[start - 1].isspace():
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else start
    if end < len(text) and not text[end].isspace():
        space = text.rfind(" ", last, end)
        end = space if space >= 0 else end
    return start, end


def _marked(text: str, start: int, end: int, spans: Sequence[Span]) -> str:
    parts = []
    for first, last in spans:
        first, last = max(first, start), min(last, end)
        if first < last:
            parts += [text[start:first], OPENING, text[first:last], CLOSING]
            start = last
    return "".join((*parts, text[start:end])).strip()
