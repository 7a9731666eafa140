"""The unit that leases are taken on."""

from urllib.parse import urlsplit


def host_of(url: str) -> str:
    """Gives the lease's unit that a feed belongs to: host, with the port where one is named."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return f"{host}:{parts.port}" if parts.port is not None else host
