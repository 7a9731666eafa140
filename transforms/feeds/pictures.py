"""An entry's picture: what its feed names as one, else the first in its HTML. Pure."""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

_PICTURE_FILE = re.compile(r"(?i)\.(?:jpe?g|png|webp|gif|avif)\Z")
# Counters of readers, advertisements, buttons, formulas, smileys and avatars: no picture of what
# the entry tells.
_NO_PICTURE = re.compile(
    r"(?i)\A(?:data:|about:)|gravatar\.com/avatar|emoji|smil(?:ies|eys)|feedburner\.com/~|feedsportal"
    r"|doubleclick\.net|impactradius|display-ad|addtoany|/icons?/|/tracking/|[?&]event=post"
    r"|stats?\.wordpress\.com|pixel\.wp\.com|[/-]pixel[/?.]|counter\.theconversation"
    r"|/(?:blank|spacer|clear|b|1x1)\.gif|latex\.php|/math/render/"
)
_IMG = re.compile(r"(?i)<img\s([^<>]{1,4000}+)>")
_ATTRIBUTE = re.compile(
    r"(?i)(?<![\w-])(src|data-src|data-lazy-src|data-original|width|height)\s*=\s*"
    r"(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))"
)
_SOURCES = ("src", "data-src", "data-lazy-src", "data-original")
_LOOKED_AT = 5
# One that is narrower is a thumbnail, to be taken only where there is nothing wider.
_NARROW = 300
_LEAST_SIDE = 33
# FeedParserDict's own `get` has opinions.
_get: Callable[[Any, str], Any] = dict.get


def picture_of(item: Mapping[str, Any], texts: Iterable[str]) -> str:
    """Gives the address of an entry's picture, or "".

    Args:
        item: The entry, by feedparser's names.
        texts: Its texts in HTML, in the order in which a picture is looked for there.
    """
    return _of_media(item) or next(_named(item), "") or picture_in(texts)


def picture_in(texts: Iterable[str]) -> str:
    """Gives the address of the first picture in HTML that is one, or ""."""
    for text in texts:
        for tag in islice(_IMG.finditer(text), _LOOKED_AT):
            said = {
                match[1].lower(): html.unescape(match[2] or match[3] or match[4] or "").strip()
                for match in _ATTRIBUTE.finditer(tag[1])
            }
            if any(0 <= _pixels(said.get(side)) < _LEAST_SIDE for side in ("width", "height")):
                continue
            for name in _SOURCES:
                if _is_picture(said.get(name, "")):
                    return said[name]
    return ""


def _of_media(item: Mapping[str, Any]) -> str:
    """Gives the first of the entry's media that is a picture, or the widest if that is narrow."""
    found: list[tuple[str, int]] = []
    for media in _list(item, "media_content"):
        url = _text(media, "url")
        kind, medium = _text(media, "type"), _text(media, "medium")
        unstated = not kind and not medium and _names_picture(url)
        if (medium == "image" or kind.startswith("image/") or unstated) and _is_picture(url):
            found.append((url, _pixels(_text(media, "width"))))
    if not found:
        return ""
    url, width = found[0]
    return max(found, key=lambda one: one[1])[0] if 0 <= width < _NARROW else url


def _named(item: Mapping[str, Any]) -> Iterator[str]:
    for media in _list(item, "media_thumbnail"):
        if _is_picture(_text(media, "url")):
            yield _text(media, "url")
    for link in _list(item, "links"):
        url, kind = _text(link, "href"), _text(link, "type")
        named = kind.startswith("image/") or (kind in ("", "image") and _names_picture(url))
        if _get(link, "rel") == "enclosure" and named and _is_picture(url):
            yield url
    image = _get(item, "image")
    if isinstance(image, Mapping) and _is_picture(_text(image, "href")):
        yield _text(image, "href")


def _is_picture(url: str) -> bool:
    return bool(url) and _NO_PICTURE.search(url) is None


def _names_picture(url: str) -> bool:
    return _PICTURE_FILE.search(url.partition("?")[0]) is not None


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
