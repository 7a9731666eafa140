"""Rules for authors and categories."""

from xml.etree.ElementTree import Element

from transforms.feeds.authors import add_plain_author, save_author, settle_author
from transforms.feeds.content_text import leaf_text, repaired
from transforms.feeds.element_names import UnsupportedError
from transforms.feeds.entry_walk import EntryWalk, Rule
from transforms.feeds.feedparser_setup import MAX_TAGS

_ITUNES = "http://www.itunes.com/"
_MEDIA = "http://search.yahoo.com/mrss/category_schema"
_PERSON_PARTS = frozenset(
    ("name", "email", "uri", "url", "homepage", "itunes_name", "itunes_email")
)
_Tags = list[dict[str, str | None]]


def _author(walk: EntryWalk, element: Element, depth: int) -> None:
    context = walk.context
    authors: list[dict[str, str]] = context.setdefault("authors", [])
    if len(element) == 0:
        walk.store("author", leaf_text(element), depth)
        add_plain_author(context)
        return
    authors.append({})
    own_text = [element.text or ""]
    for child in element:
        name = walk.names.name(child.tag)
        if len(child) or (walk.has_bases and child.attrib):
            raise UnsupportedError(f"an author's <{name}> holds elements or sets a base")
        if name in _PERSON_PARTS:
            part = name.removeprefix("itunes_")
            part = part if part in ("name", "email") else "href"
            save_author(context, part, (child.text or "").strip())
        elif walk.knows(name):
            raise UnsupportedError(f"an author holds <{name}>")
        elif child.attrib:
            own_text.append(child.text or "")
        own_text.append(child.tail or "")
    walk.store("author", repaired("".join(own_text).strip()), depth)
    settle_author(context)


def contributor(walk: EntryWalk, element: Element, depth: int) -> None:
    """Passes over a person of whom nothing is read."""
    for child in element:
        if walk.names.name(child.tag) not in _PERSON_PARTS or len(child) or walk.has_bases:
            raise UnsupportedError("a contributor of another kind")


def _owner(walk: EntryWalk, element: Element, depth: int) -> None:
    if walk.entry is not None:
        raise UnsupportedError("an item with an owner")
    contributor(walk, element, depth)


def _category(walk: EntryWalk, element: Element, depth: int) -> None:
    attributes = walk.attributes(element)
    term, label = attributes.get("term"), attributes.get("label")
    _categorise(
        walk, element, depth, term, attributes.get("scheme", attributes.get("domain")), label
    )


def _media_category(walk: EntryWalk, element: Element, depth: int) -> None:
    attributes = walk.attributes(element)
    scheme = attributes.get("scheme", _MEDIA)
    _categorise(walk, element, depth, attributes.get("term"), scheme, attributes.get("label"))


def _itunes_category(walk: EntryWalk, element: Element, depth: int) -> None:
    term = walk.attributes(element).get("text")
    _categorise(walk, element, depth, term, _ITUNES, None)


def _categorise(
    walk: EntryWalk,
    element: Element,
    depth: int,
    term: str | None,
    scheme: str | None,
    label: str | None,
) -> None:
    if walk.entry is None:
        walk.children(element, depth)
        return
    tags: _Tags = walk.entry.setdefault("tags", [])
    _add_tag(tags, term, scheme, label)
    value = leaf_text(element)
    if not value:
        return
    if tags and not tags[-1]["term"]:
        tags[-1]["term"] = value
    else:
        _add_tag(tags, value, None, None)


def _add_tag(tags: _Tags, term: str | None, scheme: str | None, label: str | None) -> None:
    if len(tags) < MAX_TAGS and (term or scheme or label):
        tag = {"term": term, "scheme": scheme, "label": label}
        if tag not in tags:
            tags.append(tag)


def _keywords(walk: EntryWalk, element: Element, depth: int) -> None:
    if walk.entry is None or element.attrib:
        walk.children(element, depth)
        return
    scheme = _ITUNES if "itunes" in walk.names.name(element.tag) else None
    for term in leaf_text(element).split(","):
        if term.strip():
            _add_tag(walk.entry.setdefault("tags", []), term.strip(), scheme, None)


PEOPLE_RULES: dict[str, Rule] = {
    **dict.fromkeys(
        ("author", "managingeditor", "dc_creator", "dc_author", "itunes_author"), _author
    ),
    "contributor": contributor,
    "itunes_owner": _owner,
    **dict.fromkeys(("category", "keywords", "dc_subject"), _category),
    "media_category": _media_category,
    "itunes_category": _itunes_category,
    **dict.fromkeys(("media_keywords", "itunes_keywords"), _keywords),
}
