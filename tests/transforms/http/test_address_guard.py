"""Which addresses are refused, in every way they can be written."""

import asyncio
from ipaddress import ip_network
from typing import Any

import pytest
from yarl import URL

from schemas.errors import TerminalError
from transforms.http.address_guard import AddressGuard
from transforms.http.guarded_resolver import GuardedResolver


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "0x7f.1", "2130706433", "0.0.0.0", "10.1.2.3", "172.16.0.1",
        "192.168.1.1", "100.64.0.1", "169.254.169.254", "168.63.129.16", "224.0.0.1",
        "255.255.255.255", "[::1]", "[::]", "[fe80::1]", "[fd00::1]", "[::ffff:127.0.0.1]",
        "[64:ff9b::a00:1]", "[2002:a00:1::]", "localhost", "a.localhost", "localhost.",
        "metadata.google.internal", "[::7f00:1]", "[::808:808]",
    ],
)  # fmt: skip
def test_what_is_not_public_is_refused(host: str) -> None:
    with pytest.raises(TerminalError, match=r"http\.allow_networks"):
        AddressGuard().check_url(URL(f"http://{host}/feed"))


@pytest.mark.parametrize("host", ["93.184.215.14", "[2606:4700::1111]", "paper.example"])
def test_public_addresses_are_permitted(host: str) -> None:
    AddressGuard().check_url(URL(f"https://{host}/feed"))
    assert AddressGuard().permits("93.184.215.14")


@pytest.mark.parametrize(
    "network",
    [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "::/8", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001:2::/48", "2001:10::/28",
        "2001:db8::/32", "3fff::/20", "4000::/3", "5f00::/16", "fc00::/7", "fe80::/10",
        "fec0::/10", "ff00::/8",
    ],
)  # fmt: skip
def test_special_purpose_networks_are_refused_as_a_whole(network: str) -> None:
    """Those that IANA's registries do not call globally reachable, multicast, and unassigned."""
    special = ip_network(network)
    assert not AddressGuard().permits(str(special[0]))
    assert not AddressGuard().permits(str(special[-1]))


@pytest.mark.parametrize(
    ("form", "inner"),
    [
        ("::ffff:8.8.8.8", "::ffff:10.9.9.9"),
        ("64:ff9b::8.8.8.8", "64:ff9b::10.9.9.9"),
        ("2002:808:808::1", "2002:a09:909::1"),
        ("2001:0:808:808::f7f7:f7f7", "2001:0:808:808::f5f6:f6f6"),
        ("2001:0:808:808::f7f7:f7f7", "2001:0:a09:909::f7f7:f7f7"),
    ],
    ids=["mapped", "NAT64", "6to4", "Teredo client", "Teredo server"],
)
def test_an_ipv4_address_within_is_judged_like_any_other(form: str, inner: str) -> None:
    assert AddressGuard().permits(form)
    assert not AddressGuard().permits(inner)
    assert AddressGuard(["10.0.0.0/8"]).permits(inner)


def test_where_a_local_nat64_leads_cannot_be_told() -> None:
    for address in (
        "64:ff9b:1::808:808", "64:ff9b:1:7f00:0:100:808:808", "64:ff9b:1:ffff::808:808"
    ):  # fmt: skip
        assert not AddressGuard(["10.0.0.0/8"]).permits(address)
        assert AddressGuard(["64:ff9b:1::/48"]).permits(address)


def test_an_allowed_network_permits_no_other() -> None:
    guard = AddressGuard(["10.0.0.0/8"])
    assert guard.permits("10.9.9.9")
    assert not guard.permits("192.168.0.1")
    assert not guard.permits("127.0.0.1")
    # Teredo with the server 10.0.0.1 and the client 169.254.169.254
    assert not guard.permits("2001:0:a00:1::5601:5601")


@pytest.mark.parametrize("url", ["ftp://paper.example/", "file:///etc/passwd", "/feed"])
def test_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(TerminalError, match="must be http or https"):
        AddressGuard().check_url(URL(url))


def test_a_name_that_leads_to_a_private_address_is_refused() -> None:
    async def resolve(guard: AddressGuard) -> list[Any]:
        return list(await GuardedResolver(guard).resolve("localhost", 80))

    with pytest.raises(TerminalError, match=r"address of localhost\): loopback address"):
        asyncio.run(resolve(AddressGuard()))
    found = asyncio.run(resolve(AddressGuard(["127.0.0.0/8"])))
    assert [one["host"] for one in found] == ["127.0.0.1"]
