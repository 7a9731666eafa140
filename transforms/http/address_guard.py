"""Which addresses may be fetched: none that only the machine or its network can reach.

A feed's address comes from a list that somebody else wrote, and a redirect from whoever answers,
so either could point the pipeline at a router's page or a cloud's credentials (server-side
request forgery). Sources: the IANA special-purpose address registries (RFC 6890) and the
providers' documents on their metadata services.
"""

import socket
from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final

from yarl import URL

from schemas.errors import TerminalError
from transforms.http.redaction import redact

Address = IPv4Address | IPv6Address

# What `ipaddress` of some supported Python versions calls global, with the reason shown. Of IPv6,
# it calls reserved what is not in 2000::/3, so more need not stand here.
_REFUSED: Final = tuple(
    (ip_network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "unspecified"),
        ("100.100.100.200/32", "cloud metadata"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("168.63.129.16/32", "cloud metadata"),
        ("169.254.169.254/32", "cloud metadata"),
        ("169.254.170.2/32", "cloud metadata"),
        ("192.0.0.0/24", "reserved"),
        ("192.88.99.0/24", "reserved"),
        ("198.18.0.0/15", "reserved"),
        ("fd00:ec2::254/128", "cloud metadata"),
        ("fd20:ce::254/128", "cloud metadata"),
        ("fec0::/10", "private"),
        # Where in it the IPv4 address stands is known only to the network (RFC 8215).
        ("64:ff9b:1::/48", "local NAT64"),
        ("3fff::/20", "documentation"),
    )
)
# Of the well-known prefix of NAT64 (RFC 6052, section 2.1): the IPv4 address is its last 32 bits.
_NAT64: Final = IPv6Network("64:ff9b::/96")
# Names that are checked before any resolver is asked, or instead of it behind a proxy.
_LOOPBACK_NAME: Final = "localhost"
_METADATA_NAMES: Final = frozenset(("metadata", "metadata.google.internal", "instance-data"))
_HELP: Final = "add its network to http.allow_networks if it is meant to be fetched"


class AddressGuard:
    """Decides whether an address may be fetched.

    Args:
        allow_networks: Networks in CIDR form that may be fetched whatever they are.
    """

    def __init__(self, allow_networks: Iterable[str] = ()) -> None:
        self._allowed = tuple(ip_network(network) for network in allow_networks)

    def permits(self, address: str) -> bool:
        """Says whether this IP address, written as text, may be connected to."""
        return not self._refusal(ip_address(address))

    def check_address(self, address: str, host: str = "") -> None:
        """Refuses an IP address that must not be connected to.

        Args:
            address: The address as text.
            host: The name that it was found under, for the message.

        Raises:
            TerminalError: Naming the address, what kind it is, and the key that permits it.
        """
        reason = self._refusal(ip_address(address))
        if reason:
            found = f" (address of {redact(host)})" if host and host != address else ""
            raise TerminalError(
                f"refused to fetch from {address}{found}: {reason} address; {_HELP}"
            )

    def check_url(self, url: URL) -> None:
        """Refuses an address by what stands in it: scheme, literal IP address, telling name.

        Raises:
            TerminalError: The address is not for fetching.
        """
        if url.scheme not in ("http", "https"):
            raise TerminalError(
                f"refused to fetch {redact(str(url))}: its scheme is "
                f"{redact(url.scheme) or 'missing'}; must be http or https"
            )
        host = (url.host or "").rstrip(".").lower()
        if not host:
            raise TerminalError(f"refused to fetch {redact(str(url))}: it names no host")
        address = literal_address(host)
        if address is not None:
            self.check_address(str(address), host)
        elif host == _LOOPBACK_NAME or host.endswith("." + _LOOPBACK_NAME):
            if not self.permits("127.0.0.1") and not self.permits("::1"):
                self.check_address("127.0.0.1", host)
        elif host in _METADATA_NAMES:
            self.check_address("169.254.169.254", host)

    def _refusal(self, address: Address) -> str:
        """Says what an address is that must not be fetched; "" where it may be.

        An IPv6 address that leads to IPv4 addresses may be fetched if each of them may.
        """
        if any(address.version == net.version and address in net for net in self._allowed):
            return ""
        reasons = (_reason(address), *map(self._refusal, _ipv4_within(address)))
        return next(filter(None, reasons), "")


def literal_address(host: str) -> Address | None:
    """Reads a host that is an IP address, old forms of IPv4 included (`0x7f.1`, `2130706433`)."""
    try:
        return ip_address(host)
    except ValueError:
        pass
    if not host or not host[0].isdigit():
        return None
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeEncodeError, ValueError):
        return None


def _reason(address: Address) -> str:
    """Says what an address is that is not one of the public internet; "" if it is."""
    for network, reason in _REFUSED:
        if address.version == network.version and address in network:
            return reason
    kinds = (
        (address.is_unspecified, "unspecified"),
        (address.is_loopback, "loopback"),
        (address.is_link_local, "link-local"),
        (address.is_multicast, "multicast"),
        (address.is_reserved and not _ipv4_within(address), "reserved"),
        (address.is_private and not _ipv4_within(address), "private"),
    )
    return next((reason for holds, reason in kinds if holds), "")


def _ipv4_within(address: Address) -> tuple[IPv4Address, ...]:
    """Gives the IPv4 addresses that packets to this IPv6 address may end at."""
    if isinstance(address, IPv4Address):
        return ()
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return ()
