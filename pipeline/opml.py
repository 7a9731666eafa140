"""Feed lists in OPML 2.0 (http://opml.org/spec2.opml): folders are tags, in and out."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pydantic import ValidationError

from schemas.codes import language_tag
from schemas.errors import ConfigError
from schemas.feed import Feed

# Attributes of ours beside OPML's own; other readers pass over what they do not know.
_COUNTRY = "country"
_DEEPEST = 100


def read_opml(path: Path) -> list[Feed]:
    """Reads the feeds of a list, in its order; a repeated one keeps its first place and all tags.

    Raises:
        ConfigError: The file cannot be read, is no OPML, or a feed in it is not valid.
    """
    feeds, faults = read_outlines(path)
    if faults:
        raise ConfigError(faults[0])
    return feeds


def read_outlines(path: Path) -> tuple[list[Feed], list[str]]:
    """Reads the feeds of a list as `read_opml` does, and says of each outline that is none why.

    Raises:
        ConfigError: The file cannot be read or is no OPML.
    """
    try:
        root = _root(path.read_bytes())
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except (ElementTree.ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise ConfigError(f"{path}: is not well-formed OPML: {error}") from error
    body = root.find("body")
    if root.tag != "opml" or body is None:
        raise ConfigError(f"{path}: is no OPML: <opml> with a <body> is expected")
    feeds: dict[str, Feed] = {}
    faults: list[str] = []
    for outline, folders in _outlines(body, (), path):
        try:
            feed = _feed(outline, folders, path)
        except ConfigError as error:
            faults.append(str(error))
            continue
        known = feeds.get(feed.url)
        if known is not None:
            tags = list(dict.fromkeys((*known.tags, *feed.tags)))
            feed = known.model_copy(update={"tags": tags})
        feeds[feed.url] = feed
    return list(feeds.values()), faults


def _root(document: bytes) -> Element:
    """Parses a document, in any encoding: expat reads few, and none of several bytes a letter."""
    document = document.lstrip()
    try:
        root: Element = fromstring(document, forbid_dtd=True)
    except DefusedXmlException:
        raise
    except (LookupError, ValueError):
        from transforms.feeds.feedparser_setup import prepared_feedparser

        as_utf8 = prepared_feedparser().encodings.convert_to_utf8({}, document, {})
        root = fromstring(as_utf8, forbid_dtd=True)
    return root


def _outlines(
    parent: Element, folders: tuple[str, ...], path: Path, depth: int = 0
) -> Iterator[tuple[Element, tuple[str, ...]]]:
    if depth > _DEEPEST:
        raise ConfigError(f"{path}: its folders are nested over {_DEEPEST} deep: flatten them")
    for outline in parent.findall("outline"):
        if outline.get("xmlUrl"):
            yield outline, folders
        name = (outline.get("text") or outline.get("title") or "").strip()
        inner = (*folders, name) if name and not outline.get("xmlUrl") else folders
        yield from _outlines(outline, inner, path, depth + 1)


def _feed(outline: Element, folders: tuple[str, ...], path: Path) -> Feed:
    categories = [part.strip().strip("/") for part in outline.get("category", "").split(",")]
    url = outline.get("xmlUrl", "").strip()
    name = (outline.get("title") or outline.get("text") or "").strip()
    values = {
        "url": url,
        # OPML wants a text of every outline, so that of a feed without a name is its address.
        "name": name if name != url else "",
        "language": _language(outline.get("language", "").strip()),
        "country": outline.get(_COUNTRY, "").strip(),
        "tags": list(dict.fromkeys(tag for tag in (*folders, *categories) if tag)),
    }
    try:
        return Feed.model_validate(values)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        reason = detail["msg"].removeprefix("Value error, ")
        raise ConfigError(
            f"{path}: the outline {values['name'] or values['url']!r}: {detail['loc'][0]}: {reason}"
        ) from None


def _language(text: str) -> str:
    """Gives a language that is one: readers write what the publisher says there, or `unknown`."""
    try:
        return language_tag(text)
    except ValueError:
        return ""


def write_opml(feeds: Iterable[Feed], title: str = "Dateline") -> str:
    """Writes a list that `read_opml` reads back.

    A feed stands in the folder of its first tag, the others are categories. A tag that cannot be
    one of several categories, such as one with a comma, is a folder too.
    """
    root = Element("opml", version="2.0")
    head = ElementTree.SubElement(root, "head")
    ElementTree.SubElement(head, "title").text = title
    body = ElementTree.SubElement(root, "body")
    folders: dict[tuple[str, ...], Element] = {(): body}
    for feed in feeds:
        in_folders = _tags_in_folders(feed.tags)
        for depth in range(1, len(in_folders) + 1):
            path = tuple(in_folders[:depth])
            if path not in folders:
                parent = folders[path[:-1]]
                folders[path] = ElementTree.SubElement(parent, "outline", text=path[-1])
        optional = {
            "language": feed.language,
            _COUNTRY: feed.country,
            "category": ",".join(feed.tags[len(in_folders) :]),
        }
        ElementTree.SubElement(
            folders[tuple(in_folders)],
            "outline",
            {
                "type": "rss",
                "text": feed.name or feed.url,
                "xmlUrl": feed.url,
                **{name: value for name, value in optional.items() if value},
            },
        )
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _tags_in_folders(tags: list[str]) -> list[str]:
    """Gives the tags that are to be folders: the first one, and all up to the last that must."""
    must = [place for place, tag in enumerate(tags) if "," in tag or tag != tag.strip("/")]
    return tags[: max([0, *must]) + 1]
