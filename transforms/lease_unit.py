"""The unit that leases are taken on, and that is asked one request at a time."""

import re
from urllib.parse import urlsplit

import ada_url

from schemas.feed import HoldScope
from schemas.poll import Poll
from transforms.text.urls import registered_domain

_PORT = re.compile(r":\d+\Z")


def lease_unit(url: str, hold: HoldScope | None = None) -> str:
    """Gives the unit that an address belongs to.

    The registered domain where the configuration holds back domains; else the host, with the port
    where it is not the scheme's own. However an address is written, a host has one name: in lower
    case, without the root's dot, international names as A-labels (RFC 5891, section 4.4), as the
    WHATWG URL standard has it.
    """
    if hold == "domain" and (domain := registered_domain(url)):
        return domain.rstrip(".")
    try:
        host = ada_url.URL(url).host
    except ValueError:
        # Nothing that can be asked; it still needs a name.
        host = urlsplit(url).netloc.rpartition("@")[2].lower()
    port = _PORT.search(host)
    name = host[: port.start()] if port else host
    return f"{name.rstrip('.')}{port[0] if port else ''}"


def units_of(url: str) -> tuple[str, ...]:
    """Gives the units that together cover an address, whatever its feeds are held back by.

    The host comes first, then its registered domain: a feed of that publisher has a lease on the
    one or the other.
    """
    return tuple(dict.fromkeys((lease_unit(url), lease_unit(url, "domain"))))


def is_covered(url: str, poll: Poll) -> bool:
    """Says whether a poll's own lease covers an address: of its host, or of its domain."""
    own = poll.state.address or poll.feed.url
    unit = lease_unit(url)
    return unit == lease_unit(own) or poll.lease.host in (unit, lease_unit(url, poll.feed.hold))
