"""Addresses: the canonical form that identifies an article, and the form that may be shown.

Parsing follows the WHATWG URL standard (ada), so host case, default ports, dot segments and
international names come out as a browser has them.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from urllib.parse import unquote_plus

import ada_url

# Longer ones are no addresses that anybody follows, and an index key is at most 32,766 bytes.
MAX_URL_CHARS = 8_000
# An address as the standard's serializer writes it: a user's "@" and "/" are percent-encoded there.
_HREF = re.compile(r"(https?)://(?:[^/?#@]*@)?([^/?#@]+)([^?#]*)(?:\?([^#]*))?")
_PORT = re.compile(r":\d+\Z")
_HEX = re.compile(r"%[0-9a-fA-F]{2}")
_USER = re.compile(r"(?i)\A(\s*https?:)?[/\\]{2}[^/?#\\]*@")
_MAX_REDIRECTORS = 5
# Google's viewer of AMP pages and the caches of the AMP project: "s" is https.
_AMP = re.compile(
    r"(?:(?:www\.)?google\.[a-z.]{2,6}/amp|[a-z0-9-]+\.cdn\.ampproject\.org/[cv])"
    r"/(s/)?([a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/.*)?)\Z"
)
# Names of sessions and campaigns by which some systems (PHP-Nuke, Slashdot, Discuz) tell articles
# apart: what they are then is no session and no campaign.
_OWN = re.compile(
    r"(?i)(?:sid=(?:\d{1,9}|(?:\d\d(?:/|%2F)){3}\d+)|mod=(?:viewthread|view|list|redirect))\Z"
)


def canonical_url(url: str, base: str = "") -> str:
    """Gives the address that identifies an article, or "" where there is none.

    Scheme and host in lower case, default port, user, fragment, tracking and secret parameters
    dropped (`data/*.txt`), parameters sorted by name, percent-encodings in upper case, known
    redirectors replaced by their target. Applying it again changes nothing.

    Args:
        url: As the feed gives it, relative perhaps.
        base: What a relative one starts from.
    """
    parsed = _parse(url, base)
    for _ in range(_MAX_REDIRECTORS):
        if parsed is None:
            return ""
        target = _redirector_target(parsed)
        inner = _parse(target) if target else None
        if inner is None:
            break
        parsed = inner
    if parsed is None:
        return ""
    kept = _kept_parameters(parsed.query, (_TRACKING, _SECRET)) if parsed.query else []
    kept.sort(key=_parameter_name)
    path = _HEX.sub(_upper, parsed.path)
    search = "?" + _HEX.sub(_upper, "&".join(kept)) if kept else ""
    canonical = f"{parsed.scheme}://{parsed.host}{path}{search}"
    return canonical if len(canonical) <= MAX_URL_CHARS else ""


def original_url(url: str) -> str:
    """Gives a link as the feed gave it, without user, password and secret parameters."""
    cleaned = _USER.sub(lambda match: f"{match[1] or ''}//", url.strip())
    if len(cleaned) > MAX_URL_CHARS:
        return ""
    address, hash_mark, fragment = cleaned.partition("#")
    path, mark, query = address.partition("?")
    kept = [p for p in query.split("&") if not _is_named(p, _SECRET) or _OWN.match(p)]
    query = "&".join(kept)
    return f"{path}{mark if query else ''}{query}{hash_mark}{fragment}"


def domain(url: str) -> str:
    """Gives an absolute address's host in lower case (international names as `xn--…`), or ""."""
    parsed = _parse(url)
    return parsed.host_name if parsed is not None else ""


def registered_domain(url: str) -> str:
    """Gives the part of the host that somebody registered (`bbc.co.uk`), by the Public Suffix List.

    The list is the one that the package `publicsuffixlist` brings; nothing is fetched. Hosts
    without a registered part (addresses, `localhost`) stand for themselves.
    """
    return _registered(domain(url))


@lru_cache(maxsize=10_000)
def _registered(host: str) -> str:
    if not host or host.startswith("[") or host.replace(".", "").isdigit():
        return host
    return _suffixes().privatesuffix(host.rstrip(".")) or host


@cache
def _suffixes():  # type: ignore[no-untyped-def]  # the package has no types
    # 50 ms, and only what makes documents needs it.
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


@dataclass(frozen=True, slots=True)
class _Address:
    """The parts of an http or https address in the WHATWG standard's form.

    Attributes:
        host: With the port, where it is not the scheme's own.
        query: Without the question mark.
    """

    scheme: str
    host: str
    path: str
    query: str

    @property
    def host_name(self) -> str:
        """The host without the port."""
        return _PORT.sub("", self.host)


def _parse(url: str, base: str = "") -> _Address | None:
    url = url.strip()
    if not url or len(url) > 4 * MAX_URL_CHARS:
        return None
    url = url.encode("utf-8", "replace").decode()
    try:
        href = (
            ada_url.join_url(base.encode("utf-8", "replace").decode(), url)
            if base
            else ada_url.normalize_url(url)
        )
    except ValueError:
        # A base that is no address must not cost an absolute link.
        return _parse(url) if base else None
    # Cut out of the standard form: to ask the parser for each part costs as much as to parse.
    parts = _HREF.match(href)
    return _Address(*parts.groups("")) if parts is not None else None


def _redirector_target(parsed: _Address) -> str:
    for name in _REDIRECTORS.get((parsed.host_name, parsed.path), ()):
        for part in parsed.query.split("&"):
            key, _, value = part.partition("=")
            if key == name and value:
                return unquote_plus(value)
    amp = _AMP.match(f"{parsed.host_name}{parsed.path}")
    if amp is None:
        return ""
    query = f"?{parsed.query}" if parsed.query else ""
    return f"{'https' if amp[1] else 'http'}://{amp[2]}{query}"


def _kept_parameters(query: str, dropped: tuple["_Names", ...]) -> list[str]:
    return [
        part
        for part in query.split("&")
        if part and (not any(_is_named(part, names) for names in dropped) or _OWN.match(part))
    ]


def _parameter_name(part: str) -> str:
    return part.partition("=")[0]


def _is_named(part: str, names: "_Names") -> bool:
    # Some generators write `&amp;` twice over: `amp;utm_source`.
    name = unquote_plus(_parameter_name(part)).lower().removeprefix("amp;")
    return name in names.exact or name.startswith(names.prefixes)


def _upper(match: re.Match[str]) -> str:
    return match[0].upper()


class _Names:
    """Parameter names out of a data file."""

    def __init__(self, file: str) -> None:
        names = _lines(file)
        self.exact = frozenset(name for name in names if not name.endswith("*"))
        self.prefixes = tuple(name[:-1] for name in names if name.endswith("*"))


def _lines(file: str) -> list[str]:
    text = files("transforms.text").joinpath("data", file).read_text("utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]


def _redirectors() -> dict[tuple[str, str], list[str]]:
    known: dict[tuple[str, str], list[str]] = {}
    for line in _lines("redirectors.txt"):
        host, path, name = line.split()
        known.setdefault((host, path), []).append(name)
    return known


_TRACKING = _Names("tracking_parameters.txt")
_SECRET = _Names("secret_parameters.txt")
_REDIRECTORS = _redirectors()
