"""The walk over a feed document's tree; see `transforms.feeds.well_formed`."""

from collections.abc import Callable, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from transforms.feeds.content_text import resolved
from transforms.feeds.element_names import ElementNames, UnsupportedError, feedparser_rules
from transforms.feeds.feedparser_setup import prepared_feedparser

_MAX_DEPTH = 60
# Elements that feedparser has no rule for, under whose names it would overwrite what is read here.
_TAKEN = frozenset(
    (
        *("links", "authors", "tags", "title_detail", "summary_detail", "description_detail"),
        *(
            "author_detail",
            "published_parsed",
            "created_parsed",
            "issued_parsed",
            "updated_parsed",
            "modified_parsed",
        ),
        *("date", "date_parsed", "contributors"),
    )
)

Rule = Callable[["EntryWalk", Element, int], None]


class EntryWalk:
    """Reads a tree into `feed` and `entries`, as feedparser would.

    Attributes:
        feed: What the document says of itself.
        entries: Its entries, in order; the keys are feedparser's.
        has_languages: Whether `lang` attributes are to be looked for; set before the walk.
        has_bases: The same for `base` attributes.
    """

    def __init__(self, names: ElementNames, version: str, table: Mapping[str, Rule]) -> None:
        self.names = names
        self._table = table
        self.version = version
        self.feed: dict[str, Any] = {}
        self.entries: list[dict[str, Any]] = []
        self.has_languages = self.has_bases = False
        self.entry: dict[str, Any] | None = None
        self.in_feed = False
        # How deep the element was that each property of the entry came from: shallower ones win.
        self.depths: dict[str, int] = {}
        self.title_depth = -1
        self.has_content = False
        self.language: str | None = None
        self.base = self.enclosing_base = ""
        self._rules: dict[str, Rule] = {}

    @property
    def context(self) -> dict[str, Any]:
        """Gives what is being read: the entry, or the feed."""
        return self.feed if self.entry is None else self.entry

    def children(self, element: Element, depth: int) -> None:
        """Visits an element's children."""
        if depth > _MAX_DEPTH:
            raise UnsupportedError("elements are nested too deeply")
        for child in element:
            self.visit(child, depth + 1)

    def visit(self, element: Element, depth: int) -> None:
        """Does what feedparser does for one element."""
        tag = element.tag
        rule = self._rules.get(tag)
        if rule is None:
            rule = self._rules[tag] = self.rule(self.names.name(tag))
        if not (self.has_languages or self.has_bases):
            rule(self, element, depth)
            return
        language, enclosing = self.language, self.enclosing_base
        if element.attrib:
            self._scope(element)
        self.enclosing_base = self.base
        rule(self, element, depth)
        # feedparser restores the base of the element around, but not where that is none.
        self.language, self.enclosing_base = language, enclosing
        if enclosing:
            self.base = enclosing

    def rule(self, name: str) -> Rule:
        """Gives what to do for a name; an element unknown to feedparser is looked through."""
        rule = self._table.get(name)
        if rule is not None:
            return rule
        unread = name in _TAKEN or name in feedparser_rules()
        return _unsupported if unread else EntryWalk.children

    def knows(self, name: str) -> bool:
        """Tells whether a name means something, to feedparser or here."""
        return name in self._table or self.rule(name) is _unsupported

    def attributes(self, element: Element) -> dict[str, str]:
        """Gives an element's attributes as feedparser has them."""
        return self.names.attributes(element.attrib) if element.attrib else {}

    def store(self, key: str, value: str, depth: int) -> bool:
        """Keeps a property of the entry or feed; tells whether there is one to keep it in."""
        if self.entry is not None:
            if depth <= self.depths.get(key, depth):
                self.depths[key] = depth
                self.entry[key] = value
            return True
        if self.in_feed:
            self.feed["subtitle" if key == "summary" else key] = value
        return self.in_feed

    def detail(self, value: str, kind: str) -> dict[str, Any]:
        """Gives a text with its media type, language and base."""
        language = self.language.replace("_", "-") if self.language else self.language
        return {"value": value, "type": kind, "language": language, "base": self.base}

    def _scope(self, element: Element) -> None:
        attributes = self.attributes(element)
        language = attributes.get("xml:lang", attributes.get("lang"))
        if language is not None:
            self.language = language or None
            if language and self.names.name(element.tag) in ("feed", "rss"):
                self.feed["language"] = language.replace("_", "-")
        if self.has_bases and (base := attributes.get("xml:base", attributes.get("base"))):
            if not base.startswith(("http://", "https://")) and not self.base:
                raise UnsupportedError("the base is relative")
            safe_address = prepared_feedparser().urls.make_safe_absolute_uri
            joined = safe_address(self.base, base) if self.base else resolved("", base)
            self.base = joined or self.base


def _unsupported(walk: EntryWalk, element: Element, depth: int) -> None:
    raise UnsupportedError(f"<{element.tag}> is not read here")
