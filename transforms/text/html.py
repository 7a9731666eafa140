"""HTML fragments to plain text: paragraphs kept, everything that is no text gone."""

import html
import re

from transforms.text.characters import clean_text, valid_unicode
from transforms.text.html_parser import extract_plain_text

# A text in which nobody closes or opens an element is plain, whatever the feed calls it.
_MARKUP = re.compile(r"<[a-zA-Z/!?]")
# A fragment without one real tag, but with these escaped, is HTML that was escaped twice over. A
# text about HTML names tags too, but hardly links, or closes paragraphs, with no markup around.
_ESCAPED_MARKUP = re.compile(
    r"&lt;(?:a\s+href=|img\s+\w|br\s?/?&gt;|/(?:p|a|div|span|em|strong)&gt;)", re.IGNORECASE
)
# A section that a publisher's system escaped, or put into another: its marks are no text.
_CDATA = ("<![CDATA[", "&lt;![CDATA[")
_HEAD_CHARS = 40
# Looking back makes a long run of blanks be read once, not from each of its characters.
_PARAGRAPH_BREAK = re.compile(r"(?<![ \t\r])[ \t\r]*\n[ \t\r]*(?:\n[ \t\r]*)+")
_LINE_BREAK = re.compile(r"(?<![ \t\r])[ \t\r]*\n[ \t\r]*")
# What is left after decoding once was escaped twice by the publisher. Decoded are only references
# that no news text means literally; `&lt;` and `&gt;` never, so that no tag comes to life.
_ESCAPED_TWICE = re.compile(
    r"&(?:#(?!0*(?:60|62);)\d{2,6}|#x(?!0*3[ce];)[0-9a-f]{2,5}|amp|quot|apos|nbsp|shy|hellip"
    r"|[mn]dash|[lr][sd]quo|[sb]dquo|[lr]aquo|bull|middot|copy|reg|trade|euro|pound|deg|szlig"
    r"|[a-z](?:acute|grave|circ|uml|tilde|cedil|ring|slash))(?:;)",
    re.IGNORECASE,
)
# The parser compares each attribute of an element with all the others. Only a long fragment holds
# enough of them to matter, and no text has a thousand on one element.
_LONG_FRAGMENT = 20_000
_MAX_ATTRIBUTES = 1_000
_TAG = re.compile(
    r"<([a-zA-Z][\w:-]{0,40})"
    r"(?:[^>=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?)*+(?:>|\Z)"
)
_ATTRIBUTE = re.compile(r"[=\s/]+")


def html_to_text(fragment: str) -> str:
    r"""Gives the text of an HTML fragment, paragraphs separated by `\n\n`.

    Scripts, styles, comments, forms and pictures give nothing. Entities are decoded once; what a
    publisher escaped twice by mistake is decoded again where it can be nothing else. The result
    is NFC with blanks folded (`clean_text`). Linear in the fragment's length, nesting included.

    Raises:
        ValueError: The parser refuses the fragment.
    """
    if fragment[:_HEAD_CHARS].lstrip().startswith(_CDATA):
        fragment = _without_cdata(fragment.strip())
    if _MARKUP.search(fragment) is None and _ESCAPED_MARKUP.search(fragment) is not None:
        fragment = html.unescape(fragment)
    if _MARKUP.search(fragment) is None:
        text = html.unescape(fragment) if "&" in fragment else fragment
        paragraphs = _PARAGRAPH_BREAK.split(text.strip())
        text = "\n\n".join(_LINE_BREAK.sub(" ", paragraph) for paragraph in paragraphs)
    else:
        text = _extract(fragment)
    for _ in range(2):
        if "&" not in text:
            break
        text = _ESCAPED_TWICE.sub(_decoded, text)
    return clean_text(text)


def _without_cdata(fragment: str) -> str:
    for opening in _CDATA:
        fragment = fragment.removeprefix(opening)
    return fragment.removesuffix("]]>").removesuffix("]]&gt;")


def title_to_text(fragment: str) -> str:
    """Gives a title's text on one line."""
    return " ".join(html_to_text(fragment).split())


def without_hostile_attributes(markup: str) -> str:
    """Takes the attributes off elements that have thousands: parsers are quadratic in them."""
    if len(markup) > _LONG_FRAGMENT and any(
        tag.end() - tag.start() >= _MAX_ATTRIBUTES for tag in _TAG.finditer(markup)
    ):
        return _TAG.sub(_without_attributes_if_many, markup)
    return markup


def _extract(fragment: str) -> str:
    # NULs and lone surrogates are no Unicode that the parser could be handed.
    valid = without_hostile_attributes(valid_unicode(fragment))
    return str(
        extract_plain_text(
            valid,
            preserve_formatting=True,
            main_content=False,
            list_bullets=False,
            alt_texts=False,
            links=False,
            form_fields=False,
            noscript=False,
        )
    )


def _without_attributes_if_many(match: re.Match[str]) -> str:
    # Each attribute has at least one of these separators, so most tags are told by their length.
    if len(match[0]) < _MAX_ATTRIBUTES:
        return match[0]
    separators = sum(1 for _ in _ATTRIBUTE.finditer(match[0]))
    return match[0] if separators < _MAX_ATTRIBUTES else f"<{match[1]}>"


def _decoded(match: re.Match[str]) -> str:
    return html.unescape(match[0].lower() if match[0].isupper() else match[0])
