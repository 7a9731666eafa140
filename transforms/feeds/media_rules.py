"""Rules for pictures, enclosures and sources, and for what is passed over."""

from xml.etree.ElementTree import Element

from transforms.feeds.content_text import leaf_text, resolved
from transforms.feeds.element_names import UnsupportedError
from transforms.feeds.entry_walk import EntryWalk, Rule
from transforms.feeds.people_rules import contributor
from transforms.feeds.text_rules import enforce_href

_IMAGE_PARTS = frozenset(("title", "link", "description", "url", "href", "width", "height", "name"))
_SOURCE_PARTS = frozenset(
    (
        *("id", "guid", "link", "updated", "published", "subtitle", "logo", "icon", "rights"),
        *("generator", "category"),
    )
)
# Elements that feedparser has a rule for, of which nothing is read here.
_PASSED_WITH_CHILDREN = (
    *("media_group", "georss_box", "georss_line", "georss_point", "georss_polygon", "georss_where"),
    *("gml_exterior", "gml_linearring", "gml_linestring", "gml_point", "gml_polygon", "gml_pos"),
    *("gml_poslist", "psc_chapter", "psc_chapters", "where", "rss"),
)
_PASSED_LEAVES = (
    *("cc_license", "cloud", "copyright", "creativecommons_license", "dc_contributor"),
    *("dc_publisher", "dc_rights", "dcterms_valid", "email", "expirationdate"),
    *("generator", "geom", "height", "homepage", "info", "itunes_block", "itunes_email"),
    *("itunes_explicit", "itunes_name", "itunes_subtitle", "media_credit", "media_license"),
    *("media_player", "media_rating", "media_restriction", "name", "newlocation", "rights"),
    *("subtitle", "tagline", "uri", "url", "webmaster", "width", "feedburner_browserfriendly"),
)


def _enclosure(walk: EntryWalk, element: Element, depth: int) -> None:
    attributes = walk.attributes(element)
    enforce_href(attributes)
    attributes["rel"] = "enclosure"
    walk.context.setdefault("links", []).append(attributes)
    walk.children(element, depth)


def _source(walk: EntryWalk, element: Element, depth: int) -> None:
    """Of a source only counts that there is one, and its title's depth."""
    walk.context["source"] = {}
    walk.title_depth = -1
    for child in element:
        name = walk.names.name(child.tag)
        if name == "title":
            if len(child):
                raise UnsupportedError("a title holds elements")
            if (child.text or "").strip():
                walk.title_depth = depth + 1
        elif name == "author" and not walk.has_bases:
            contributor(walk, child, depth)
        elif name not in _SOURCE_PARTS or len(child):
            raise UnsupportedError(f"a source holds <{name}>")
        if walk.has_bases and child.attrib:
            raise UnsupportedError("a source with a base")


def _image(walk: EntryWalk, element: Element, depth: int) -> None:
    """A picture or search box of the channel; only its title has an effect, on titles' depth."""
    if walk.entry is not None and len(element):
        raise UnsupportedError("an item with an RSS image")
    walk.title_depth = -1
    for child in element:
        name = walk.names.name(child.tag)
        if name not in _IMAGE_PARTS or len(child) or (walk.has_bases and child.attrib):
            raise UnsupportedError(f"an image holds <{name}>")
        if name == "title" and (child.text or "").strip():
            walk.title_depth = depth + 1


def _itunes_image(walk: EntryWalk, element: Element, depth: int) -> None:
    attributes = walk.attributes(element)
    href = attributes.get("href") or attributes.get("url")
    if len(element):
        raise UnsupportedError("a picture holds elements")
    if href:
        walk.context["image"] = {"href": href}


def _media_content(walk: EntryWalk, element: Element, depth: int) -> None:
    walk.context.setdefault("media_content", []).append(walk.attributes(element))
    walk.children(element, depth)


def _media_thumbnail(walk: EntryWalk, element: Element, depth: int) -> None:
    attributes = walk.attributes(element)
    url = leaf_text(element)
    if url:
        attributes.setdefault("url", resolved(walk.base, url))
    walk.context.setdefault("media_thumbnail", []).append(attributes)


def _passed_leaf(walk: EntryWalk, element: Element, depth: int) -> None:
    if len(element):
        raise UnsupportedError(f"<{element.tag}> holds elements")


MEDIA_RULES: dict[str, Rule] = {
    "enclosure": _enclosure,
    "source": _source,
    **dict.fromkeys(("image", "textinput"), _image),
    **dict.fromkeys(("itunes_image", "itunes_link"), _itunes_image),
    "media_content": _media_content,
    "media_thumbnail": _media_thumbnail,
    **dict.fromkeys(_PASSED_WITH_CHILDREN, EntryWalk.children),
    **dict.fromkeys(_PASSED_LEAVES, _passed_leaf),
}
