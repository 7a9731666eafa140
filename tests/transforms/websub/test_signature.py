"""Secrets, and pushes signed with them."""

import hmac

import pytest

from schemas.errors import ConfigError
from transforms.websub.signature import (
    SECRET_VARIABLE,
    SignatureCheck,
    callback_token,
    feed_secret,
    read_secret,
)

SECRET = b"0123456789abcdef"
FEED = "https://paper.example/feed"
BODY = b"<feed/>"


def holds(header: str | None, body: bytes = BODY, secret: str = "s") -> bool:
    check = SignatureCheck(header, secret)
    for start in range(0, len(body), 3):
        check.feed(body[start : start + 3])
    return check.holds()


def signature(method: str, body: bytes = BODY) -> str:
    return f"{method}={hmac.new(b's', body, method).hexdigest()}"


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_every_method_of_the_specification_is_known(method: str) -> None:
    assert holds(signature(method))
    assert holds(signature(method).upper())


@pytest.mark.parametrize(
    "header",
    [None, "", "sha256", "sha256=", "sha256=é", signature("md5"), signature("sha256", b"other")],
    ids=["none", "empty", "no value", "empty value", "not ascii", "md5", "of another body"],
)
def test_any_other_signature_is_wrong(header: str | None) -> None:
    assert not holds(header)


def test_another_secret_is_wrong() -> None:
    assert not holds(signature("sha256"), secret="t")


def test_a_feeds_secret_and_address_are_its_own_and_tell_nothing_of_each_other() -> None:
    values = {
        make(secret, url)
        for make in (feed_secret, callback_token)
        for secret in (SECRET, b"another secret ..")
        for url in (FEED, FEED + "2")
    }
    assert len(values) == 8
    assert len(feed_secret(SECRET, FEED)) < 200
    assert feed_secret(SECRET, FEED)[:32] != callback_token(SECRET, FEED)


@pytest.mark.parametrize("environment", [{}, {SECRET_VARIABLE: "short"}], ids=["none", "short"])
def test_without_a_good_secret_the_error_says_how_to_make_one(environment: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match=r"DATELINE_WEBSUB_SECRET.*openssl rand"):
        read_secret(environment)
