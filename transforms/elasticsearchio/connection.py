"""Where Elasticsearch is and how to log in; the secrets are named here, and read on the worker."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

from transforms.elasticsearch_protocol.addresses import DEFAULT_PORTS, with_port
from transforms.elasticsearch_protocol.secrets import is_reference, read_secret

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch


# With colons or without, as tools print it.
_FINGERPRINT = re.compile(r"[0-9A-Fa-f]{2}(:?[0-9A-Fa-f]{2}){31}")


@dataclass(frozen=True, slots=True)
class Connection:
    """A cluster's address and how to log in. Safe to pickle: it holds no secret.

    `password` and `api_key` are references, read by each worker when it connects: `env:NAME` an
    environment variable, `file:/path` a file's content (as Kubernetes and Docker mount secrets),
    `gcp:projects/P/secrets/S/versions/V` a secret in Google Cloud's Secret Manager. A secret in
    clear is refused, since the pipeline's graph would show it.

    Attributes:
        hosts: URLs such as `https://es.example.org:9200`, several of one cluster; or one URL.
        cloud_id: Instead of `hosts`, Elastic Cloud's id.
        user: User name for basic authentication, with `password`.
        password: Reference to the password.
        api_key: Reference to the API key: the encoded form, or `id:key`.
        ca_file: File of the CA that signed the server's certificate, on the worker.
        fingerprint: SHA-256 of the server's certificate, in hexadecimal, instead of a CA.
        request_timeout: Seconds to wait for an answer.
        compress: Send bodies gzipped: less network, more CPU on both sides.
    """

    hosts: str | tuple[str, ...] = ()
    cloud_id: str | None = None
    user: str | None = None
    password: str | None = None
    api_key: str | None = None
    ca_file: str | None = None
    fingerprint: str | None = None
    request_timeout: float = 60.0
    compress: bool = False

    def __post_init__(self) -> None:
        hosts = (self.hosts,) if isinstance(self.hosts, str) else tuple(self.hosts)
        object.__setattr__(self, "hosts", hosts)
        if bool(hosts) == bool(self.cloud_id):
            raise ValueError("a connection has either hosts or a cloud_id")
        for host in hosts:
            _check_host(host)
        for name in ("password", "api_key"):
            reference = getattr(self, name)
            if reference is not None and not is_reference(reference):
                # The value is not repeated: it may be the secret.
                raise ValueError(
                    f"{name} must be a reference, env:NAME, file:/path or gcp:projects/…: a "
                    "secret in clear would stand in the pipeline's graph"
                )
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password go together")
        if self.user is not None and self.api_key is not None:
            raise ValueError("a connection logs in with user and password or with an api_key")
        if self.ca_file is not None and self.fingerprint is not None:
            raise ValueError("a connection trusts by ca_file or by fingerprint, not both")
        if self.fingerprint is not None and not _FINGERPRINT.fullmatch(self.fingerprint):
            raise ValueError("fingerprint must be a SHA-256 in hexadecimal: 64 digits")
        if self.ca_file is not None or self.fingerprint is not None:
            for host in hosts:
                if not host.lower().startswith("https:"):
                    raise ValueError(f"ca_file and fingerprint are for https://, not {host}")
        if self.request_timeout <= 0:
            raise ValueError("request_timeout must be positive")

    @property
    def address(self) -> str:
        """The address, for messages and display data."""
        return f"cloud id {self.cloud_id}" if self.cloud_id else ", ".join(self.hosts)

    def open(self, connections: int = 1) -> "Elasticsearch":
        """Opens the official client; nothing is sent yet.

        Args:
            connections: Requests that will be in flight at once.

        Raises:
            SecretMissingError: A reference leads nowhere on this worker.
            FileNotFoundError: Nor does `ca_file`.
        """
        # Takes a third of a second to import, which only a worker needs to spend.
        from elasticsearch import Elasticsearch

        from transforms.elasticsearch_protocol.transport import JsonTransport

        where: dict[str, Any] = (
            {"cloud_id": self.cloud_id}
            if self.cloud_id
            else {"hosts": [with_port(host) for host in self.hosts]}
        )
        if self.ca_file is not None:
            # The client would say so at each request, as if the server could not be reached.
            if not os.access(self.ca_file, os.R_OK):
                raise FileNotFoundError(f"ca_file {self.ca_file} cannot be read on this worker")
            where["ca_certs"] = self.ca_file
        if self.fingerprint is not None:
            where["ssl_assert_fingerprint"] = self.fingerprint
        # Retries are ours: the client's own are over within a hundredth of a second.
        return Elasticsearch(
            **where,
            **self._credentials(os.environ),
            request_timeout=self.request_timeout,
            connections_per_node=max(connections, 1),
            http_compress=self.compress,
            transport_class=JsonTransport,
            max_retries=0,
            retry_on_timeout=False,
        )

    def _credentials(self, environment: Mapping[str, str]) -> dict[str, Any]:
        if self.api_key is not None:
            key = read_secret(self.api_key, environment)
            identity, colon, secret = key.partition(":")
            return {"api_key": (identity, secret) if colon else key}
        if self.user is not None and self.password is not None:
            return {"basic_auth": (self.user, read_secret(self.password, environment))}
        return {}


def _check_host(host: str) -> None:
    parts = urlsplit(host)
    if "@" in parts.netloc:
        raise ValueError("no credentials in a host's URL: use user with password, or api_key")
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or not _has_fit_port(parts):
        raise ValueError(f"a host must be a URL such as http://127.0.0.1:9200, not {host!r}")


def _has_fit_port(parts: SplitResult) -> bool:
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False
