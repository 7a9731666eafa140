"""Addresses of servers."""

from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


def with_port(url: str) -> str:
    """Names the port, which the client wants even where it is the scheme's own."""
    parts = urlsplit(url)
    if parts.port is not None:
        return url
    return parts._replace(netloc=f"{parts.netloc}:{DEFAULT_PORTS[parts.scheme]}").geturl()
