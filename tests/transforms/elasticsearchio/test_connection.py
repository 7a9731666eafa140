"""How the sink finds the server and logs in: TLS, fingerprints, passwords, keys."""

import datetime
import hashlib
import ipaddress
import pickle
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.transforms.elasticsearchio.proxy import Gateway, basic
from tests.transforms.elasticsearchio.running import count, write
from transforms.elasticsearch_protocol.secrets import read_secret
from transforms.elasticsearchio import Connection, SecretMissingError, WriteToElasticsearch


def certificate(folder: Path, name: str) -> tuple[Path, Path, str]:
    """Makes a self-signed certificate of 127.0.0.1; gives its file, its key's, its fingerprint."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    crt, pem = folder / f"{name}.crt", folder / f"{name}.key"
    crt.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    der = made.public_bytes(serialization.Encoding.DER)
    return crt, pem, hashlib.sha256(der).hexdigest()


@pytest.mark.parametrize("trust", ["ca", "fingerprint", "wrong ca", "wrong fingerprint"])
def test_tls(elasticsearch_url: str, index_prefix: str, tmp_path: Path, trust: str) -> None:
    crt, key, fingerprint = certificate(tmp_path, "right")
    other, _, other_fingerprint = certificate(tmp_path, "wrong")
    how: dict[str, Any] = {
        "ca": {"ca_file": str(crt)},
        "fingerprint": {"fingerprint": fingerprint},
        "wrong ca": {"ca_file": str(other)},
        "wrong fingerprint": {"fingerprint": other_fingerprint},
    }[trust]
    index = f"{index_prefix}a"
    with Gateway(elasticsearch_url, tls=(str(crt), str(key))) as gateway:
        connection = Connection(gateway.url, **how)
        done = write([{"n": n} for n in range(5)], WriteToElasticsearch(connection, index=index))
    if not trust.startswith("wrong"):
        assert len(done.written) == count(elasticsearch_url, index) == 5
        return
    assert [(item.outcome, item.attempts) for item in done.failed] == [("transient", 1)] * 5
    assert "certificate" in done.failed[0].reason
    assert gateway.bulk_sizes == []


@pytest.mark.parametrize(
    ("login", "header"),
    [
        ({"user": "writer", "password": "env:ESIO_SECRET"}, basic("writer", "s:ecret")),
        ({"api_key": "env:ESIO_SECRET"}, "ApiKey " + basic("s", "ecret").removeprefix("Basic ")),
        ({"api_key": "env:ESIO_ENCODED"}, "ApiKey ZW5jb2RlZA=="),
    ],
    ids=["basic", "key and its id", "encoded key"],
)
def test_login(
    elasticsearch_url: str,
    index_prefix: str,
    monkeypatch: pytest.MonkeyPatch,
    login: dict[str, str],
    header: str,
) -> None:
    monkeypatch.setenv("ESIO_SECRET", "s:ecret")
    monkeypatch.setenv("ESIO_ENCODED", "ZW5jb2RlZA==")
    with Gateway(elasticsearch_url, authorization=header) as gateway:
        transform = WriteToElasticsearch(
            Connection(gateway.url, **login),  # type: ignore[arg-type]
            index=f"{index_prefix}a",
        )
        assert len(write([{"n": 1}], transform).written) == 1
        assert gateway.authorizations == {header}


def test_a_ca_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    connection = Connection("https://127.0.0.1:9", ca_file=str(tmp_path / "away.pem"))
    with pytest.raises(Exception, match=r"away\.pem cannot be read on this worker"):
        write([{"n": 1}], WriteToElasticsearch(connection, index="a"))


def test_a_wrong_password_leaves_the_documents_transient(
    elasticsearch_url: str,
    index_prefix: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("ESIO_SECRET", "mistyped")
    with Gateway(elasticsearch_url, authorization=basic("writer", "right")) as gateway:
        connection = Connection(gateway.url, user="writer", password="env:ESIO_SECRET")
        done = write([{"n": 1}], WriteToElasticsearch(connection, index=f"{index_prefix}a"))
    (failed,) = done.failed
    assert (failed.outcome, failed.status, failed.attempts) == ("transient", 401, 1)
    assert "check the credentials" in failed.reason
    assert "mistyped" not in failed.reason + caplog.text + repr(connection)


def test_secrets_are_read_where_they_are_named(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from a file\n")
    assert read_secret(f"file:{tmp_path}/secret", {}) == "from a file"
    assert read_secret("env:NAME", {"NAME": "from there"}) == "from there"
    with pytest.raises(SecretMissingError, match="env:NAME"):
        read_secret("env:NAME", {})
    with pytest.raises(SecretMissingError, match="No such file"):
        read_secret(f"file:{tmp_path}/away", {})


def test_a_cloud_id_leads_to_its_host(monkeypatch: pytest.MonkeyPatch) -> None:
    # The part behind the colon is base64 of "cloud.example.org$cluster$kibana".
    cloud_id = "name:Y2xvdWQuZXhhbXBsZS5vcmckY2x1c3RlciRraWJhbmE="
    monkeypatch.setenv("ESIO_SECRET", "key")
    client = Connection(cloud_id=cloud_id, api_key="env:ESIO_SECRET").open()
    (node,) = client.transport.node_pool.all()
    assert node.base_url == "https://cluster.cloud.example.org:443"
    client.close()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "either hosts or a cloud_id"),
        ({"hosts": "http://a", "cloud_id": "b"}, "either hosts or a cloud_id"),
        ({"hosts": "es:9200"}, "must be a URL"),
        ({"hosts": "http://es:port"}, "must be a URL"),
        ({"hosts": "http://a", "ca_file": "c"}, "are for https"),
        ({"hosts": ("https://a", "http://b"), "fingerprint": "ab" * 32}, "https://, not http://b"),
        ({"hosts": "https://a", "fingerprint": "f"}, "64 digits"),
        ({"hosts": "https://user:secret@es"}, "no credentials in a host"),
        ({"hosts": "http://a", "user": "u"}, "go together"),
        ({"hosts": "http://a", "user": "u", "password": "secret"}, "must be a reference"),
        ({"hosts": "http://a", "api_key": "secret"}, "must be a reference"),
        ({"hosts": "http://a", "user": "u", "password": "env:P", "api_key": "env:K"}, "or with"),
        ({"hosts": "https://a", "ca_file": "c", "fingerprint": "f"}, "not both"),
        ({"hosts": "http://a", "request_timeout": 0}, "positive"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_connection_that_cannot_be_is_refused(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        Connection(**arguments)
    assert "secret" not in str(caught.value).replace("a secret in clear", "")


def test_a_connection_survives_pickling() -> None:
    connection = Connection(("http://a", "http://b"), api_key="env:KEY")
    assert pickle.loads(pickle.dumps(connection)) == connection
