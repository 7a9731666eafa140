"""Authors of an entry as feedparser collects them: its own code, on plain dictionaries."""

from functools import cache
from typing import Any

from transforms.feeds.feedparser_setup import MAX_AUTHOR_CHARS, prepared_feedparser

_Context = dict[str, Any]


def add_plain_author(context: _Context) -> None:
    """Adds the author whose text (`name`, `mail (name)` …) is the context's `author`."""
    author: dict[str, str] = {}
    context["authors"].append(author)
    name = context.get("author")
    if name and "@" not in name and len(name) <= MAX_AUTHOR_CHARS:
        author["name"] = name
        context.setdefault("author_detail", author)
    elif name:
        settle_author(context)


def save_author(context: _Context, key: str, value: str) -> None:
    """Adds a part of the last author: `name` or `email`."""
    _holder()(context)._save_author(key, value)


def settle_author(context: _Context) -> None:
    """Makes `author` and the last of `authors` agree."""
    _holder()(context)._sync_author_detail()


@cache
def _holder() -> Any:
    mixin = prepared_feedparser().mixin._FeedParserMixin

    class Holder:
        """Stands in for the parser, of which these methods use only the context."""

        _save_author = mixin._save_author
        _sync_author_detail = mixin._sync_author_detail

        def __init__(self, context: _Context) -> None:
            self._context = context

        def _get_context(self) -> _Context:
            return self._context

    return Holder
