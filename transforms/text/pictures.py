"""Pictures in HTML, and what is none of what a text tells. Pure."""

import html
import re
from collections.abc import Iterable
from itertools import islice

# Counters of readers, advertisements, buttons, formulas, smileys and avatars: no picture of what
# the entry tells. In lower case.
_NO_PICTURE = (
    *("gravatar.com/avatar", "emoji", "smilies", "smileys", "/icon/", "/icons/", "addtoany"),
    *("feedburner.com/~", "feedsportal", "doubleclick.net", "impactradius", "display-ad"),
    *("/tracking/", "event=post", "stats.wordpress.com", "pixel.wp.com", "/pixel", "-pixel"),
    *("counter.theconversation", "/blank.gif", "/spacer.gif", "/clear.gif", "/b.gif", "1x1.gif"),
    *("latex.php", "/math/render/"),
)
_IMG = re.compile(r"<img(\s[^<>]{1,4000}+)>")
_VALUE = r"""\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
_SOURCE = re.compile(rf"\s(?:src|SRC){_VALUE}")
# Where a script is to load it, `src` is a placeholder.
_LATER = re.compile(rf"\sdata-(?:lazy-)?(?:src|original){_VALUE}")
_SIDE = re.compile(r"""\s(?:width|height)\s*=\s*["']?(\d{1,5})(?:px)?["'\s/]""")
_LOOKED_AT = 5
# An article's picture stands near its beginning, and texts are long.
_HEAD_CHARS = 6_000
_LEAST_SIDE = 33


def picture_in(texts: Iterable[str]) -> str:
    """Gives the address of the first picture in HTML that is one, or ""."""
    for text in texts:
        head = text[:_HEAD_CHARS]
        if "<IMG" in head:
            head = head.replace("<IMG", "<img")
        for tag in islice(_IMG.finditer(head), _LOOKED_AT):
            sides = _SIDE.findall(tag[1]) if "width" in tag[1] or "height" in tag[1] else ()
            if any(int(side) < _LEAST_SIDE for side in sides):
                continue
            for pattern in (_SOURCE, _LATER):
                if (found := pattern.search(tag[1])) is not None:
                    url = html.unescape(found[1] or found[2] or found[3] or "").strip()
                    if is_picture(url):
                        return url
    return ""


def is_picture(url: str) -> bool:
    """Tells whether an address may be that of a picture that belongs to a text."""
    if not url or url.startswith(("data:", "about:")):
        return False
    lower = url.lower()
    return not any(part in lower for part in _NO_PICTURE)
