"""Which addresses are refused, in every way they can be written."""

import asyncio
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
        "metadata.google.internal",
    ],
)  # fmt: skip
def test_what_is_not_public_is_refused(host: str) -> None:
    with pytest.raises(TerminalError, match=r"http\.allow_networks"):
        AddressGuard().check_url(URL(f"http://{host}/feed"))


@pytest.mark.parametrize("host", ["93.184.215.14", "[2606:4700::1111]", "paper.example"])
def test_public_addresses_are_permitted(host: str) -> None:
    AddressGuard().check_url(URL(f"https://{host}/feed"))
    assert AddressGuard().permits("93.184.215.14")


def test_an_allowed_network_permits_no_other() -> None:
    guard = AddressGuard(["10.0.0.0/8"])
    assert guard.permits("10.9.9.9")
    assert guard.permits("::ffff:10.9.9.9")
    assert not guard.permits("192.168.0.1")
    assert not guard.permits("127.0.0.1")


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
