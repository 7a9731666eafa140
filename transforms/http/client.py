"""The connections: a client that reaches only what the address guard permits.

Behind a proxy (`HTTPS_PROXY`, `HTTP_PROXY`, except for `NO_PROXY`) it is the proxy that resolves
names, so the guard can only check schemes, literal addresses and names such as `localhost`; the
proxy has to refuse its own network. The proxy itself may have any address: whoever runs the
pipeline has chosen it.
"""

import ssl
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from urllib.request import getproxies, proxy_bypass

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from schemas.config import HttpConfig
from schemas.errors import ConfigError
from transforms.http.address_guard import AddressGuard
from transforms.http.guarded_resolver import GuardedResolver

# Some publishers send policies in their headers that are longer than aiohttp's 8 KB.
_MAX_HEADER_BYTES = 65_536
_DNS_SECONDS = 60


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Gives the TLS settings: the system's certificate authorities, and those of `ca_file` too.

    Raises:
        ConfigError: The file cannot be read as PEM certificates.
    """
    context = ssl.create_default_context()
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ssl.SSLError) as error:
            raise ConfigError(
                f"{ca_file} cannot be used ({error}); must be a file of CA certificates, PEM",
                ("http", "ca_file"),
            ) from None
    return context


class FeedClient:
    """Sends single requests: no redirects followed, no cookies kept, no bodies unpacked.

    To be made and closed within a running event loop.

    Args:
        config: Networks allowed, user agent, certificates.
        keepalive_seconds: How long an unused connection is kept for the host's next feed.
        context: From `tls_context`, where it has been made before.
    """

    def __init__(
        self,
        config: HttpConfig,
        keepalive_seconds: float = 5.0,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.guard = AddressGuard(config.allow_networks)
        self._context = context or tls_context(config.ca_file)
        self._keepalive_seconds = keepalive_seconds
        self._proxies = getproxies()
        self._direct = self._session(GuardedResolver(self.guard))
        self._proxied: aiohttp.ClientSession | None = None

    def get(
        self, url: URL, headers: dict[str, str]
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """Asks for `url` once.

        Raises:
            TerminalError: The guard refuses the address.
        """
        return self._request("GET", url, headers)

    def post(
        self, url: URL, headers: dict[str, str], form: Mapping[str, str]
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """Sends a form to `url` once.

        Raises:
            TerminalError: The guard refuses the address.
        """
        return self._request("POST", url, headers, form)

    async def close(self) -> None:
        """Closes all connections."""
        await self._direct.close()
        if self._proxied is not None:
            await self._proxied.close()

    def _request(
        self, method: str, url: URL, headers: dict[str, str], form: Mapping[str, str] | None = None
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        self.guard.check_url(url)
        proxy = self._proxy_for(url)
        session = self._direct
        if proxy is not None:
            if self._proxied is None:
                self._proxied = self._session(None)
            session = self._proxied
        return session.request(
            method, url, headers=headers, data=form, allow_redirects=False, proxy=proxy
        )

    def _proxy_for(self, url: URL) -> URL | None:
        proxy = self._proxies.get(url.scheme)
        if not proxy or proxy_bypass(f"{url.host}:{url.port}"):
            return None
        return URL(proxy if "://" in proxy else f"http://{proxy}")

    def _session(self, resolver: AbstractResolver | None) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            resolver=resolver,
            ssl=self._context,
            limit=0,  # the pool bounds what is under way
            ttl_dns_cache=_DNS_SECONDS,
            keepalive_timeout=self._keepalive_seconds,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            max_line_size=_MAX_HEADER_BYTES,
            max_field_size=_MAX_HEADER_BYTES,
        )
