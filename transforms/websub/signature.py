"""What only we and the hub know of a subscription, and whether a push was signed with it.

W3C WebSub, sections 5.1, 7.1 and 8. Everything is derived from one secret of the installation, so
nothing has to be stored, and each process knows it of each feed.
"""

import hashlib
import hmac
from collections.abc import Mapping

from schemas.errors import ConfigError

SECRET_VARIABLE = "DATELINE_WEBSUB_SECRET"
_SHORTEST_SECRET = 16
# The methods that the specification names; any other makes a signature wrong.
_METHODS = {
    "sha1": hashlib.sha1,
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}


def read_secret(environment: Mapping[str, str]) -> bytes:
    """Gives the installation's secret.

    Raises:
        ConfigError: There is none, or it is so short that it could be guessed.
    """
    secret = environment.get(SECRET_VARIABLE, "")
    if len(secret) < _SHORTEST_SECRET:
        raise ConfigError(
            f"websub.callback_url is set, so {SECRET_VARIABLE} must be too: a random text of at "
            f"least {_SHORTEST_SECRET} characters, the same for all processes (`openssl rand -hex "
            "32` makes one)"
        )
    return secret.encode()


def feed_secret(secret: bytes, feed_url: str) -> str:
    """Gives `hub.secret` of a feed: 64 hexadecimal digits (the limit is 200 bytes)."""
    return _derived(secret, "secret", feed_url)


def callback_token(secret: bytes, feed_url: str) -> str:
    """Gives the part of a feed's callback address that nobody can guess."""
    return _derived(secret, "callback", feed_url)[:32]


class SignatureCheck:
    """Whether `X-Hub-Signature` (`method=hexdigits`) is the body's, which comes in pieces.

    A missing or malformed header, and a method that the specification does not name, are wrong.

    Args:
        header: The header, or None.
        secret: Of the feed, as the hub was given it.
    """

    def __init__(self, header: str | None, secret: str) -> None:
        method, separator, self._given = (header or "").strip().partition("=")
        hashed = _METHODS.get(method.lower()) if separator else None
        self._mac = hmac.new(secret.encode(), digestmod=hashed) if hashed is not None else None

    def feed(self, piece: bytes) -> None:
        """Takes the next piece of the body."""
        if self._mac is not None:
            self._mac.update(piece)

    def holds(self) -> bool:
        """Says whether the signature is right, in constant time."""
        if self._mac is None:
            return False
        # compare_digest refuses text that is not ASCII, which a stranger may send.
        given = self._given.strip().lower().encode("utf-8", "replace")
        return hmac.compare_digest(self._mac.hexdigest().encode(), given)


def _derived(secret: bytes, purpose: str, feed_url: str) -> str:
    return hmac.new(secret, f"{purpose}\0{feed_url}".encode(), hashlib.sha256).hexdigest()
