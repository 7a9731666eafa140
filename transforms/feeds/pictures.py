"""An entry's picture, where its feed names one. Pure."""

from collections.abc import Mapping
from typing import Any

from transforms.feeds.feedparser_values import records_of, text_of, value_of
from transforms.text.pictures import is_picture

_PICTURE_FILES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif")
# One that is narrower is a thumbnail, to be taken only where there is nothing wider.
_NARROW = 300


def named_picture(item: Mapping[str, Any]) -> str:
    """Gives the address of the picture that an entry names, or "".

    Args:
        item: The entry, by feedparser's names.
    """
    media = _of_media(item) if "media_content" in item else ""
    return media or _named(item)


def _of_media(item: Mapping[str, Any]) -> str:
    """Gives the first of the entry's media that is a picture, or the widest if that is narrow."""
    found: list[tuple[str, int]] = []
    for media in records_of(item, "media_content"):
        url = text_of(media, "url").strip()
        kind, medium = text_of(media, "type").strip(), text_of(media, "medium").strip()
        unstated = not kind and not medium and _names_picture(url)
        if (medium == "image" or kind.startswith("image/") or unstated) and is_picture(url):
            found.append((url, _pixels(text_of(media, "width"))))
    if not found:
        return ""
    url, width = found[0]
    return max(found, key=lambda one: one[1])[0] if 0 <= width < _NARROW else url


def _named(item: Mapping[str, Any]) -> str:
    for media in records_of(item, "media_thumbnail"):
        if is_picture(url := text_of(media, "url").strip()):
            return url
    for link in records_of(item, "links"):
        url = text_of(link, "href").strip()
        if value_of(link, "rel") == "enclosure" and is_picture(url):
            kind = text_of(link, "type").strip()
            if kind.startswith("image/") or (kind in ("", "image") and _names_picture(url)):
                return url
    image = value_of(item, "image")
    url = text_of(image, "href").strip() if isinstance(image, Mapping) else ""
    return url if is_picture(url) else ""


def _names_picture(url: str) -> bool:
    return url.partition("?")[0].lower().endswith(_PICTURE_FILES)


def _pixels(value: str | None) -> int:
    """Gives a length in pixels; -1 where none is stated."""
    digits = (value or "").strip().removesuffix("px")
    return int(digits) if digits.isdecimal() and len(digits) < 6 else -1
