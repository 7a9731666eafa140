"""Opens the official client, and turns its errors into Dateline's.

Of this package the only module that imports `elasticsearch`, which takes a third of a second.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from elastic_transport import ConnectionTimeout, SerializationError, TlsError, TransportError
from elasticsearch import ApiError, Elasticsearch, NotFoundError, UnsupportedProductError

from schemas.config import IndexConfig
from schemas.errors import ConfigError, TransientError
from transforms.credentials import CredentialVariables
from transforms.elasticsearch_protocol.addresses import with_port
from transforms.elasticsearch_protocol.outcomes import (
    OTHER_VERSION,
    error_text,
    error_type,
    is_block,
    may_pass,
)
from transforms.elasticsearch_protocol.refusals import retry_after, speaks_no_tls
from transforms.elasticsearch_protocol.secrets import SecretMissingError, read_secret
from transforms.elasticsearch_protocol.transport import JsonTransport

USER_VARIABLE = "DATELINE_ELASTICSEARCH_USER"
PASSWORD_VARIABLE = "DATELINE_ELASTICSEARCH_PASSWORD"
API_KEY_VARIABLE = "DATELINE_ELASTICSEARCH_API_KEY"
_VARIABLES = CredentialVariables(USER_VARIABLE, PASSWORD_VARIABLE, API_KEY_VARIABLE)

_T = TypeVar("_T")


class RequestRefusedError(TransientError):
    """Elasticsearch refused a whole request with a status that says nothing of overload.

    Attributes:
        status: The HTTP status.
        kind: Elasticsearch's name for the error, "" where the body had none.
    """

    def __init__(self, message: str, status: int, kind: str) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind


class Client:
    """An open client. Not to be pickled: it holds connections and credentials."""

    def __init__(self, config: IndexConfig) -> None:
        """Opens the client; nothing is sent yet.

        Raises:
            ConfigError: The credentials in the environment contradict each other, or
                `index.api_key` leads nowhere.
        """
        self.url = config.url
        options: dict[str, Any] = dict(credentials(os.environ, config.api_key))
        if config.ca_file is not None:
            options["ca_certs"] = str(config.ca_file)
        # Retries are ours: the client's own are over within a hundredth of a second.
        self.api = Elasticsearch(
            with_port(config.url),
            request_timeout=config.request_timeout,
            transport_class=JsonTransport,
            max_retries=0,
            retry_on_timeout=False,
            **options,
        )

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("an open Elasticsearch client cannot be pickled: open one in setup()")

    def close(self) -> None:
        """Closes the connections."""
        self.api.close()

    @contextmanager
    def translated(self, what: str) -> Iterator[None]:
        """Raises Dateline's errors for the client's.

        Args:
            what: What is being done, to follow "while", such as "reading articles".

        Raises:
            TransientError: No connection, a timeout, or an overloaded or blocked server.
            RequestRefusedError: Any other refusal of the whole request.
            ConfigError: The server does not let us in, or is no Elasticsearch.
        """
        where = f"Elasticsearch at {self.url}, while {what}"
        try:
            yield
        except UnsupportedProductError:
            raise ConfigError(f"what answers at {self.url} is not an Elasticsearch 9") from None
        except ApiError as error:
            raise _api_error(error, where) from None
        except ConnectionTimeout:
            raise TransientError(f"{where}: no answer in time") from None
        except TlsError as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error).upper():
                raise ConfigError(
                    f"{where}: its certificate is not trusted; set index.ca_file to the file of "
                    f"its CA ({error.message})"
                ) from None
            hint = "; is it http:// rather than https://?" if speaks_no_tls(error) else ""
            raise TransientError(f"{where}: no TLS connection ({error.message}){hint}") from None
        except SerializationError as error:
            raise TransientError(f"{where}: its answer is not JSON ({error.message})") from None
        except TransportError as error:
            raise TransientError(f"{where}: cannot be reached ({error.message})") from None


def credentials(environment: Mapping[str, str], api_key: str | None = None) -> dict[str, Any]:
    """Gives the client's credential options, none where the environment names none.

    Args:
        environment: Has the variables with credentials, if anything does.
        api_key: A reference to an API key, which goes before the environment's.

    Raises:
        ConfigError: A user without a password, or a password without a user; nothing is where
            `api_key` says.
    """
    if api_key is not None:
        try:
            return {"api_key": read_secret(api_key, environment)}
        except SecretMissingError as error:
            raise ConfigError(f"index.api_key: {error}") from None
    found = _VARIABLES.read(environment)
    if found.api_key:
        return {"api_key": found.api_key}
    return {"basic_auth": (found.user, found.password)} if found.user else {}


def if_found(read: Callable[[], _T]) -> _T | None:
    """Gives what is read, None where there is none such (404)."""
    try:
        return read()
    except NotFoundError:
        return None


def _api_error(error: ApiError, where: str) -> Exception:
    status = error.meta.status
    body = error.body if isinstance(error.body, Mapping) else {}
    details = body.get("error")
    kind = error_type(details)
    text = error_text(details) if details else f"HTTP status {status}"
    if is_block(status, kind):
        return TransientError(f"{where}: writing is blocked: {text}")
    if status == 401:
        return ConfigError(
            f"{where}: not logged in; set {USER_VARIABLE} and {PASSWORD_VARIABLE}, or "
            f"{API_KEY_VARIABLE} ({text})"
        )
    if status == 403:
        return ConfigError(f"{where}: not allowed; the user lacks a privilege ({text})")
    if kind == OTHER_VERSION:
        return ConfigError(f"{where}: it is no Elasticsearch 9, which is needed ({text})")
    if may_pass(status):
        return TransientError(f"{where}: {text}", retry_after(error))
    if kind == "index_not_found_exception":
        text += "; `dateline setup` makes it"
    return RequestRefusedError(f"{where}: refused with status {status}: {text}", status, kind)
