"""The names under which feedparser knows a document's elements, told from its namespaces.

feedparser calls `{http://purl.org/dc/elements/1.1/}creator` `dc_creator`, whatever its prefix, and
an element of a namespace that it does not know by its prefix. A document whose prefixes would
confuse it is not read here.
"""

import re
from functools import cache

from transforms.feeds.feedparser_setup import prepared_feedparser

_DECLARATION = re.compile(
    rb"xmlns(?::([\w.-]{1,100}))?\s*=\s*(?:\"([^\"<]{0,2000})\"|'([^'<]{0,2000})')"
)
_USERLAND = "backend.userland.com/rss"
_XML = "http://www.w3.org/XML/1998/namespace"


class UnsupportedError(Exception):
    """The document holds what the fast path does not read; it is not an error."""


class ElementNames:
    """Names of one document's elements.

    Args:
        body: The document in UTF-8. What only looks like a declaration (in CDATA) may make names
            unsure, never wrong.
        known: feedparser's namespaces: URI in lower case to prefix.

    Raises:
        UnsupportedError: A prefix is bound to another namespace than feedparser expects, or to
            several.
    """

    def __init__(self, body: bytes, known: dict[str, str]) -> None:
        self._known = known
        self._names: dict[str, str] = {}
        self._prefixes: dict[str, set[str]] = {}
        uris: dict[str, set[str]] = {}
        for prefix, quoted, single in dict.fromkeys(_DECLARATION.findall(body)):
            uri = _text(quoted or single)
            self._prefixes.setdefault(uri, set()).add(_text(prefix))
            uris.setdefault(_text(prefix), set()).add(uri)
        canonical = set(known.values()) - {""}
        for prefix, bound in uris.items():
            spaces = {self.canonical(uri) for uri in bound}
            if prefix in canonical and not spaces <= {prefix, None}:
                raise UnsupportedError(f"the prefix {prefix!r} is bound to another namespace")
            if prefix and len(bound) > 1 and (len(spaces) > 1 or None in spaces):
                raise UnsupportedError(f"the prefix {prefix!r} is bound to several namespaces")

    def canonical(self, uri: str) -> str | None:
        """Gives feedparser's prefix of a namespace, or None where it knows none."""
        lower = uri.lower()
        return "" if _USERLAND in lower else self._known.get(lower)

    def declared(self) -> list[str]:
        """Gives the namespaces that are declared, in lower case, in the document's order."""
        return [uri.lower() for uri in self._prefixes]

    def name(self, tag: str) -> str:
        """Gives the name of an element (`{uri}local`), in lower case.

        Raises:
            UnsupportedError: The element's namespace may be read in two ways.
        """
        name = self._names.get(tag)
        if name is None:
            name = self._names[tag] = self._resolve(tag)
        return name

    def attributes(self, given: dict[str, str]) -> dict[str, str]:
        """Gives an element's attributes as feedparser names them; `rel` and `type` lower case."""
        found: dict[str, str] = {}
        plain: dict[str, str] = {}
        for key, value in given.items():
            uri, _, local = key[1:].rpartition("}") if key[0] == "{" else ("", "", key)
            lower = local.lower()
            if uri and (prefix := self.canonical(uri)):
                lower = f"{prefix}:{lower}"
            elif uri:
                # Of a namespace that it does not know, feedparser has the name with and without.
                for unknown in self._prefixes.get(uri, ()):
                    found[f"{unknown}:{local}".lower()] = value
            target = found if uri else plain
            target[lower] = value.lower() if lower in ("rel", "type") else value
        return {**found, **plain} if found else plain

    def _resolve(self, tag: str) -> str:
        if tag[0] != "{":
            return tag.lower()
        uri, _, local = tag[1:].rpartition("}")
        prefix = self.canonical(uri)
        if prefix is None:
            prefixes = self._prefixes.get(uri, set())
            if len(prefixes) != 1:
                raise UnsupportedError(f"the namespace {uri!r} has several prefixes")
            (prefix,) = prefixes
        return f"{prefix.lower()}_{local.lower()}" if prefix else local.lower()


def xml_name(local: str) -> str:
    """Gives the tree's name of an attribute of the `xml:` namespace."""
    return f"{{{_XML}}}{local}"


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


@cache
def feedparser_rules() -> frozenset[str]:
    """Gives the names of the elements that feedparser has a rule for."""
    rules = dir(prepared_feedparser().mixin._FeedParserMixin)
    return frozenset(
        name.removeprefix("_start_").removeprefix("_end_")
        for name in rules
        if name.startswith(("_start_", "_end_"))
    )
