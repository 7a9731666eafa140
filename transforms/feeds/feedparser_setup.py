"""feedparser made fit for hostile feeds; what it makes of others stays as it is."""

import re
from functools import cache
from itertools import islice
from threading import Lock
from typing import Any

from transforms.feeds.buffered_expat import MODULE as BUFFERED_EXPAT

# feedparser compares each tag with all before it, and looks for an address in an author's text by a
# quadratic pattern. Further tags of an entry are not read, and longer texts not searched, on either
# path.
MAX_TAGS = 100
MAX_AUTHOR_CHARS = 1_000
# To feedparser an address ends after four letters behind the dot: of ann@paper.media (Ann) it makes
# somebody by the name of "a (Ann".
_LONG_ADDRESS = re.compile(r"[\w.+-]{1,100}@(?:[a-zA-Z0-9-]{1,63}\.){1,8}[a-zA-Z]{5,24}\b")
# feedparser's parser for broken XML compares each attribute of an element with all the others.
_MAX_ATTRIBUTES = 1_000
# A text that was cut within a tag leaves a quote open, which reaches to one of a later entry: what
# is in CDATA or a comment is no element to feedparser, and is passed over here.
_TAG = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    rb"|<([a-zA-Z][\w.:-]{0,80})"
    rb"(?:[^>=]|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?)*+(?:>|\Z)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(rb"[=\s/]+")
_QUOTED = re.compile(rb"=\s*+(?:\"[^\"]*+\"|'[^']*+')")
# Categories in a row, and how many of them are left: more than the tags that are read of an entry.
_CATEGORIES = re.compile(rb"(?:<category(?:\s[^<>]*+)?>[^<]*+</category\s*+>\s*+)++")
_CATEGORY_END = re.compile(rb"</category\s*+>")
_MAX_CATEGORIES = 10 * MAX_TAGS
_IMPORTING = Lock()


def prepared_feedparser() -> Any:
    """Gives the module `feedparser`, with a buffering driver and bounds on tags and authors.

    Nothing else imports it or a module of it: two threads that begin with different ones of them
    can find one half made, since Python's lock for each module does not order a whole package.
    """
    with _IMPORTING:
        return _imported()


@cache
def _imported() -> Any:
    # It takes 80 ms to import, which only those who parse should pay.
    import feedparser

    mixin = feedparser.mixin._FeedParserMixin
    feedparser.api.PREFERRED_XML_PARSERS.insert(0, BUFFERED_EXPAT)
    add_tag = mixin._add_tag

    def add_bounded(parser: Any, term: Any, scheme: Any, label: Any) -> None:
        if len(parser._get_context().get("tags", ())) < MAX_TAGS:
            add_tag(parser, term, scheme, label)

    settle_author = mixin._sync_author_detail

    def settle_bounded(parser: Any, key: str = "author") -> None:
        context = parser._get_context()
        detail = context.get(f"{key}s", [{}])[-1]
        text = context.get(key) or ""
        if detail or len(text) <= MAX_AUTHOR_CHARS:
            address = None if detail else _LONG_ADDRESS.search(text)
            if address is None:
                settle_author(parser, key)
            else:
                detail.update(_name_and_address(text, address[0]))
                context.setdefault(f"{key}_detail", detail)

    def start_media_description(parser: Any, attributes: Any) -> None:
        parser.push_content("media_description", attributes, "text/html", 1)

    def end_media_description(parser: Any) -> None:
        parser.pop_content("media_description")

    # To feedparser, what is said of a picture is the entry's description, and the description that
    # comes after it a content.
    mixin._start_media_description = start_media_description
    mixin._end_media_description = end_media_description
    mixin._add_tag = add_bounded
    mixin._sync_author_detail = settle_bounded
    return feedparser


def _name_and_address(text: str, address: str) -> dict[str, str]:
    """Takes an author's text apart as feedparser does."""
    name = text.replace(address, "").replace("()", "").replace("<>", "").strip()
    name = name.removeprefix("(").removesuffix(")").strip()
    return {"name": name, "email": address} if name else {"email": address}


def without_hostile_markup(body: bytes) -> bytes:
    """Drops the attributes of elements with a thousand or more, and tags that would not be read.

    Nobody writes so many, and feedparser takes seconds for them.
    """
    return _CATEGORIES.sub(_some_of_many, _TAG.sub(_checked, body))


def _some_of_many(match: re.Match[bytes]) -> bytes:
    run = match[0]
    if len(run) < _MAX_CATEGORIES * len(b"<category></category>"):
        return run
    last = next(islice(_CATEGORY_END.finditer(run), _MAX_CATEGORIES - 1, None), None)
    return run if last is None else run[: last.end()]


def _checked(match: re.Match[bytes]) -> bytes:
    # Each attribute has at least one of these separators, so most tags are told by their length.
    if len(match[0]) < _MAX_ATTRIBUTES:
        return match[0]
    if match[1] is None:
        return match[0]
    # What stands between quotes is one value, however long.
    bare = _QUOTED.sub(b"=", match[0])
    separators = sum(1 for _ in _ATTRIBUTE.finditer(bare))
    return match[0] if separators < _MAX_ATTRIBUTES else b"<%s>" % match[1]
