"""The unit that leases are taken on, and that is asked one request at a time."""

from urllib.parse import urlsplit

from schemas.feed import HoldScope
from transforms.text.urls import registered_domain


def lease_unit(url: str, hold: HoldScope | None = None) -> str:
    """Gives the unit that an address belongs to.

    The registered domain where the configuration holds back domains; else the host, with the port
    where one is named.
    """
    parts = urlsplit(url)
    if hold == "domain" and (domain := registered_domain(url)):
        return domain
    host = parts.hostname or ""
    return f"{host}:{parts.port}" if parts.port is not None else host
