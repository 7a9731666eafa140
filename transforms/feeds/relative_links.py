"""Relative links of feeds."""

from urllib.parse import urljoin


def resolved(base: str, link: str) -> str:
    """Resolves a link (RFC 3986, section 5.2); gives the base where it is no link at all."""
    try:
        return urljoin(base, link)
    except ValueError:
        return base
