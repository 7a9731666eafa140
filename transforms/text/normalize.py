"""An entry to a sight: clean text, UTC dates, canonical link, language. Pure."""

import re
from datetime import datetime

from schemas.article import Content, Image, Link, Sight
from schemas.config import LimitsConfig
from schemas.entry import Entry
from schemas.errors import TerminalError
from schemas.feed import Feed
from transforms.text.authors import MAX_NAME_CHARS, author_names
from transforms.text.boilerplate import without_boilerplate
from transforms.text.characters import valid_unicode
from transforms.text.dates import parse_date, publication_date
from transforms.text.html import html_to_text, title_to_text
from transforms.text.language import detect_language
from transforms.text.pictures import picture_in
from transforms.text.urls import canonical_url, domain, original_url, registered_domain
from transforms.text.words import word_count

# Raised whenever the rules of this room change what they make of the same entry.
RULE_VERSION = 2
# Of a sight whose page is still to be asked for: any other of the same entry takes its place.
WITHOUT_PAGE = 0
# HTML may be this much longer than the text in it before it is refused unparsed.
_MARKUP_FACTOR = 10
_MAX_NAMES = 100
# What a system puts behind an excerpt that it cut: the link to the rest, with the title perhaps.
_REST_CHARS = 260
_REST = re.compile(
    r"(\[?(?:…|\.\.\.)\]?)\s*(?:continue reading|read (?:more|the rest)|keep reading|weiterlesen"
    r"|lire la suite|(?:leer|seguir) (?:más|leyendo)|leggi tutto|continua a leggere|leia mais"
    r"|lees (?:verder|meer)|czytaj dalej|читать далее|läs mer|les mer)\b"
    r"(?:[^.\n]|\.(?=\S)){0,200}\Z",
    re.I,
)
_ELLIPSIS_CHARS = 20
_ELLIPSIS = re.compile(r"\s*(?:\[?\s*(?:…|\.\.\.)\s*\]?)\s*\Z")


def normalize(
    entry: Entry,
    *,
    feed: Feed,
    sight_time: datetime,
    limits: LimitsConfig,
    article_id: str,
    judged_at: datetime | None = None,
) -> Sight:
    """Cleans an entry.

    `title` is one line of plain text. `body` is the full text, or, where the feed gives none, the
    summary; it does not start with a repetition of the title. `summary` is empty where it is the
    body or its beginning. `segmented` and `hash` are left to the caller.

    Args:
        entry: The entry as parsed; its texts are HTML.
        feed: The feed that showed it.
        sight_time: The time of the sight, UTC.
        limits: Bounds on title and body, in characters of the text.
        article_id: The document it belongs to.
        judged_at: A date more than a day after it is none; None takes the time of the sight.

    Raises:
        TerminalError: A text is over its limit, or there is nothing to store.
    """
    title = _bounded(entry.title, limits.title_chars, "title", title=True)
    content = _text(entry.content, limits)
    # Every fourth entry of real feeds gives one text as both.
    if entry.summary == entry.content:
        body, summary = content, ""
    else:
        summary = _text(entry.summary, limits)
        body, summary = _body_and_summary(content, summary)
    body = without_title(body, title)
    if _flat(summary).casefold() == title.casefold():
        summary = ""
    link = _link(entry)
    if not (title or body or link.full):
        raise TerminalError(
            "the entry has no title, no text and no http(s) link: at least one of them is wanted"
        )
    return Sight(
        article_id=article_id,
        feed=feed.reference(),
        time=sight_time,
        hash="",
        rule_version=RULE_VERSION,
        published=publication_date(entry, judged_at or sight_time),
        dated_by_page=entry.dated_by_page,
        link=link,
        content=Content(
            title=title,
            summary=summary,
            body=body,
            language=detect_language(
                f"{title}\n{body or summary}", hint=feed.language or entry.language
            ),
            authors=_names([name for text in entry.authors for name in author_names(text)]),
            categories=_names([title_to_text(name) for name in entry.categories]),
            image=Image(url=canonical_image(entry)),
            word_count=word_count(body),
            updated=parse_date(entry.updated, entry.updated_parsed),
        ),
    )


def canonical_image(entry: Entry) -> str:
    """Gives the address of the entry's picture: the feed's, else the first in its HTML; or ""."""
    url = entry.image_url.strip() or picture_in((entry.content, entry.summary))
    return (
        original_url(url)
        if url.startswith(("http://", "https://"))
        else canonical_url(url, entry.base_url)
    )


def _text(fragment: str, limits: LimitsConfig) -> str:
    text = without_boilerplate(_bounded(fragment, limits.body_chars, "body"))
    # Looked for at the end only.
    end = text[-_REST_CHARS:]
    return text[: len(text) - len(end)] + _REST.sub(r"\1", end)


def _bounded(fragment: str, limit: int, name: str, title: bool = False) -> str:
    key = f"limits.{name}_chars"
    if len(fragment) > limit * _MARKUP_FACTOR:
        raise TerminalError(
            f"the {name} is {len(fragment)} characters of HTML, over {_MARKUP_FACTOR} times "
            f"{key} ({limit}): raise {key} to take it"
        )
    try:
        text = title_to_text(fragment) if title else html_to_text(fragment)
    except ValueError as error:
        raise TerminalError(f"the {name}'s HTML cannot be read: {error}") from error
    if len(text) > limit:
        raise TerminalError(
            f"the {name} is {len(text)} characters long, over {key} ({limit}): raise {key} to "
            "take it"
        )
    return text


def _body_and_summary(content: str, summary: str) -> tuple[str, str]:
    if not content:
        return summary, ""
    if not summary:
        return content, ""
    if _begins(content, _without_ellipsis(summary)):
        return content, ""
    # A "full text" that is only the beginning of the summary is the shorter of two texts.
    if _begins(summary, _without_ellipsis(content)):
        return summary, ""
    return content, summary


def _begins(text: str, beginning: str) -> bool:
    """Tells whether a clean text begins with another, wherever their lines break."""
    if text.startswith(beginning):
        return True
    flat = _flat(beginning)
    # A break of two line feeds is one blank.
    return _flat(text[: 2 * len(flat)]).startswith(flat)


def _without_ellipsis(text: str) -> str:
    # A clean text has no run of blanks that would reach further back.
    return text[:-_ELLIPSIS_CHARS] + _ELLIPSIS.sub("", text[-_ELLIPSIS_CHARS:])


def _flat(text: str) -> str:
    return " ".join(text.split())


def without_title(body: str, title: str) -> str:
    """Takes a repetition of the title off the beginning of a text."""
    first, separator, rest = body.partition("\n")
    if title and separator and _flat(first).casefold() == title.casefold():
        return rest.strip()
    return body


def _link(entry: Entry) -> Link:
    full = canonical_url(valid_unicode(entry.link), valid_unicode(entry.base_url))
    if not full:
        return Link()
    return Link(
        full=full,
        original=original_url(valid_unicode(entry.link)),
        domain=domain(full),
        registered_domain=registered_domain(full),
    )


def _names(names: list[str]) -> list[str]:
    known: dict[str, None] = {}
    for name in names[:_MAX_NAMES]:
        if name and len(name) <= MAX_NAME_CHARS:
            known.setdefault(name)
    return list(known)
