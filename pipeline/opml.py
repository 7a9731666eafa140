"""Feed lists in OPML 2.0 (http://opml.org/spec2.opml): folders are tags, in and out."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pydantic import ValidationError

from pipeline.whole_file import write_whole
from schemas.codes import language_tag
from schemas.config import Config
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


def import_opml(source: Path, config_file: Path, config: Config) -> tuple[list[Feed], Path]:
    """Adds a list's feeds to a configuration, in an OPML file beside it.

    The feeds go into `opml`'s first file of the configuration, or into a new `feeds.opml` beside
    it that is named at its end; the rest of the configuration file is left as it is written.

    Args:
        source: The list to take in.
        config_file: The configuration file.
        config: The configuration in it.

    Returns:
        The feeds that were added, and the file that they are in.
    """
    have = {feed.url for feed in config.feeds}
    added = [feed for feed in read_opml(source) if feed.url not in have]
    target = config.opml[0] if config.opml else config_file.parent / "feeds.opml"
    if not added:
        return added, target
    present = read_opml(target) if target.exists() else []
    # A running process may read them at any moment.
    write_whole(target, write_opml([*present, *added]))
    if not config.opml:
        text = config_file.read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if not line.startswith("opml:")]
        write_whole(config_file, "\n".join([*lines, "opml: [feeds.opml]", ""]))
    return added, target
