"""An entry's picture, where its feed names one. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from transforms.text.pictures import is_picture

_PICTURE_FILES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif")
# One that is narrower is a thumbnail, to be taken only where there is nothing wider.
_NARROW = 300
# FeedParserDict's own `get` has opinions.
_get: Callable[[Any, str], Any] = dict.get


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
    for media in _list(item, "media_content"):
        url = _text(media, "url")
        kind, medium = _text(media, "type"), _text(media, "medium")
        unstated = not kind and not medium and _names_picture(url)
        if (medium == "image" or kind.startswith("image/") or unstated) and is_picture(url):
            found.append((url, _pixels(_text(media, "width"))))
    if not found:
        return ""
    url, width = found[0]
    return max(found, key=lambda one: one[1])[0] if 0 <= width < _NARROW else url


def _named(item: Mapping[str, Any]) -> str:
    for media in _list(item, "media_thumbnail"):
        if is_picture(url := _text(media, "url")):
            return url
    for link in _list(item, "links"):
        if _get(link, "rel") == "enclosure" and is_picture(url := _text(link, "href")):
            kind = _text(link, "type")
            if kind.startswith("image/") or (kind in ("", "image") and _names_picture(url)):
                return url
    image = _get(item, "image")
    url = _text(image, "href") if isinstance(image, Mapping) else ""
    return url if is_picture(url) else ""


def _names_picture(url: str) -> bool:
    return url.partition("?")[0].lower().endswith(_PICTURE_FILES)


def _pixels(value: str | None) -> int:
    """Gives a length in pixels; -1 where none is stated."""
    digits = (value or "").strip().removesuffix("px")
    return int(digits) if digits.isdecimal() and len(digits) < 6 else -1


def _text(holder: Mapping[str, Any], key: str) -> str:
    value = _get(holder, key)
    return value.strip() if isinstance(value, str) else ""


def _list(holder: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = _get(holder, key)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
