"""Reads the official client's errors; imports it, which takes a third of a second."""

from collections.abc import Mapping

from elastic_transport import TlsError, TransportError
from elasticsearch import ApiError, UnsupportedProductError

from transforms.elasticsearch_protocol.outcomes import Answer, request_answer


def refusal(error: ApiError | TransportError) -> Answer:
    """Reads the client's error for a request that failed as a whole."""
    if isinstance(error, ApiError):
        body = error.body
        details = body.get("error") if isinstance(body, Mapping) else body
        if isinstance(error, UnsupportedProductError):
            details = error.message
        return request_answer(error.meta.status, details, retry_after(error))
    if isinstance(error, TlsError):
        # The client says no more than "TLS error"; what it met is the error's cause.
        cause = str(error.__cause__ or error)
        if "CERTIFICATE" in cause.upper():
            reason = f"the server's certificate is not trusted: check ca_file ({cause})"
            return Answer("transient", None, "tls", reason)
        if "FINGERPRINT" in cause.upper():
            reason = f"the server's certificate is another one: check fingerprint ({cause})"
            return Answer("transient", None, "tls", reason)
        if speaks_no_tls(error):
            reason = f"there is no TLS: is it http:// rather than https://? ({cause})"
            return Answer("retry", None, "tls", reason, ambiguous=True)
    reason = f"{type(error).__name__}: {error.message}"
    return Answer("retry", None, "", reason, ambiguous=True)


def speaks_no_tls(error: TlsError) -> bool:
    """Says whether the other side has answered something else than TLS, most often HTTP."""
    said = f"{error} {error.__cause__}".upper().replace(" ", "_")
    return "WRONG_VERSION_NUMBER" in said or "RECORD_LAYER_FAILURE" in said


def retry_after(error: ApiError) -> float | None:
    """Gives the seconds that the server asked to wait, None where it did not."""
    value = error.meta.headers.get("retry-after") or ""
    return float(value) if value.isdecimal() else None
