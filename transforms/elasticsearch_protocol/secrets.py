"""Reads secrets by what names them, on the worker that needs them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

KINDS = ("env:", "file:", "gcp:")
REQUEST_SECONDS = 30.0


class SecretMissingError(LookupError):
    """A secret's reference leads nowhere on this worker."""


def is_reference(value: str) -> bool:
    """Says whether a value names a secret, and is none itself."""
    return value.startswith(KINDS)


def read_secret(reference: str, environment: Mapping[str, str]) -> str:
    """Reads what a reference names.

    Args:
        reference: `env:NAME` an environment variable, `file:/path` a file's content (as Kubernetes
            and Docker mount secrets), `gcp:projects/P/secrets/S/versions/V` a version of a secret
            in Google Cloud's Secret Manager.
        environment: The worker's.

    Raises:
        SecretMissingError: Nothing is there; the text names the place.
    """
    kind, _, place = reference.partition(":")
    if kind == "env":
        value = environment.get(place, "")
    elif kind == "gcp":
        value = _read_secret_manager(place)
    else:
        try:
            value = Path(place).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SecretMissingError(f"the secret {reference}: {error.strerror}") from None
    if not value:
        raise SecretMissingError(f"the secret {reference} is missing or empty on this worker")
    return value


def _read_secret_manager(name: str) -> str:
    try:
        from google.api_core.exceptions import GoogleAPIError
        from google.auth.exceptions import GoogleAuthError
    except ImportError:
        raise SecretMissingError(
            f"the secret gcp:{name} is read with the package google-cloud-secret-manager, which "
            "is not installed"
        ) from None
    try:
        answer = secret_manager().access_secret_version(name=name, timeout=REQUEST_SECONDS)
    except (GoogleAPIError, GoogleAuthError) as error:
        raise SecretMissingError(f"the secret gcp:{name}: {error}") from None
    value: str = answer.payload.data.decode("utf-8")
    return value.strip()


def secret_manager() -> Any:
    """Opens a client of Secret Manager, with the worker's own service account."""
    from google.cloud.secretmanager import SecretManagerServiceClient

    return SecretManagerServiceClient()
