"""Authors of an entry or a page: each by name, without what stands around it."""

import regex

from transforms.text.html import title_to_text

# HTML may be this much longer than the name in it before it is refused unparsed.
_MARKUP_FACTOR = 10
MAX_NAME_CHARS = 300
_MAIL_AND_NAME = regex.compile(r"\A\S+@\S+\s+\((.+)\)\Z")
_NAME_AND_MAIL = regex.compile(r"\A(.+?)\s*[<(]\S+@\S+[>)]\Z")
# "Di" with a capital begins a family name.
_BY = regex.compile(r"\A(?:(?i:by|von|par|por|door)|di)\s+(?=\S)")
_ADDRESS = regex.compile(r"(?i)\Ahttps?://\S*\Z")
# A name of two words or more, in whatever script has capitals: what is in such a list is a person,
# where a ministry's "Trade and Industry" or a single family name is not.
_WORD = r"\p{Lu}[\p{L}.'’-]*+"
_PARTICLE = r"(?:a[ln]|bin|da|de[lnr]?|di|do|dos|du|e[lr]|ibn|la|le|te[nr]|v[ao]n|zu)(?!\p{L})"
_NAME = rf"{_WORD}(?:\s(?:{_WORD}|{_PARTICLE})){{1,5}}+"
_AND = r"\s(?:and|&|und|et|y|e|en|och|og|i|и|та|і|ve|dan|και)\s"
_LIST = regex.compile(rf"({_NAME})(?:,\s({_NAME}))*,?{_AND}({_NAME})")
_LISTED = regex.compile(rf"({_NAME})(?:;\s?({_NAME}))+;?")


def author_names(text: str) -> list[str]:
    """Gives the authors that a text names: one, or each of a list that is nothing but names.

    "Ada Example, Ben Example and Cem Example" is three. Where only commas part them nothing is
    taken apart, since what follows a comma is a place, a paper or a title as often as a name.
    """
    name = author_name(text)
    found = _LIST.fullmatch(name) or _LISTED.fullmatch(name)
    if found is None:
        return [name] if name else []
    return [one for group in (1, 2, 3)[: found.re.groups] for one in found.captures(group)]


def author_name(name: str) -> str:
    """Gives an author's name without the address and the "by" that may stand around it.

    What is nothing but the address of a page names nobody.
    """
    if len(name) > MAX_NAME_CHARS * _MARKUP_FACTOR:
        return ""
    text = title_to_text(name)
    for form in (_MAIL_AND_NAME, _NAME_AND_MAIL):
        if (match := form.match(text)) is not None:
            text = match[1].strip(" \"'")
    return "" if _ADDRESS.match(text) else _BY.sub("", text)
