"""Feed lists in OPML 2.0 (http://opml.org/spec2.opml): folders are tags, in and out."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pydantic import ValidationError

from schemas.errors import ConfigError
from schemas.feed import Feed

# Attributes of ours beside OPML's own; other readers pass over what they do not know.
_COUNTRY = "country"


def read_opml(path: Path) -> list[Feed]:
    """Reads the feeds of a list, in its order; a repeated one keeps its first place and all tags.

    Raises:
        ConfigError: The file cannot be read, is no OPML, or a feed in it is not valid.
    """
    try:
        root = fromstring(path.read_bytes(), forbid_dtd=True)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except (ElementTree.ParseError, DefusedXmlException) as error:
        raise ConfigError(f"{path}: is not well-formed OPML: {error}") from error
    body = root.find("body")
    if root.tag != "opml" or body is None:
        raise ConfigError(f"{path}: is no OPML: <opml> with a <body> is expected")
    feeds: dict[str, Feed] = {}
    for outline, folders in _outlines(body, ()):
        feed = _feed(outline, folders, path)
        known = feeds.get(feed.url)
        if known is not None:
            tags = list(dict.fromkeys((*known.tags, *feed.tags)))
            feed = known.model_copy(update={"tags": tags})
        feeds[feed.url] = feed
    return list(feeds.values())


def _outlines(
    parent: Element, folders: tuple[str, ...]
) -> Iterator[tuple[Element, tuple[str, ...]]]:
    for outline in parent.findall("outline"):
        if outline.get("xmlUrl"):
            yield outline, folders
        name = (outline.get("text") or outline.get("title") or "").strip()
        inner = (*folders, name) if name and not outline.get("xmlUrl") else folders
        yield from _outlines(outline, inner)


def _feed(outline: Element, folders: tuple[str, ...], path: Path) -> Feed:
    categories = [part.strip().strip("/") for part in outline.get("category", "").split(",")]
    values = {
        "url": outline.get("xmlUrl", "").strip(),
        "name": (outline.get("title") or outline.get("text") or "").strip(),
        "language": outline.get("language", "").strip(),
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


def write_opml(feeds: Iterable[Feed], title: str = "Dateline") -> str:
    """Writes a list; a feed stands in the folder of its first tag, the others are categories."""
    root = Element("opml", version="2.0")
    head = ElementTree.SubElement(root, "head")
    ElementTree.SubElement(head, "title").text = title
    body = ElementTree.SubElement(root, "body")
    folders: dict[str, Element] = {}
    for feed in feeds:
        parent = body
        if feed.tags:
            if feed.tags[0] not in folders:
                folders[feed.tags[0]] = ElementTree.SubElement(body, "outline", text=feed.tags[0])
            parent = folders[feed.tags[0]]
        optional = {
            "language": feed.language,
            _COUNTRY: feed.country,
            "category": ",".join(feed.tags[1:]),
        }
        ElementTree.SubElement(
            parent,
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


def import_opml(source: Path, config_file: Path, known: Iterable[str]) -> tuple[list[Feed], Path]:
    """Adds a list's feeds to a configuration, in an OPML file beside it.

    The feeds go into `opml`'s first file of the configuration, or into a new `feeds.opml` beside
    it that is named at its end; the rest of the configuration file is left as it is written.

    Args:
        source: The list to take in.
        config_file: The configuration file.
        known: Addresses of the feeds that the configuration has already.

    Returns:
        The feeds that were added, and the file that they are in.
    """
    import yaml

    have = set(known)
    added = [feed for feed in read_opml(source) if feed.url not in have]
    text = config_file.read_text(encoding="utf-8")
    listed = (yaml.safe_load(text) or {}).get("opml") or []
    target = config_file.parent / (listed[0] if listed else "feeds.opml")
    if not added:
        return added, target
    present = read_opml(target) if target.exists() else []
    target.write_text(write_opml([*present, *added]), encoding="utf-8")
    if not listed:
        lines = [line for line in text.splitlines() if not line.startswith("opml:")]
        config_file.write_text("\n".join([*lines, "opml: [feeds.opml]", ""]), encoding="utf-8")
    return added, target
