"""Says in words why a fetch failed: what happened, where, and what would be right."""

import os
import re

import aiohttp

from schemas.errors import DatelineError
from transforms.http.redaction import redact

_CHECK = "check the feed's url"
# So asyncio names what it has tried: "Connect call failed ('192.0.2.1', 443)".
_ADDRESS = re.compile(r"\('([^']+)', \d+")


def describe_failure(error: BaseException, url: str) -> str:
    """Describes an exception for feed health.

    Args:
        error: What the fetch raised.
        url: The address that was being asked, redirects included.
    """
    return redact(f"{url}: {_reason(error)}")


def describe_status(status: int, reason: str, url: str, detoured: bool = False) -> str:
    """Describes an answer whose status brings no feed; `detoured` as in `FetchResult`."""
    answered = f"answered {status} {reason}".rstrip()
    return redact(f"{url}: {answered}; {_expected(status, detoured)}")


def describe_page_failure(error: str, status: int | None, url: str) -> str:
    """Describes why an article's page cannot be had.

    Args:
        error: What `describe_failure` or `describe_status` said, in words for a feed.
        status: The last answer's.
        url: The page's address, which a redirect may have led away from.
    """
    if status is not None and status >= 400:
        error = error.partition("; ")[0]
    url = redact(url)
    return error if error.startswith(url) else f"{url}: {error}"


def is_unreachable(error: BaseException) -> bool:
    """Says whether a fetch met nobody: a name without an address, or no connection to it."""
    return isinstance(error, aiohttp.ClientConnectorError) and not isinstance(
        error, aiohttp.ClientSSLError
    )


def _expected(status: int, detoured: bool) -> str:
    if status == 410:
        if detoured:
            return "a temporary redirect led there: the feed itself may come back"
        return "the feed is gone for good: take it off the list"
    if status in (401, 407):
        return "it wants a user and password"
    if status == 404:
        return f"no feed is there: {_CHECK}"
    if status in (429, 503):
        return "it wants to be asked more rarely or later"
    if status >= 500:
        return "the server has a problem of its own"
    return "a feed is answered with 200, 226 or 304"


def _reason(error: BaseException) -> str:
    text = str(error) or type(error).__name__
    match error:
        case DatelineError():
            return text
        case aiohttp.ClientConnectorDNSError():
            words = error.os_error.strerror or error.os_error
            return f"the host's name has no address ({words}); {_CHECK}"
        case aiohttp.ClientConnectorCertificateError():
            return (
                f"its certificate is not trusted ({error.certificate_error}); a private "
                "authority belongs in http.ca_file"
            )
        case aiohttp.ClientSSLError():
            return f"no TLS connection ({text})"
        case aiohttp.ClientProxyConnectionError() | aiohttp.ClientHttpProxyError():
            return f"the proxy gives no connection ({text}); check HTTPS_PROXY and HTTP_PROXY"
        case aiohttp.ClientConnectorError():
            return f"no connection to {error.host}:{error.port} ({_words(error)})"
        case aiohttp.InvalidURL():
            return f"is no address that can be asked ({text}); {_CHECK}"
        case aiohttp.ServerDisconnectedError():
            return "the server closed the connection without an answer"
        case aiohttp.ClientPayloadError():
            return f"the answer broke off before its end ({text})"
        case aiohttp.ClientResponseError():
            return f"the answer is no valid HTTP ({error.message})"
        case aiohttp.ClientError() | OSError():
            return f"the connection failed ({text})"
        case _:
            return f"the fetch failed ({type(error).__name__}: {text})"


def _words(error: aiohttp.ClientConnectorError) -> str:
    """Gives the system's words for a connection that failed, with the address where it has one."""
    cause = error.os_error
    if not cause.errno:
        return str(cause) or type(cause).__name__
    address = _ADDRESS.search(str(cause))
    at = f" at {address[1]}" if address and address[1] != error.host else ""
    return f"{os.strerror(cause.errno)}{at}"
